// Copies to other places. copy: out at place(i) of one side = in at place(i) of the other; turn: the same by tiles of 32 x 32 where neighbours of one side are far from each
// other on the other one; place: zeros with in[q] at start + q * step of one axis.
#include "hoag.cuh"

struct Copy {
    const float* in;
    float* out;
    int fromStart, toStart;
    Axes from;  // both over the same sizes; a negative stride wraps around and comes out right
    Axes to;
    unsigned count;
};

KERNEL(256) move_copy(const Copy p) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < p.count; i += gridDim.x * blockDim.x) {
        p.out[p.toStart + (int) placeOf(p.to, i)] = p.in[p.fromStart + (int) placeOf(p.from, i)];
    }
}

struct Turn {
    const float* in;
    float* out;
    Axes from;  // the other axes
    Axes to;
    Divisor wide, high;  // tiles along the axis whose neighbours are neighbours in `in`, and in `out`
    unsigned inside, outside;   // sizes of these axes
    unsigned stepIn, stepOut;   // from one to the next: of the second in `in`, of the first in `out`
};

KERNEL(256) move_turn(const Turn p) {
    __shared__ float tile[32][33];
    unsigned row = threadIdx.x / 32, lane = threadIdx.x % 32, rest = quotient(blockIdx.x, p.wide), other = quotient(rest, p.high);
    unsigned i0 = (blockIdx.x - rest * p.wide.by) * 32, o0 = (rest - other * p.high.by) * 32;
    const float* in = p.in + placeOf(p.from, other);
    float* out = p.out + placeOf(p.to, other);
#pragma unroll
    for (unsigned y = row; y < 32; y += 8) {
        if (o0 + y < p.outside && i0 + lane < p.inside) tile[y][lane] = in[(o0 + y) * p.stepIn + i0 + lane];
    }
    __syncthreads();
#pragma unroll
    for (unsigned y = row; y < 32; y += 8) {
        if (i0 + y < p.inside && o0 + lane < p.outside) out[(i0 + y) * p.stepOut + o0 + lane] = tile[lane][y];
    }
}

struct Place {
    const float* in;  // (outer, size, inner)
    float* out;       // (outer, total, inner)
    unsigned count;   // of out
    unsigned total, inner;
    int start, step, size;
};

KERNEL(256) move_place(const Place p) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < p.count; i += gridDim.x * blockDim.x) {
        unsigned row = i / p.inner, outer = row / p.total;
        int away = (int) (row - outer * p.total) - p.start, q = away / p.step;
        bool here = q * p.step == away && q >= 0 && q < p.size;
        p.out[i] = here ? p.in[(outer * p.size + q) * p.inner + i - row * p.inner] : 0.f;
    }
}
