// C[z](m, n) = epilogue(sum over k of A[z](m, k) B[z](k, n)). Transposed operands are strides. With few tiles and a long k the sum is split over blocks and
// added in order.
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

template <int TALL, class How>
DEVICE void product(const Product& p) {
    unsigned z = blockIdx.z % p.batch, split = blockIdx.z / p.batch;
    const float* a = p.a + z * p.aBatch;
    const float* b = p.b + z * p.bBatch;
    Part part = {blockIdx.y * TALL, blockIdx.x * WIDE, split * p.stretch, min(p.k, (split + 1) * p.stretch), p.stretch >= p.k,
                 p.c + (unsigned long long) split * p.batch * p.m * p.n};
    bool aAlongK = p.aColumn == 1, bAlongN = p.bColumn == 1;
    unsigned aNeighbours = aAlongK ? p.k : p.m, bNeighbours = bAlongN ? p.n : p.k;
    Order order = {aAlongK, bAlongN, (aNeighbours | (aAlongK ? p.aRow : p.aColumn)) % 4 == 0 && aligned(a),
                   (bNeighbours | (bAlongN ? p.bRow : p.bColumn)) % 4 == 0 && aligned(b), a, b};
    How::tile(
        part, order, [&](unsigned m, unsigned k) { return m < p.m ? a + (m * p.aRow + k * p.aColumn) : nullptr; },
        [&](unsigned n, unsigned k) { return n < p.n ? b + (k * p.bRow + n * p.bColumn) : nullptr; },
        [&](unsigned m, unsigned n, unsigned& at) {
            bool inside = m < p.m && n < p.n;
            if (inside) at = (z * p.m + m) * p.n + n;
            return inside;
        });
}
