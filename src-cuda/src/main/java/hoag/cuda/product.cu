// Kernels of product.cuh in float32, and the sum of what was split.
#include "product.cuh"

KERNEL(256) product_tiles(const Product p) { product<false, Single>(p); }

KERNEL(256) product_splits(const Product p) { product<true, Single>(p); }

KERNEL(256) product_finish(const Splits p) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= p.count) return;
    float y;
    SLOT_EPILOGUE(y, sumOfSplits(p, i), i);
    p.out[i] = y;
}
