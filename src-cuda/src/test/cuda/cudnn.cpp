// A stand-in for libcudnn.so.9, the part that Hoag calls, computing on the host: convolutions and their gradients. JCudnn runs on it as on NVIDIA's.
#include <cstring>
#include "standin.h"

enum { OK = 0, BAD_PARAM = 2000, NOT_SUPPORTED = 3000, FMA_MATH = 3, SLOW = 5, QUICK = 1 };
struct Handle {
    void* stream;
};
struct Shape {
    int n, c, h, w;
};
struct Convolution {
    int padH, padW, strideH, strideW, dilationH, dilationW, groups, math;
};
struct Performance {
    int algo, status;
    float time;
    size_t memory;
    int determinism, math, reserved[3];
};
static int held;
static double cost = 0.5;

// For each result pixel and each tap of its window: f(index of x, of w, of y).
template <class F>
static void windows(const Shape& x, const Shape& w, const Shape& y, const Convolution& c, F f) {
    int own = x.c / c.groups, kk = w.n / c.groups;
    for (int i = 0; i < y.n; i++)
        for (int k = 0; k < y.c; k++)
            for (int v = 0; v < y.h; v++)
                for (int u = 0; u < y.w; u++)
                    for (int ch = 0; ch < own; ch++)
                        for (int r = 0; r < w.h; r++)
                            for (int s = 0; s < w.w; s++) {
                                int h = v * c.strideH - c.padH + r * c.dilationH, l = u * c.strideW - c.padW + s * c.dilationW;
                                if (h < 0 || h >= x.h || l < 0 || l >= x.w) continue;
                                f(((i * x.c + k / kk * own + ch) * x.h + h) * x.w + l, ((k * own + ch) * w.h + r) * w.w + s,
                                  ((i * y.c + k) * y.h + v) * y.w + u);
                            }
}

static float rounded(float value, int math) {
    if (math == FMA_MATH) return value;
    unsigned bits;
    memcpy(&bits, &value, 4);
    bits = (bits + 0x1000) & ~0x1fffu;
    memcpy(&value, &bits, 4);
    return value;
}

// The fast algorithm adds in any order: it must not be taken. The one behind it wants memory.
static int offer(const Shape& x, const Shape& w, const Shape& y, const Convolution& c, int most, int* count, Performance* found) {
    bool good = (x.h + 2 * c.padH - (w.h - 1) * c.dilationH - 1) / c.strideH + 1 == y.h && (x.w + 2 * c.padW - (w.w - 1) * c.dilationW - 1) / c.strideW + 1 == y.w
        && x.c == w.c * c.groups && w.n == y.c && x.n == y.n;
    if (!good) return BAD_PARAM;
    *count = most < 2 ? most : 2;
    found[0] = {QUICK, OK, 0.1f, 0, 0, c.math, {}};
    if (most > 1) found[1] = {SLOW, OK, 0.2f, 4096, 1, c.math, {}};
    return standin_enter("cudnnAlgorithm");
}

static int convolve(Handle* h, const char* name, int algorithm, void* memory, size_t bytes, const void* to, size_t elements, std::function<void(float*)> task) {
    if (int r = standin_enter(name)) return r;
    if (algorithm != SLOW || bytes < 4096 || !standin_inside((unsigned long long) memory, bytes)) return BAD_PARAM;
    if (!standin_inside((unsigned long long) to, 4 * elements)) return BAD_PARAM;
    return now(h->stream, [=] {
        memset(memory, 0x7f, bytes);
        task((float*) to);
        standin_took(cost);
        return 0;
    });
}

static size_t size(const Shape& s) { return (size_t) s.n * s.c * s.h * s.w; }

static void add(float* to, size_t count, std::function<void(double*)> all) {
    double* sums = new double[count]();
    all(sums);
    for (size_t i = 0; i < count; i++) to[i] = (float) sums[i];
    delete[] sums;
}

