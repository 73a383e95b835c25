// Kernels that a device would not compute, or not the same way every time: what the emulator must see.
#include "hoag.cuh"

struct Faulty {
    float* x;  // 256
    unsigned length, by;
};

KERNEL(256) faulty_nothing(const Faulty p) { p.x[threadIdx.x] = (float) p.length; }

KERNEL(256) faulty_beyond(const Faulty p) { p.x[threadIdx.x + p.by] = 1; }

KERNEL(256) faulty_misaligned(const Faulty p) {
    if (threadIdx.x < 64) *(double*) (p.x + 2 * threadIdx.x + p.by) = 1;
}

KERNEL(256) faulty_race(const Faulty p) { p.x[threadIdx.x / 2] = (float) threadIdx.x; }

KERNEL(256) faulty_reader(const Faulty p) {
    float sum = p.x[p.by];
    p.x[threadIdx.x] = sum;
}

KERNEL(256) faulty_shared(const Faulty p) {
    __shared__ float all[256];
    all[threadIdx.x] = 1;
    p.x[threadIdx.x] = all[(threadIdx.x + p.by) % 256];  // wants a barrier
}

KERNEL(256) faulty_array(const Faulty p) {
    __shared__ float all[255];
    all[threadIdx.x] = 1;
    p.x[threadIdx.x] = 1;
}

KERNEL(256) faulty_empty(const Faulty p) {
    __shared__ float all[256];
    if (threadIdx.x > 0) all[threadIdx.x] = 1;
    __syncthreads();
    p.x[threadIdx.x] = all[0];
}

KERNEL(256) faulty_alone(const Faulty p) {
    if (threadIdx.x < 32 * p.by) __syncthreads();
    p.x[threadIdx.x] = 1;
}

DEVICE void start(const Faulty& p, float* all) {
    copyAsync<4>(all + threadIdx.x, p.x + threadIdx.x, true);
    copyCommit();
}

DEVICE void finish(const Faulty& p, const float* all) {
    __syncthreads();
    float y = all[255 - threadIdx.x];
    p.x[threadIdx.x] = y;
}

KERNEL(256) faulty_copied(const Faulty p) {
    SHARED_MEMORY(float, all);
    start(p, all);
    copyWait<0>();
    finish(p, all);
}

KERNEL(256) faulty_early(const Faulty p) {
    SHARED_MEMORY(float, all);
    start(p, all);
    finish(p, all);
}
