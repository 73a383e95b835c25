// Kernels of conv2d.cuh in float32, and the sum of what was split.
#include "conv2d.cuh"

KERNEL(256) conv2d_forward(const Conv2d p) { forward<false, Single>(p); }

KERNEL(256) conv2d_forward_splits(const Conv2d p) { forward<true, Single>(p); }

KERNEL(256) conv2d_data(const Conv2d p) { data<false, Single>(p); }

KERNEL(256) conv2d_data_splits(const Conv2d p) { data<true, Single>(p); }

KERNEL(256) conv2d_filter(const Conv2d p) { filter<false, Single>(p); }

KERNEL(256) conv2d_filter_splits(const Conv2d p) { filter<true, Single>(p); }

KERNEL(256) conv2d_finish(const Splits p) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= p.count) return;
    float y;
    SLOT_EPILOGUE(y, sumOfSplits(p, i), i);
    p.out[i] = y;
}
