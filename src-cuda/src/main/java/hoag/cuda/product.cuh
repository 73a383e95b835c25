// C[z](m, n) = epilogue(sum over k of A[z](m, k) B[z](k, n)): tiles of 64 x 64 in float32. Transposed operands are strides. With few tiles and a
// long k the sum is split over blocks and added in order.
#pragma once
#include "tile.cuh"

struct Product {
    Table table;
    const float* a;
    const float* b;
    float* c;  // (batch, m, n), or (splits, batch, m, n)
    unsigned m, n, k;
    unsigned aRow, aColumn, aBatch;  // strides
    unsigned bRow, bColumn, bBatch;
    unsigned batch;
    unsigned stretch;  // of k, for one split
};

template <bool SPLIT, class How>
DEVICE void product(const Product& p) {
    unsigned z = blockIdx.z % p.batch, split = blockIdx.z / p.batch;
    const float* a = p.a + z * p.aBatch;
    const float* b = p.b + z * p.bBatch;
    unsigned to = min(p.k, (split + 1) * p.stretch);
    How::tile(
        blockIdx.y * TILE, blockIdx.x * TILE, split * p.stretch, to, p.aColumn == 1, p.bColumn == 1,
        [&](unsigned m, unsigned k) { return m < p.m ? a[m * p.aRow + k * p.aColumn] : 0.f; },
        [&](unsigned k, unsigned n) { return n < p.n ? b[k * p.bRow + n * p.bColumn] : 0.f; },
        [&](unsigned m, unsigned n, float sum) {
            if (m < p.m && n < p.n) {
                unsigned i = (z * p.m + m) * p.n + n;
                if (SPLIT) {
                    p.c[(unsigned long long) split * p.batch * p.m * p.n + i] = sum;
                } else {
                    float y;
                    SLOT_EPILOGUE(y, sum, i);
                    p.c[i] = y;
                }
            }
        });
}
