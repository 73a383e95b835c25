// y = formula((x - mean) / sqrt(variance + eps), operands behind it), mean and biased variance along one axis, in two passes as moments.cu. A row is
// (length) elements, (inner) apart: a block each where they are neighbours, a thread each where rows are.
#include "sum.cuh"

struct LayerNorm {
    Table table;
    const float* x;
    float* y;
    unsigned rows, length, inner;
    float eps;
};

DEVICE unsigned firstOf(const LayerNorm& p, unsigned row) { return row / p.inner * p.length * p.inner + row % p.inner; }

DEVICE void put(const LayerNorm& p, unsigned i, float mean, float deviation) {
    float x = (p.x[i] - mean) / deviation, y;
    SLOT_EPILOGUE(y, x, i);
    p.y[i] = y;
}

KERNEL(256) layernorm_rows(const LayerNorm p) {
    __shared__ float all[256];
    unsigned from = firstOf(p, blockIdx.x);
    float sum = 0, squares = 0;
    for (unsigned r = threadIdx.x; r < p.length; r += blockDim.x) sum += p.x[from + r * p.inner];
    float mean = blockSum(sum, all) / (float) p.length;
    for (unsigned r = threadIdx.x; r < p.length; r += blockDim.x) {
        float away = p.x[from + r * p.inner] - mean;
        squares += away * away;
    }
    float deviation = sqrtf(blockSum(squares, all) / (float) p.length + p.eps);
    for (unsigned r = threadIdx.x; r < p.length; r += blockDim.x) put(p, from + r * p.inner, mean, deviation);
}

KERNEL(256) layernorm_columns(const LayerNorm p) {
    unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= p.rows) return;
    unsigned from = firstOf(p, row);
    float sum = 0, squares = 0;
    for (unsigned r = 0; r < p.length; r++) sum += p.x[from + r * p.inner];
    float mean = sum / (float) p.length;
    for (unsigned r = 0; r < p.length; r++) {
        float away = p.x[from + r * p.inner] - mean;
        squares += away * away;
    }
    float deviation = sqrtf(squares / (float) p.length + p.eps);
    for (unsigned r = 0; r < p.length; r++) put(p, from + r * p.inner, mean, deviation);
}
