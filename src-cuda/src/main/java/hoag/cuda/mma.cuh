// A 64 x 64 tile by tensor cores: operands are rounded on their way into shared memory, each warp sums 16 x 32 results in float32 by mma.sync. What a lane
// holds of the operands and of the result is that of PTX's "matrix fragments" for m16n8k8 (tf32) and m16n8k16 (bf16).
#pragma once
#include "tile.cuh"

#define WIDE (TILE + 8)  // a row begins 8 banks further: lanes of a fragment read different banks

#ifndef HOAG_HOST
DEVICE unsigned roundTf32(float x) {  // 10 bits of mantissa, halves away from 0
    unsigned y;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
    return y;
}

DEVICE unsigned roundBf16(float x) {  // 7 bits of mantissa, halves to even; in the upper half of a word
    unsigned y;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(x), "f"(0.f));
    return y;
}

// The upper halves of two words, low first.
DEVICE unsigned pack(unsigned low, unsigned high) { return __byte_perm(low, high, 0x7632); }

DEVICE void mmaTf32(float* c, const unsigned* a, const unsigned* b) {
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

DEVICE void mmaBf16(float* c, const unsigned* a, const unsigned* b) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
#endif

typedef unsigned Panel[STEP][WIDE];  // (k, m) or (k, n)

struct Tf32 {
    static constexpr int DEPTH = 8;  // of one instruction
    MEMBER unsigned round(float x) { return roundTf32(x); }
    MEMBER unsigned held(const Panel& p, int k, int quad, int part, unsigned m) { return p[k + quad + 4 * part][m]; }
    MEMBER void mma(float* c, const unsigned* a, const unsigned* b) { mmaTf32(c, a, b); }
};

struct Bf16 {
    static constexpr int DEPTH = 16;
    MEMBER unsigned round(float x) { return roundBf16(x); }
    MEMBER unsigned held(const Panel& p, int k, int quad, int part, unsigned m) {
        return pack(p[k + 2 * quad + 8 * part][m], p[k + 2 * quad + 8 * part + 1][m]);
    }
    MEMBER void mma(float* c, const unsigned* a, const unsigned* b) { mmaBf16(c, a, b); }
};

template <class P>
struct Tensor {
    template <class A, class B, class Store>
    MEMBER void tile(unsigned m0, unsigned n0, unsigned k0, unsigned k1, bool aAlongK, bool bAlongN, A a, B b, Store store) {
        __shared__ Panel as;
        __shared__ Panel bs;
        unsigned warp = threadIdx.x / 32, row = threadIdx.x % 32 / 4, quad = threadIdx.x % 4;
        unsigned m = warp % 4 * 16 + row, n = warp / 4 * 32;
        float sum[4][4] = {};
        for (unsigned k = k0; k < k1; k += STEP) {
            fetch(
                m0, n0, k, k1, aAlongK, bAlongN, a, b, [&](unsigned ka, unsigned i, float x) { as[ka][i] = P::round(x); },
                [&](unsigned kb, unsigned i, float x) { bs[kb][i] = P::round(x); });
            __syncthreads();
#pragma unroll
            for (int s = 0; s < STEP; s += P::DEPTH) {
                unsigned left[4] = {P::held(as, s, quad, 0, m), P::held(as, s, quad, 0, m + 8), P::held(as, s, quad, 1, m),
                                    P::held(as, s, quad, 1, m + 8)};
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    unsigned at = n + 8 * j + row;
                    unsigned right[2] = {P::held(bs, s, quad, 0, at), P::held(bs, s, quad, 1, at)};
                    P::mma(sum[j], left, right);
                }
            }
            __syncthreads();
        }
#pragma unroll
        for (int j = 0; j < 4; j++) {
#pragma unroll
            for (int i = 0; i < 4; i++) store(m0 + m + i / 2 * 8, n0 + n + 8 * j + 2 * quad + i % 2, sum[j][i]);
        }
    }
};
