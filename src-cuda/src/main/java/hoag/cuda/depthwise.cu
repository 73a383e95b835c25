// Convolution with one filter for each channel, NCHW, float32. Nothing is shared between channels, so a thread computes one pixel and the caches
// do the rest; the filter gradient is one block for each tap of each channel and stretch of pixels.
#include "hoag.cuh"

struct Depthwise {
    Table table;
    const float* x;  // x, or dy for data
    const float* w;  // the filter, or dy for filter
    float* y;
    unsigned images, c, h, w_, kh, kw, oh, ow;
    int strideH, strideW, top, left, dilationH, dilationW;
    unsigned stretch;  // pixels of one split
};

KERNEL(256) depthwise_forward(const Depthwise p) {
    unsigned count = p.images * p.c * p.oh * p.ow;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        unsigned row = i / p.ow, ox = i - row * p.ow, plane = row / p.oh, oy = row - plane * p.oh;
        const float* x = p.x + plane * p.h * p.w_;
        const float* w = p.w + plane % p.c * p.kh * p.kw;
        float sum = 0, y;
        for (unsigned ky = 0; ky < p.kh; ky++) {
            int iy = (int) oy * p.strideH - p.top + (int) ky * p.dilationH;
            if (iy < 0 || iy >= (int) p.h) continue;
            for (unsigned kx = 0; kx < p.kw; kx++) {
                int ix = (int) ox * p.strideW - p.left + (int) kx * p.dilationW;
                if (ix >= 0 && ix < (int) p.w_) sum = fmaf(x[iy * p.w_ + ix], w[ky * p.kw + kx], sum);
            }
        }
        SLOT_EPILOGUE(y, sum, i);
        p.y[i] = y;
    }
}

KERNEL(256) depthwise_data(const Depthwise p) {
    unsigned count = p.images * p.c * p.h * p.w_;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        unsigned row = i / p.w_, plane = row / p.h;
        int ix = i - row * p.w_, iy = row - plane * p.h;
        const float* dy = p.x + plane * p.oh * p.ow;
        const float* w = p.w + plane % p.c * p.kh * p.kw;
        float sum = 0, y;
        for (unsigned ky = 0; ky < p.kh; ky++) {
            int oy = iy + p.top - (int) ky * p.dilationH;
            if (oy < 0 || oy % p.strideH != 0 || oy / p.strideH >= (int) p.oh) continue;
            for (unsigned kx = 0; kx < p.kw; kx++) {
                int ox = ix + p.left - (int) kx * p.dilationW;
                if (ox < 0 || ox % p.strideW != 0 || ox / p.strideW >= (int) p.ow) continue;
                sum = fmaf(dy[oy / p.strideH * p.ow + ox / p.strideW], w[ky * p.kw + kx], sum);
            }
        }
        SLOT_EPILOGUE(y, sum, i);
        p.y[i] = y;
    }
}

// grid (c * kh * kw, splits); y is (splits, c, kh, kw)
KERNEL(256) depthwise_filter(const Depthwise p) {
    __shared__ float all[256];
    unsigned taps = p.kh * p.kw, c = blockIdx.x / taps, tap = blockIdx.x - c * taps, ky = tap / p.kw, kx = tap - ky * p.kw;
    unsigned area = p.oh * p.ow, from = blockIdx.y * p.stretch, to = min(p.images * area, from + p.stretch);
    float sum = 0;
    for (unsigned pixel = from + threadIdx.x; pixel < to; pixel += blockDim.x) {
        unsigned row = pixel / p.ow, ox = pixel - row * p.ow, image = row / p.oh, oy = row - image * p.oh;
        int iy = (int) oy * p.strideH - p.top + (int) ky * p.dilationH;
        int ix = (int) ox * p.strideW - p.left + (int) kx * p.dilationW;
        if (iy >= 0 && iy < (int) p.h && ix >= 0 && ix < (int) p.w_) {
            unsigned plane = image * p.c + c;
            sum = fmaf(p.x[(plane * p.h + iy) * p.w_ + ix], p.w[plane * area + oy * p.ow + ox], sum);
        }
    }
    all[threadIdx.x] = sum;
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) all[threadIdx.x] += all[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0) p.y[blockIdx.y * p.c * taps + blockIdx.x] = all[0];
}

struct DepthwiseFinish {
    const float* partial;  // (splits, count)
    float* out;
    unsigned count;
    unsigned splits;
};

KERNEL(256) depthwise_finish(const DepthwiseFinish p) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= p.count) return;
    float sum = 0;
    for (unsigned s = 0; s < p.splits; s++) sum += p.partial[s * p.count + i];
    p.out[i] = sum;
}
