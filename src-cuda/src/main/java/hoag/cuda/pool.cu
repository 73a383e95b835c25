// The largest or the mean of each window; an empty window gives -infinity or 0. The gradient is gathered: each pixel asks the windows that hold it,
// in order. Of equal largest pixels the first in row-major order has the gradient; a NaN counts as largest.
#include "hoag.cuh"

enum Mode { LARGEST, AVERAGE_WITH_PADDING, AVERAGE };

struct Pool {
    const float* x;
    const float* dy;  // of the gradient
    float* y;         // or dx
    unsigned planes, h, w, kh, kw, oh, ow;
    int top, left, dilationH, dilationW;
    Divisor strideH, strideW, width, height;  // of what is written
    int mode;
};

struct Window {
    float sum;
    float largest;
    int at;  // place of the first largest pixel in the plane, -1 if there is none
    int pixels;
};

DEVICE Window windowOf(const Pool& p, const float* x, int oy, int ox) {
    Window w = {0, -INFINITY, -1, 0};
    for (unsigned ky = 0; ky < p.kh; ky++) {
        int iy = oy * (int) p.strideH.by - p.top + (int) ky * p.dilationH;
        if (iy < 0 || iy >= (int) p.h) continue;
        for (unsigned kx = 0; kx < p.kw; kx++) {
            int ix = ox * (int) p.strideW.by - p.left + (int) kx * p.dilationW;
            if (ix < 0 || ix >= (int) p.w) continue;
            float value = x[iy * p.w + ix];
            w.sum += value;
            w.pixels++;
            if (w.at < 0 || value > w.largest || (value != value && w.largest == w.largest)) {
                w.largest = value;
                w.at = iy * p.w + ix;
            }
        }
    }
    return w;
}

DEVICE float divisor(const Pool& p, const Window& w) {
    return (float) (p.mode == AVERAGE_WITH_PADDING ? p.kh * p.kw : w.pixels);
}

KERNEL(256) pool_forward(const Pool p) {
    unsigned count = p.planes * p.oh * p.ow;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        unsigned row = quotient(i, p.width), ox = i - row * p.ow, plane = quotient(row, p.height), oy = row - plane * p.oh;
        Window w = windowOf(p, p.x + plane * p.h * p.w, oy, ox);
        p.y[i] = p.mode == LARGEST ? w.largest : w.pixels ? w.sum / divisor(p, w) : 0.f;
    }
}

KERNEL(256) pool_gradient(const Pool p) {
    unsigned count = p.planes * p.h * p.w;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        unsigned row = quotient(i, p.width), plane = quotient(row, p.height);
        int ix = i - row * p.w, iy = row - plane * p.h;
        const float* x = p.x + plane * p.h * p.w;
        float sum = 0;
        for (int ky = (int) p.kh - 1; ky >= 0; ky--) {
            int fromY = iy + p.top - ky * p.dilationH;
            unsigned oy = quotient(fromY, p.strideH);
            if (fromY < 0 || oy * p.strideH.by != fromY || oy >= p.oh) continue;
            for (int kx = (int) p.kw - 1; kx >= 0; kx--) {
                int fromX = ix + p.left - kx * p.dilationW;
                unsigned ox = quotient(fromX, p.strideW);
                if (fromX < 0 || ox * p.strideW.by != fromX || ox >= p.ow) continue;
                Window w = windowOf(p, x, oy, ox);
                float dy = p.dy[(plane * p.oh + oy) * p.ow + ox];
                sum += p.mode != LARGEST ? dy / divisor(p, w) : w.at == iy * (int) p.w + ix ? dy : 0.f;
            }
        }
        p.y[i] = sum;
    }
}
