// The gradient of layernorm.cu with a weight: with x' = (x - mean) / sqrt(variance + eps) and g = dy weight, dx = formula((g - mean g - x' mean(g x')) / sqrt(variance + eps),
// operands behind it), and over all rows the sums of dy x' and dy, which are the gradients of weight and bias: each block those of its rows, then all parts in order.
// rows: a warp for each where elements of a row are neighbours; columns: a thread for each where rows are.
#include "warp.cuh"

struct LayerNormGradient {
    Table table;
    const float* x;
    const float* up;
    const float* weight;
    float* dx;
    float* partial;  // (parts, 2, length)
    unsigned rows, length, inner;
    unsigned each;  // rows of a part
    float eps;
};

#define WARPS 8u

DEVICE unsigned firstOf(const LayerNormGradient& p, unsigned row) { return row / p.inner * p.length * p.inner + row % p.inner; }

// A row's mean and one over its deviation, and the means of g and g x'.
struct Row {
    float mean, scale, sum, dot;

    METHOD float standard(float x) const { return (x - mean) * scale; }
    METHOD void put(const LayerNormGradient& p, unsigned i, unsigned r) const {
        float dx = (p.up[i] * p.weight[r] - sum - standard(p.x[i]) * dot) * scale, y;
        SLOT_EPILOGUE(y, dx, i);
        p.dx[i] = y;
    }
};

// LANES threads for one row, one after the other in it.
template <int LANES>
DEVICE Row rowOf(const LayerNormGradient& p, unsigned from, unsigned lane) {
    float sum = 0, squares = 0, gs = 0, dots = 0, length = (float) p.length;
    for (unsigned r = lane; r < p.length; r += LANES) sum += p.x[from + r * p.inner];
    Row row = {laneSum<LANES>(sum) / length, 0, 0, 0};
    for (unsigned r = lane; r < p.length; r += LANES) {
        float away = p.x[from + r * p.inner] - row.mean;
        squares += away * away;
    }
    row.scale = 1 / sqrtf(laneSum<LANES>(squares) / length + p.eps);
    for (unsigned r = lane; r < p.length; r += LANES) {
        unsigned i = from + r * p.inner;
        float g = p.up[i] * p.weight[r];
        gs += g;
        dots = fmaf(g, row.standard(p.x[i]), dots);
    }
    row.sum = laneSum<LANES>(gs) / length;
    row.dot = laneSum<LANES>(dots) / length;
    return row;
}

KERNEL(256) layernormgradient_rows(const LayerNormGradient p) {
    SHARED_MEMORY(float, sums);  // (2, length)
    __shared__ float mean[WARPS], scale[WARPS];
    unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32, end = min(p.rows, (blockIdx.x + 1) * p.each);
    for (unsigned r = threadIdx.x; r < p.length; r += 256) sums[r] = sums[p.length + r] = 0;
    for (unsigned row0 = blockIdx.x * p.each; row0 < end; row0 += WARPS) {
        if (row0 + warp < end) {
            unsigned from = firstOf(p, row0 + warp);
            Row row = rowOf<32>(p, from, lane);
            for (unsigned r = lane; r < p.length; r += 32) row.put(p, from + r * p.inner, r);
            if (lane == 0) {
                mean[warp] = row.mean;
                scale[warp] = row.scale;
            }
        }
        __syncthreads();
        for (unsigned r = threadIdx.x; r < p.length; r += 256) {
            float weight = sums[r], bias = sums[p.length + r];
            for (unsigned n = 0; n < min(WARPS, end - row0); n++) {
                unsigned i = firstOf(p, row0 + n) + r * p.inner;
                weight = fmaf(p.up[i], (p.x[i] - mean[n]) * scale[n], weight);
                bias += p.up[i];
            }
            sums[r] = weight;
            sums[p.length + r] = bias;
        }
        __syncthreads();
    }
    for (unsigned r = threadIdx.x; r < p.length; r += 256) {
        p.partial[blockIdx.x * 2 * p.length + r] = sums[r];
        p.partial[(blockIdx.x * 2 + 1) * p.length + r] = sums[p.length + r];
    }
}

KERNEL(256) layernormgradient_columns(const LayerNormGradient p) {
    __shared__ float sums[2][WARPS][32];
    unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32, number = blockIdx.x * 256 + threadIdx.x;
    bool inside = number < p.rows;
    unsigned from = inside ? firstOf(p, number) : 0;
    Row row = {0, 0, 0, 0};
    if (inside) row = rowOf<1>(p, from, 0);
    for (unsigned r0 = 0; r0 < p.length; r0 += 32) {
        float weight = 0, bias = 0;  // of row element r0 + lane, over the warp's rows
        for (unsigned n = 0; n < min(32u, p.length - r0); n++) {
            unsigned i = from + (r0 + n) * p.inner;
            float up = inside ? p.up[i] : 0.f, standard = inside ? row.standard(p.x[i]) : 0.f;
            if (inside) row.put(p, i, r0 + n);
            float all = laneSum<32>(up * standard), ups = laneSum<32>(up);
            if (lane == n) {
                weight = all;
                bias = ups;
            }
        }
        sums[0][warp][lane] = weight;
        sums[1][warp][lane] = bias;
        __syncthreads();
        if (warp < 2 && r0 + lane < p.length) {
            float sum = 0;
            for (unsigned w = 0; w < WARPS; w++) sum += sums[warp][w][lane];
            p.partial[(blockIdx.x * 2 + warp) * p.length + r0 + lane] = sum;
        }
        __syncthreads();
    }
}

struct LayerNormVectors {
    const float* partial;
    float* weight;
    float* bias;
    unsigned length, parts;
};

// 32 neighbouring results a block; each warp adds an eighth of the parts.
KERNEL(256) layernormgradient_vectors(const LayerNormVectors p) {
    __shared__ float sums[WARPS][32];
    unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32, at = blockIdx.x * 32 + lane;
    float sum = 0;
    if (at < 2 * p.length) {
        for (unsigned part = warp; part < p.parts; part += WARPS) sum += p.partial[part * 2 * p.length + at];
    }
    sums[warp][lane] = sum;
    __syncthreads();
    if (warp > 0 || at >= 2 * p.length) return;
    sum = 0;
    for (unsigned w = 0; w < WARPS; w++) sum += sums[w][lane];
    *(at < p.length ? p.weight + at : p.bias + at - p.length) = sum;
}
