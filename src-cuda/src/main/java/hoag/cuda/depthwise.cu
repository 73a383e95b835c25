// Convolution with one filter for each channel, NCHW, float32. Nothing is shared between channels, so a thread computes one pixel and the caches
// do the rest; the filter gradient is one block for each tap of each channel and stretch of pixels.
#include "hoag.cuh"

struct Depthwise {
    Table table;
    const float* x;  // x, or dy for data
    const float* w;  // the filter, or dy for filter
    float* y;
    unsigned images, h, w_, kh, oh, ow;
    int top, left, dilationH, dilationW;
    Divisor strideH, strideW, channels, taps, across, width, height;  // taps of a row; of what is written, or of dy for filter
    unsigned stretch;  // pixels of one split
};

KERNEL(256) depthwise_forward(const Depthwise p) {
    unsigned count = p.images * p.channels.by * p.oh * p.ow;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        unsigned row = quotient(i, p.width), ox = i - row * p.ow, plane = quotient(row, p.height), oy = row - plane * p.oh;
        const float* x = p.x + plane * p.h * p.w_;
        const float* w = p.w + (plane - quotient(plane, p.channels) * p.channels.by) * p.taps.by;
        float sum = 0, y;
        for (unsigned ky = 0; ky < p.kh; ky++) {
            int iy = (int) (oy * p.strideH.by) - p.top + (int) ky * p.dilationH;
            if (iy < 0 || iy >= (int) p.h) continue;
            for (unsigned kx = 0; kx < p.across.by; kx++) {
                int ix = (int) (ox * p.strideW.by) - p.left + (int) kx * p.dilationW;
                if (ix >= 0 && ix < (int) p.w_) sum = fmaf(x[iy * p.w_ + ix], w[ky * p.across.by + kx], sum);
            }
        }
        SLOT_EPILOGUE(y, sum, i);
        p.y[i] = y;
    }
}

KERNEL(256) depthwise_data(const Depthwise p) {
    unsigned count = p.images * p.channels.by * p.h * p.w_;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        unsigned row = quotient(i, p.width), plane = quotient(row, p.height);
        int ix = i - row * p.w_, iy = row - plane * p.h;
        const float* dy = p.x + plane * p.oh * p.ow;
        const float* w = p.w + (plane - quotient(plane, p.channels) * p.channels.by) * p.taps.by;
        float sum = 0, y;
        for (unsigned ky = 0; ky < p.kh; ky++) {
            int fromY = iy + p.top - (int) ky * p.dilationH;
            unsigned oy = quotient(fromY, p.strideH);
            if (fromY < 0 || oy * p.strideH.by != fromY || oy >= p.oh) continue;
            for (unsigned kx = 0; kx < p.across.by; kx++) {
                int fromX = ix + p.left - (int) kx * p.dilationW;
                unsigned ox = quotient(fromX, p.strideW);
                if (fromX < 0 || ox * p.strideW.by != fromX || ox >= p.ow) continue;
                sum = fmaf(dy[oy * p.ow + ox], w[ky * p.across.by + kx], sum);
            }
        }
        SLOT_EPILOGUE(y, sum, i);
        p.y[i] = y;
    }
}

// grid (c * kh * kw, splits); y is (splits, c, kh, kw)
KERNEL(256) depthwise_filter(const Depthwise p) {
    __shared__ float all[256];
    unsigned taps = p.taps.by, c = quotient(blockIdx.x, p.taps), tap = blockIdx.x - c * taps;
    unsigned ky = quotient(tap, p.across), kx = tap - ky * p.across.by;
    unsigned area = p.oh * p.ow, from = blockIdx.y * p.stretch, to = min(p.images * area, from + p.stretch);
    float sum = 0;
    for (unsigned pixel = from + threadIdx.x; pixel < to; pixel += blockDim.x) {
        unsigned row = quotient(pixel, p.width), ox = pixel - row * p.ow, image = quotient(row, p.height), oy = row - image * p.oh;
        int iy = (int) (oy * p.strideH.by) - p.top + (int) ky * p.dilationH;
        int ix = (int) (ox * p.strideW.by) - p.left + (int) kx * p.dilationW;
        if (iy >= 0 && iy < (int) p.h && ix >= 0 && ix < (int) p.w_) {
            unsigned plane = image * p.channels.by + c;
            sum = fmaf(p.x[(plane * p.h + iy) * p.w_ + ix], p.w[plane * area + oy * p.ow + ox], sum);
        }
    }
    all[threadIdx.x] = sum;
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) all[threadIdx.x] += all[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0) p.y[blockIdx.y * p.channels.by * taps + blockIdx.x] = all[0];
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
