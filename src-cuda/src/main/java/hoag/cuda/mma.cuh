// A TALL x 128 tile by tensor cores. Elements go from global into shared memory without passing registers (cp.async), some steps ahead of what is computed; ldmatrix reads
// them there, four 8 x 4 matrices of float32 at a time, which is what a lane holds of tf32 operands; they are rounded in registers. Each warp sums TALL / 2 x 32
// results in float32 by mma.sync. What a lane holds is that of PTX's "matrix fragments" for m16n8k8 (tf32) and m16n8k16 (bf16); for bf16 the two neighbours
// in k of a register are k and k + 4, in both operands, which is the same sum.
//
// ptxas 13.0 for sm_80, tf32 and bf16 (not timed on silicon):
//   TALL 128   112 to 126 registers, nothing spilt, 48 KiB: two blocks, 16 warps on a multiprocessor
//   TALL 64     80 to 128 registers, nothing spilt, 48 KiB: two blocks
#pragma once
#include "tile.cuh"

#ifndef HOAG_HOST
DEVICE unsigned roundTf32(unsigned x) {  // 10 bits of mantissa, halves away from 0
    unsigned y;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(__uint_as_float(x)));
    return y;
}

DEVICE unsigned roundBf16(unsigned low, unsigned high) {  // two, 7 bits of mantissa, halves to even
    unsigned y;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(__uint_as_float(high)), "f"(__uint_as_float(low)));
    return y;
}

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

// Lanes 8 i to 8 i + 7 name the rows of matrix i, 16 bytes each; lane 4 g + t gets word t of row g.
DEVICE void loadMatrices(unsigned* r, const float* row) {
    unsigned at = (unsigned) __cvta_generic_to_shared(row);
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(at)
                 : "memory");
}
#endif

// What 16 steps of k of one operand are for the instructions: words[c] are those of columns 4 c to 4 c + 3.
struct Tf32 {
    static constexpr int PARTS = 2;  // instructions for 16 steps

    template <int TALLER>
    MEMBER void round(unsigned* to, const unsigned (*words)[TALLER], int part, int i) {
        to[0] = roundTf32(words[2 * part][i]);
        to[1] = roundTf32(words[2 * part + 1][i]);
    }
    MEMBER void mma(float* c, const unsigned* a, const unsigned* b) { mmaTf32(c, a, b); }
};

struct Bf16 {
    static constexpr int PARTS = 1;

    template <int TALLER>
    MEMBER void round(unsigned* to, const unsigned (*words)[TALLER], int, int i) {
        to[0] = roundBf16(words[0][i], words[1][i]);
        to[1] = roundBf16(words[2][i], words[3][i]);
    }
    MEMBER void mma(float* c, const unsigned* a, const unsigned* b) { mmaBf16(c, a, b); }
};

template <class P, int TALL>
struct Tensor {
    static constexpr int STAGES = TALL == 64 ? 4 : 3;  // all of it fits into the 48 KiB that every launch may have
    static constexpr int BOTH = STEP * (TALL + WIDE), HALF = TALL / 2;

    // Row i of a panel holds 16 steps of k, its four 16 byte parts in an order that lets eight rows lie in different banks.
    MEMBER unsigned place(unsigned i, unsigned k) { return i * STEP + 4 * (k / 4 ^ (i >> 1 & 3)) + k % 4; }

    // Where fours of neighbouring rows come, a panel is (k, SIZE), neighbouring steps in different banks.
    template <int SIZE>
    MEMBER unsigned across(unsigned i, unsigned k) { return k * SIZE + (i ^ 8 * (k % 4)); }

    // In fours where they begin at multiples of 16 bytes, else one by one: a warp takes 16 neighbours in k of two rows, or 8 neighbouring rows and 4 steps.
    template <int SIZE, class From>
    MEMBER void fetch(float* to, bool alongK, bool fours, unsigned i0, unsigned k, unsigned k1, const float* none, From from) {
        unsigned t = threadIdx.x;
        if (fours) {
#pragma unroll
            for (int j = 0; j < SIZE / 64; j++) {
                unsigned i = alongK ? t / 4 + 64 * j : 4 * t % SIZE, s = alongK ? t % 4 * 4 : 4 * t / SIZE + 1024 / SIZE * j;
                const float* p = k + s < k1 ? from(i0 + i, k + s) : nullptr;
                copyAsync<16>(to + (alongK ? place(i, s) : across<SIZE>(i, s)), p ? p : none, p);
            }
        } else {
#pragma unroll
            for (int j = 0; j < SIZE / 16; j++) {
                unsigned i = alongK ? t / STEP + 16 * j : t / 4 % 8 + 8 * (t / 32 + 8 * (j / 4)), s = alongK ? t % STEP : t % 4 + 4 * (j % 4);
                const float* p = k + s < k1 ? from(i0 + i, k + s) : nullptr;
                copyAsync<4>(to + place(i, s), p ? p : none, p);
            }
        }
    }

