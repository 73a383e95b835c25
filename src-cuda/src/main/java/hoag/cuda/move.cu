// Copies to other places. copy: out at place(i) of one side = in at place(i) of the other; place: zeros with in[q] at start + q * step of one axis.
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
