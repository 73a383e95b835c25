// Convolution and its two gradients as products whose operands are read where they lie (implicit GEMM), NCHW, float32:
//   forward  y(o, p)  = sum over (c, ky, kx) of w(o, c ky kx) x(window of pixel p)        m = k / groups, n = images * oh * ow
//   data     dx(c, q) = sum over (o, ky, kx) of w(o, c ky kx) dy(the windows that hold q)  m = c / groups, n = images * h * w
//   filter   dw(o, j) = sum over pixels p of dy(o, p) x(window of p at j)                  m = k / groups, n = c / groups * kh * kw
// Long sums are split over blocks and added in order.
#pragma once
#include "tile.cuh"

struct Conv2d {
    Table table;
    const float* x;  // what is read: x, or dy for data
    const float* w;  // the filter, or dy for filter
    float* y;        // what is written; (splits, ...) where the sum is split
    unsigned images, c, h, w_, k, oh, ow;
    int top, left, dilationH, dilationW;
    Divisor groups, taps, across;       // across: taps of a row
    Divisor strideH, strideW;
    Divisor width, height, area;        // of the pixels that are counted: the result's, dx's for data
    unsigned results;                   // of one split
    unsigned stretch;                   // of the sum, for one split
};

struct Pixel {
    unsigned image;
    int y, x;
};

DEVICE Pixel pixelOf(const Conv2d& p, unsigned i) {
    unsigned row = quotient(i, p.width), image = quotient(row, p.height);
    return {image, (int) (row - image * p.height.by), (int) (i - row * p.width.by)};
}

struct Tap {
    unsigned channel;
    int y, x;
};

DEVICE Tap tapOf(const Conv2d& p, unsigned j) {
    unsigned channel = quotient(j, p.taps), tap = j - channel * p.taps.by, ky = quotient(tap, p.across);
    return {channel, (int) ky, (int) (tap - ky * p.across.by)};
}

// Element j = (c, ky, kx) of the window of a result's pixel; null in the padding.
DEVICE const float* window(const Conv2d& p, unsigned firstChannel, Pixel at, unsigned j) {
    Tap t = tapOf(p, j);
    int y = at.y * (int) p.strideH.by - p.top + t.y * p.dilationH, x = at.x * (int) p.strideW.by - p.left + t.x * p.dilationW;
    bool inside = y >= 0 && y < (int) p.h && x >= 0 && x < (int) p.w_;
    return inside ? p.x + (((at.image * p.c + firstChannel + t.channel) * p.h + y) * p.w_ + x) : nullptr;
}

// dy(o) where tap (ky, kx) of its window falls on this pixel; null if none does.
DEVICE const float* meeting(const Conv2d& p, unsigned firstChannel, Pixel at, unsigned j) {
    Tap t = tapOf(p, j);
    int y = at.y + p.top - t.y * p.dilationH, x = at.x + p.left - t.x * p.dilationW;
    unsigned oy = quotient(y, p.strideH), ox = quotient(x, p.strideW);
    bool inside = y >= 0 && x >= 0 && oy < p.oh && ox < p.ow && oy * p.strideH.by == y && ox * p.strideW.by == x;
    return inside ? p.x + (((at.image * p.k + firstChannel + t.channel) * p.oh + oy) * p.ow + ox) : nullptr;
}

// Whether windows are pixels, and four neighbours of one image begin at a multiple of 16 bytes.
DEVICE bool pixelsInFours(const Conv2d& p) {
    bool plane = p.taps.by == 1 && p.strideH.by == 1 && p.strideW.by == 1 && p.top == 0 && p.left == 0 && p.oh == p.h && p.ow == p.w_;
    return plane && p.area.by % 4 == 0 && aligned(p.x);
}

struct Share {
    unsigned group, ck, kk;
    Part part;
};

