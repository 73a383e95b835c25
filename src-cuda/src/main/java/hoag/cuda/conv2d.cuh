// Convolution and its two gradients as products whose operands are read where they lie (implicit GEMM), NCHW, float32:
//   forward  y(o, p)  = sum over (c, ky, kx) of w(o, c ky kx) x(window of pixel p)        m = k / groups, n = images * oh * ow
//   data     dx(c, q) = sum over (o, ky, kx) of w(o, c ky kx) dy(the windows that hold q)  m = c / groups, n = images * h * w
//   filter   dw(o, j) = sum over pixels p of dy(o, p) x(window of p at j)                  m = k / groups, n = c / groups * kh * kw
// The filter gradient's sum over all pixels is split over blocks and added in order.
#pragma once
#include "tile.cuh"

struct Conv2d {
    Table table;
    const float* x;  // what is read: x, or dy for data
    const float* w;  // the filter, or dy for filter
    float* y;        // what is written; (splits, ...) where the sum is split
    unsigned images, c, h, w_, k, kh, kw, oh, ow;
    int strideH, strideW, top, left, dilationH, dilationW;
    unsigned groups;
    unsigned stretch;  // of the sum, for one split
};

struct Pixel {
    unsigned image;
    int y, x;
};

DEVICE Pixel pixelOf(unsigned i, unsigned height, unsigned width) {
    unsigned row = i / width, image = row / height;
    return {image, (int) (row - image * height), (int) (i - row * width)};
}

template <bool SPLIT>
DEVICE void put(const Conv2d& p, unsigned split, unsigned count, unsigned i, float sum) {
    if (SPLIT) {
        p.y[(unsigned long long) split * count + i] = sum;
    } else {
        float y;
        SLOT_EPILOGUE(y, sum, i);
        p.y[i] = y;
    }
}

// Element (c, ky, kx) of the window of a result's pixel; 0 in the padding.
DEVICE float window(const Conv2d& p, unsigned firstChannel, Pixel at, unsigned j) {
    unsigned taps = p.kh * p.kw, c = j / taps, tap = j - c * taps, ky = tap / p.kw, kx = tap - ky * p.kw;
    int y = at.y * p.strideH - p.top + (int) ky * p.dilationH, x = at.x * p.strideW - p.left + (int) kx * p.dilationW;
    bool inside = y >= 0 && y < (int) p.h && x >= 0 && x < (int) p.w_;
    return inside ? p.x[((at.image * p.c + firstChannel + c) * p.h + y) * p.w_ + x] : 0.f;
}

template <bool SPLIT, class How>
DEVICE void forward(const Conv2d& p) {
    unsigned g = blockIdx.z % p.groups, split = blockIdx.z / p.groups, ck = p.c / p.groups, kk = p.k / p.groups;
    unsigned length = ck * p.kh * p.kw, pixels = p.images * p.oh * p.ow, area = p.oh * p.ow;
    unsigned to = min(length, (split + 1) * p.stretch);
    unsigned known = ~0u;
    Pixel at = {0, 0, 0};
    How::tile(
        blockIdx.y * TILE, blockIdx.x * TILE, split * p.stretch, to, true, true,
        [&](unsigned m, unsigned j) { return m < kk ? p.w[(g * kk + m) * length + j] : 0.f; },
        [&](unsigned j, unsigned n) {
            if (n >= pixels) return 0.f;
            if (n != known) {
                at = pixelOf(n, p.oh, p.ow);
                known = n;
            }
            return window(p, g * ck, at, j);
        },
        [&](unsigned m, unsigned n, float sum) {
            if (m < kk && n < pixels) {
                unsigned image = n / area;
                put<SPLIT>(p, split, pixels * p.k, (image * p.k + g * kk + m) * area + n - image * area, sum);
            }
        });
}

// dy(o) where tap (ky, kx) of its window falls on this pixel; 0 if none does.
DEVICE float meeting(const Conv2d& p, unsigned channel, Pixel at, unsigned tap) {
    int ky = tap / p.kw, kx = tap - ky * p.kw;
    int y = at.y + p.top - ky * p.dilationH, x = at.x + p.left - kx * p.dilationW;
    if (y < 0 || x < 0 || y % p.strideH != 0 || x % p.strideW != 0) return 0.f;
    y /= p.strideH;
    x /= p.strideW;
    return y < (int) p.oh && x < (int) p.ow ? p.x[((at.image * p.k + channel) * p.oh + y) * p.ow + x] : 0.f;
}

template <bool SPLIT, class How>
DEVICE void data(const Conv2d& p) {
    unsigned g = blockIdx.z % p.groups, split = blockIdx.z / p.groups, ck = p.c / p.groups, kk = p.k / p.groups;
    unsigned taps = p.kh * p.kw, length = kk * taps, pixels = p.images * p.h * p.w_, area = p.h * p.w_;
    unsigned to = min(length, (split + 1) * p.stretch);
    unsigned known = ~0u;
    Pixel at = {0, 0, 0};
    How::tile(
        blockIdx.y * TILE, blockIdx.x * TILE, split * p.stretch, to, true, true,
        [&](unsigned m, unsigned j) {
            unsigned o = j / taps;
            return m < ck ? p.w[((g * kk + o) * ck + m) * taps + j - o * taps] : 0.f;
        },
        [&](unsigned j, unsigned n) {
            if (n >= pixels) return 0.f;
            if (n != known) {
                at = pixelOf(n, p.h, p.w_);
                known = n;
            }
            unsigned o = j / taps;
            return meeting(p, g * kk + o, at, j - o * taps);
        },
        [&](unsigned m, unsigned n, float sum) {
            if (m < ck && n < pixels) {
                unsigned image = n / area;
                put<SPLIT>(p, split, pixels * p.c, (image * p.c + g * ck + m) * area + n - image * area, sum);
            }
        });
}

template <bool SPLIT, class How>
DEVICE void filter(const Conv2d& p) {
    unsigned g = blockIdx.z % p.groups, split = blockIdx.z / p.groups, ck = p.c / p.groups, kk = p.k / p.groups;
    unsigned columns = ck * p.kh * p.kw, area = p.oh * p.ow, pixels = p.images * area;
    unsigned to = min(pixels, (split + 1) * p.stretch);
    How::tile(
        blockIdx.y * TILE, blockIdx.x * TILE, split * p.stretch, to, true, false,
        [&](unsigned m, unsigned pixel) {
            unsigned image = pixel / area;
            return m < kk ? p.w[(image * p.k + g * kk + m) * area + pixel - image * area] : 0.f;
        },
        [&](unsigned pixel, unsigned j) { return j < columns ? window(p, g * ck, pixelOf(pixel, p.oh, p.ow), j) : 0.f; },
        [&](unsigned m, unsigned j, float sum) {
            if (m < kk && j < columns) put<SPLIT>(p, split, p.k * columns, (g * kk + m) * columns + j, sum);
        });
}