extern "C" {
int standin_dnn_held() { return held; }
void standin_dnn_cost(double ms) { cost = ms; }

size_t cudnnGetVersion() { return 90501; }
int cudnnCreate(Handle** h) {
    if (int r = standin_enter("cudnnCreate")) return r;
    held++;
    *h = new Handle{nullptr};
    return OK;
}
int cudnnDestroy(Handle* h) { held--; delete h; return OK; }
int cudnnSetStream(Handle* h, void* s) {
    if (int r = standin_enter("cudnnSetStream")) return r;
    h->stream = s;
    return OK;
}
int cudnnCreateTensorDescriptor(Shape** s) {
    if (int r = standin_enter("cudnnCreateTensorDescriptor")) return r;
    held++;
    *s = new Shape{};
    return OK;
}
int cudnnDestroyTensorDescriptor(Shape* s) { held--; delete s; return OK; }
int cudnnSetTensor4dDescriptor(Shape* s, int, int, int n, int c, int h, int w) { *s = {n, c, h, w}; return standin_enter("cudnnSetTensor4dDescriptor"); }
int cudnnCreateFilterDescriptor(Shape** s) { held++; *s = new Shape{}; return OK; }
int cudnnDestroyFilterDescriptor(Shape* s) { held--; delete s; return OK; }
int cudnnSetFilter4dDescriptor(Shape* s, int, int, int k, int c, int h, int w) { *s = {k, c, h, w}; return OK; }
int cudnnCreateConvolutionDescriptor(Convolution** c) { held++; *c = new Convolution{}; return OK; }
int cudnnDestroyConvolutionDescriptor(Convolution* c) { held--; delete c; return OK; }
int cudnnSetConvolution2dDescriptor(Convolution* c, int ph, int pw, int sh, int sw, int dh, int dw, int mode, int) {
    *c = {ph, pw, sh, sw, dh, dw, 1, 0};
    return mode == 1 ? OK : BAD_PARAM;
}
int cudnnSetConvolutionGroupCount(Convolution* c, int g) { c->groups = g; return OK; }
int cudnnSetConvolutionMathType(Convolution* c, int m) { c->math = m; return OK; }

int cudnnGetConvolutionForwardAlgorithm_v7(Handle*, Shape* x, Shape* w, Convolution* c, Shape* y, int most, int* count, Performance* found) {
    return offer(*x, *w, *y, *c, most, count, found);
}
int cudnnGetConvolutionBackwardDataAlgorithm_v7(Handle*, Shape* w, Shape* y, Convolution* c, Shape* x, int most, int* count, Performance* found) {
    return offer(*x, *w, *y, *c, most, count, found);
}
int cudnnGetConvolutionBackwardFilterAlgorithm_v7(Handle*, Shape* x, Shape* y, Convolution* c, Shape* w, int most, int* count, Performance* found) {
    return offer(*x, *w, *y, *c, most, count, found);
}
int cudnnConvolutionForward(Handle* h, const void*, Shape* xs, const void* x, Shape* ws, const void* w, Convolution* c, int algorithm, void* memory, size_t bytes,
                            const void*, Shape* ys, void* y) {
    auto X = *xs, W = *ws, Y = *ys;
    auto C = *c;
    return convolve(h, "cudnnConvolutionForward", algorithm, memory, bytes, y, size(Y), [=](float* to) {
        add(to, size(Y), [=](double* sum) {
            windows(X, W, Y, C, [=](int i, int j, int o) { sum[o] += (double) rounded(((float*) x)[i], C.math) * rounded(((float*) w)[j], C.math); });
        });
    });
}
int cudnnConvolutionBackwardData(Handle* h, const void*, Shape* ws, const void* w, Shape* ys, const void* y, Convolution* c, int algorithm, void* memory,
                                 size_t bytes, const void*, Shape* xs, void* x) {
    auto X = *xs, W = *ws, Y = *ys;
    auto C = *c;
    return convolve(h, "cudnnConvolutionBackwardData", algorithm, memory, bytes, x, size(X), [=](float* to) {
        add(to, size(X), [=](double* sum) {
            windows(X, W, Y, C, [=](int i, int j, int o) { sum[i] += (double) rounded(((float*) y)[o], C.math) * rounded(((float*) w)[j], C.math); });
        });
    });
}
int cudnnConvolutionBackwardFilter(Handle* h, const void*, Shape* xs, const void* x, Shape* ys, const void* y, Convolution* c, int algorithm, void* memory,
                                   size_t bytes, const void*, Shape* ws, void* w) {
    auto X = *xs, W = *ws, Y = *ys;
    auto C = *c;
    return convolve(h, "cudnnConvolutionBackwardFilter", algorithm, memory, bytes, w, size(W), [=](float* to) {
        add(to, size(W), [=](double* sum) {
            windows(X, W, Y, C, [=](int i, int j, int o) { sum[j] += (double) rounded(((float*) x)[i], C.math) * rounded(((float*) y)[o], C.math); });
        });
    });
}
}