DEVICE Share shareOf(const Conv2d& p, unsigned tall, unsigned length) {
    unsigned split = quotient(blockIdx.z, p.groups), groups = p.groups.by;
    return {blockIdx.z - split * groups,
            p.c / groups,
            p.k / groups,
            {blockIdx.y * tall, blockIdx.x * WIDE, split * p.stretch, min(length, (split + 1) * p.stretch), p.stretch >= length,
             p.y + (unsigned long long) split * p.results}};
}

// The pixel that was asked for last: a thread asks for the same one many times.
struct Last {
    unsigned known = ~0u;
    Pixel pixel = {0, 0, 0};

    METHOD Pixel of(const Conv2d& p, unsigned i) {
        if (i != known) {
            pixel = pixelOf(p, i);
            known = i;
        }
        return pixel;
    }
};

template <int TALL, class How>
DEVICE void forward(const Conv2d& p) {
    unsigned groups = p.groups.by, length = p.c / groups * p.taps.by, pixels = p.images * p.area.by;
    Share s = shareOf(p, TALL, length);
    Last last;
    How::tile(
        s.part, {true, true, length % 4 == 0 && aligned(p.w), pixelsInFours(p), p.w, p.x}, [&](unsigned m, unsigned j) { return m < s.kk ? p.w + ((s.group * s.kk + m) * length + j) : nullptr; },
        [&](unsigned n, unsigned j) { return n < pixels ? window(p, s.group * s.ck, last.of(p, n), j) : nullptr; },
        [&](unsigned m, unsigned n, unsigned& at) {
            bool inside = m < s.kk && n < pixels;
            unsigned image = quotient(n, p.area);
            if (inside) at = (image * p.k + s.group * s.kk + m) * p.area.by + n - image * p.area.by;
            return inside;
        });
}

template <int TALL, class How>
DEVICE void data(const Conv2d& p) {
    unsigned groups = p.groups.by, length = p.k / groups * p.taps.by, pixels = p.images * p.area.by;
    Share s = shareOf(p, TALL, length);
    Last last;
    bool one = p.taps.by == 1;  // then neighbouring channels are neighbours
    How::tile(
        s.part, {!one, true, one && s.ck % 4 == 0 && aligned(p.w), pixelsInFours(p), p.w, p.x},
        [&](unsigned m, unsigned j) {
            unsigned o = quotient(j, p.taps);
            return m < s.ck ? p.w + (((s.group * s.kk + o) * s.ck + m) * p.taps.by + j - o * p.taps.by) : nullptr;
        },
        [&](unsigned n, unsigned j) { return n < pixels ? meeting(p, s.group * s.kk, last.of(p, n), j) : nullptr; },
        [&](unsigned m, unsigned n, unsigned& at) {
            bool inside = m < s.ck && n < pixels;
            unsigned image = quotient(n, p.area);
            if (inside) at = (image * p.c + s.group * s.ck + m) * p.area.by + n - image * p.area.by;
            return inside;
        });
}

template <int TALL, class How>
DEVICE void filter(const Conv2d& p) {
    unsigned groups = p.groups.by, columns = p.c / groups * p.taps.by, pixels = p.images * p.area.by;
    Share s = shareOf(p, TALL, pixels);
    Last last;
    How::tile(
        s.part, {true, false, p.area.by % 4 == 0 && aligned(p.w), pixelsInFours(p), p.w, p.x},
        [&](unsigned m, unsigned pixel) {
            unsigned image = quotient(pixel, p.area);
            return m < s.kk ? p.w + ((image * p.k + s.group * s.kk + m) * p.area.by + pixel - image * p.area.by) : nullptr;
        },
        [&](unsigned j, unsigned pixel) { return j < columns ? window(p, s.group * s.ck, last.of(p, pixel), j) : nullptr; },
        [&](unsigned m, unsigned j, unsigned& at) {
            bool inside = m < s.kk && j < columns;
            if (inside) at = (s.group * s.kk + m) * columns + j;
            return inside;
        });
}
