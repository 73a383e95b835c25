// One 64 x 64 tile of a product by a block of 256 threads, 16 steps of k at a time through shared memory:
//   result(m, n) = sum over k of a(m, k) b(k, n)
// What a and b are is the caller's: matrices, or the windows of a convolution. Both give 0 outside.
#pragma once
#include "hoag.cuh"

#define TILE 64
#define STEP 16

// Brings 16 steps of k of both operands: putA(k, m, value), putB(k, n, value).
// aAlongK: neighbours in k are neighbours in memory for a (else neighbours in m); bAlongN likewise (else in k).
template <class A, class B, class PutA, class PutB>
DEVICE void fetch(unsigned m0, unsigned n0, unsigned k, unsigned k1, bool aAlongK, bool bAlongN, A a, B b, PutA putA, PutB putB) {
    unsigned t = threadIdx.x;
#pragma unroll
    for (int j = 0; j < 4; j++) {
        unsigned ka = aAlongK ? t % 16 : t / 64 + 4 * j, ma = aAlongK ? t / 16 + 16 * j : t % 64;
        putA(ka, ma, k + ka < k1 ? a(m0 + ma, k + ka) : 0.f);
        unsigned kb = bAlongN ? t / 64 + 4 * j : t % 16, nb = bAlongN ? t % 64 : t / 16 + 16 * j;
        putB(kb, nb, k + kb < k1 ? b(k + kb, n0 + nb) : 0.f);
    }
}

// In float32, 4 x 4 results a thread.
struct Single {
    template <class A, class B, class Store>
    MEMBER void tile(unsigned m0, unsigned n0, unsigned k0, unsigned k1, bool aAlongK, bool bAlongN, A a, B b, Store store) {
        __shared__ float as[STEP][TILE + 4];
        __shared__ float bs[STEP][TILE + 4];
        unsigned t = threadIdx.x, row = t / 16 * 4, column = t % 16 * 4;
        float sum[4][4] = {};
        for (unsigned k = k0; k < k1; k += STEP) {
            fetch(
                m0, n0, k, k1, aAlongK, bAlongN, a, b, [&](unsigned ka, unsigned m, float x) { as[ka][m] = x; },
                [&](unsigned kb, unsigned n, float x) { bs[kb][n] = x; });
            __syncthreads();
#pragma unroll
            for (int s = 0; s < STEP; s++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
#pragma unroll
                    for (int j = 0; j < 4; j++) sum[i][j] = fmaf(as[s][row + i], bs[s][column + j], sum[i][j]);
                }
            }
            __syncthreads();
        }
#pragma unroll
        for (int i = 0; i < 4; i++) {
#pragma unroll
            for (int j = 0; j < 4; j++) store(m0 + row + i, n0 + column + j, sum[i][j]);
        }
    }
};

// Partial sums over stretches of k, added in order: (splits, count) -> (count), then the epilogue.
struct Splits {
    Table table;
    const float* partial;
    float* out;
    unsigned count;
    unsigned splits;
};

DEVICE float sumOfSplits(const Splits& p, unsigned i) {
    float sum = 0;
    for (unsigned s = 0; s < p.splits; s++) sum += p.partial[s * p.count + i];
    return sum;
}
