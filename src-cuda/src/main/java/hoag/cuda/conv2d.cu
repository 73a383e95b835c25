// Kernels of conv2d.cuh in float32, and the sum of what was split.
#include "conv2d.cuh"

KERNEL(256) conv2d_forward_64(const Conv2d p) { forward<64, Single<64>>(p); }

KERNEL(256) conv2d_forward_128(const Conv2d p) { forward<128, Single<128>>(p); }

KERNEL(256) conv2d_data_64(const Conv2d p) { data<64, Single<64>>(p); }

KERNEL(256) conv2d_data_128(const Conv2d p) { data<128, Single<128>>(p); }

KERNEL(256) conv2d_filter_64(const Conv2d p) { filter<64, Single<64>>(p); }

KERNEL(256) conv2d_filter_128(const Conv2d p) { filter<128, Single<128>>(p); }

KERNEL(256) conv2d_finish(const Splits p) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= p.count) return;
    float y;
    SLOT_EPILOGUE(y, sumOfSplits(p, i), i);
    p.out[i] = y;
}