    template <class A, class B, class Where>
    MEMBER void tile(const Part& part, const Order& order, A a, B b, Where where) {
        SHARED_MEMORY(float, stages);
        unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32, m = warp % 2 * HALF, n = warp / 2 * 32;
        float sum[HALF / 16][4][4] = {};
        unsigned stage = 0, next = 0, steps = (part.k1 - min(part.k0, part.k1) + STEP - 1) / STEP;
#pragma unroll 1
        for (unsigned step = 0; step < steps + STAGES - 1; step++) {
            bool computes = step >= STAGES - 1;  // the first ones only bring
            if (computes) {
                copyWait<STAGES - 2>();
                __syncthreads();  // these steps are there; nobody computes with those that the next are put over
            }
            if (step < steps) {
                unsigned k = part.k0 + step * STEP;
                float* to = stages + next * BOTH;
                fetch<TALL>(to, order.aAlongK, order.aFours, part.m0, k, part.k1, order.a, a);
                fetch<WIDE>(to + STEP * TALL, !order.bAlongN, order.bFours, part.n0, k, part.k1, order.b, b);
            }
            copyCommit();
            next = next + 1 == STAGES ? 0 : next + 1;
            if (!computes) continue;
            const float* as = stages + stage * BOTH;
            const float* bs = as + STEP * TALL;
            unsigned right[4][4];  // (part of k, n)
#pragma unroll
            for (int j = 0; j < 4; j += 2) {
#pragma unroll
                for (int c = 0; c < 4; c += 2) {
                    unsigned r[4];
                    if (order.bAlongN && order.bFours) {
#pragma unroll
                        for (int e = 0; e < 4; e++) right[c + e % 2][j + e / 2] = __float_as_uint(bs[across<WIDE>(n + 8 * (j + e / 2) + lane / 4, 4 * (c + e % 2) + lane % 4)]);
                        continue;
                    }
                    loadMatrices(r, bs + place(n + 8 * j + lane % 8 + lane / 16 * 8, 4 * (c + lane / 8 % 2)));
                    right[c][j] = r[0], right[c + 1][j] = r[1], right[c][j + 1] = r[2], right[c + 1][j + 1] = r[3];
                }
            }
#pragma unroll
            for (int i = 0; i < HALF / 16; i++) {
                unsigned left[4][2];  // (part of k, upper and lower rows)
#pragma unroll
                for (int c = 0; c < 4; c += 2) {
                    unsigned r[4];
                    if (!order.aAlongK && order.aFours) {
#pragma unroll
                        for (int e = 0; e < 4; e++) left[c + e / 2][e % 2] = __float_as_uint(as[across<TALL>(m + 16 * i + lane / 4 + e % 2 * 8, 4 * (c + e / 2) + lane % 4)]);
                        continue;
                    }
                    loadMatrices(r, as + place(m + 16 * i + lane % 16, 4 * (c + lane / 16)));
                    left[c][0] = r[0], left[c][1] = r[1], left[c + 1][0] = r[2], left[c + 1][1] = r[3];
                }
#pragma unroll
                for (int s = 0; s < P::PARTS; s++) {
                    unsigned upper[2], lower[2];
                    P::template round<2>(upper, left, s, 0);
                    P::template round<2>(lower, left, s, 1);
                    unsigned x[4] = {upper[0], lower[0], upper[1], lower[1]};
#pragma unroll
                    for (int j = 0; j < 4; j++) {
                        unsigned y[2];
                        P::template round<4>(y, right, s, j);
                        P::mma(sum[i][j], x, y);
                    }
                }
            }
            stage = stage + 1 == STAGES ? 0 : stage + 1;
        }
        copyWait<0>();
#pragma unroll
        for (int pass = 0; pass < TALL / PASS; pass++) {
            __syncthreads();
#pragma unroll
            for (int i = 0; i < HALF / 16; i++) {
                if (HALF < PASS || (int) (warp % 2) == pass) {
#pragma unroll
                    for (int j = 0; j < 4; j++) {
#pragma unroll
                        for (int e = 0; e < 4; e++) {
                            unsigned row = m + 16 * i + lane / 4 + e / 2 * 8 - PASS * pass;
                            stages[row * ROW + n + 8 * j + lane % 4 * 2 + e % 2] = sum[i][j][e];
                        }
                    }
                }
            }
            __syncthreads();
            finish(part, stages, PASS * pass, where);
        }
    }
};
