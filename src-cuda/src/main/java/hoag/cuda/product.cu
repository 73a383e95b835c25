// Kernels of product.cuh in float32, and the sum of what was split.
#include "product.cuh"

KERNEL(256) product_64(const Product p) { product<64, Single<64>>(p); }

KERNEL(256) product_128(const Product p) { product<128, Single<128>>(p); }

KERNEL(256) product_finish(const Splits p) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= p.count) return;
    float y;
    SLOT_EPILOGUE(y, sumOfSplits(p, i), i);
    p.out[i] = y;
}
