// Mean and biased variance over some axes: a block takes one chunk of one output in two passes (mean, then squared distances from it);
// chunks are merged in order by the rule of Chan, Golub and LeVeque (1979).
#include "sum.cuh"

struct Moments {
    const float* x;
    float* mean;     // (chunks, outputs)
    float* squares;  // (chunks, outputs): sums of squared distances
    Axes kept;
    Axes folded;
    unsigned outputs;
    unsigned length;
    unsigned chunk;
};

KERNEL(256) moments_chunks(const Moments p) {
    __shared__ float all[256];
    unsigned o = blockIdx.x, from = blockIdx.y * p.chunk, to = min(p.length, from + p.chunk);
    const float* x = p.x + placeOf(p.kept, o);
    float sum = 0;
    for (unsigned r = from + threadIdx.x; r < to; r += blockDim.x) sum += x[placeOf(p.folded, r)];
    float mean = blockSum(sum, all) / (float) (to - from);
    float squares = 0;
    for (unsigned r = from + threadIdx.x; r < to; r += blockDim.x) {
        float away = x[placeOf(p.folded, r)] - mean;
        squares += away * away;
    }
    squares = blockSum(squares, all);
    if (threadIdx.x == 0) {
        p.mean[blockIdx.y * p.outputs + o] = mean;
        p.squares[blockIdx.y * p.outputs + o] = squares;
    }
}

struct Merge {
    const float* mean;
    const float* squares;
    float* out;  // (2, outputs)
    unsigned outputs;
    unsigned length;
    unsigned chunk;
};

KERNEL(256) moments_merge(const Merge p) {
    unsigned o = blockIdx.x * blockDim.x + threadIdx.x;
    if (o >= p.outputs) return;
    float mean = 0, squares = 0;
    unsigned seen = 0;
    for (unsigned from = 0, c = 0; from < p.length; from += p.chunk, c++) {
        unsigned more = min(p.chunk, p.length - from);
        float away = p.mean[c * p.outputs + o] - mean;
        float share = (float) more / (float) (seen + more);
        mean += away * share;
        squares += p.squares[c * p.outputs + o] + away * away * share * (float) seen;
        seen += more;
    }
    p.out[o] = p.length ? mean : NAN;
    p.out[p.outputs + o] = p.length ? squares / (float) p.length : NAN;
}
