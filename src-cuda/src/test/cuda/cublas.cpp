// A stand-in for libcublas.so.12, the part that Hoag calls, computing on the host: products of column-major matrices. JCublas runs on it as on NVIDIA's.
#include <cstdio>
#include <cstring>
#include "standin.h"

enum { OK = 0, INVALID_VALUE = 7, F32 = 68, TF32 = 77, BF16 = 75 };
struct Handle {
    void* stream;
};
static int handles;
static double cost = 0.5;

static float rounded(float x, int computing) {
    unsigned bits;
    memcpy(&bits, &x, 4);
    if (computing == TF32) bits = (bits + 0x1000) & ~0x1fffu;
    if (computing == BF16) bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000u;
    memcpy(&x, &bits, 4);
    return x;
}

extern "C" {
int standin_blas_held() { return handles; }
void standin_blas_cost(double ms) { cost = ms; }

int cublasCreate_v2(Handle** h) {
    if (int r = standin_enter("cublasCreate")) return r;
    handles++;
    *h = new Handle{nullptr};
    return OK;
}
int cublasDestroy_v2(Handle* h) {
    handles--;
    delete h;
    return OK;
}
int cublasGetVersion_v2(Handle*, int* v) {
    *v = 120604;
    return OK;
}
int cublasSetStream_v2(Handle* h, void* stream) {
    if (int r = standin_enter("cublasSetStream")) return r;
    h->stream = stream;
    return OK;
}
int cublasSetWorkspace_v2(Handle*, void* p, size_t n) {
    if (int r = standin_enter("cublasSetWorkspace")) return r;
    return standin_inside((unsigned long long) p, n) ? OK : INVALID_VALUE;
}
int cublasGemmStridedBatchedEx(Handle* h, int ta, int tb, int m, int n, int k, const void* alpha, const void* a, int, int lda, long long strideA,
                               const void* b, int, int ldb, long long strideB, const void* beta, void* c, int, int ldc, long long strideC, int batch,
                               int computing, int) {
    if (int r = standin_enter("cublasGemm")) return r;
    if (*(const float*) alpha != 1 || *(const float*) beta != 0 || (computing != F32 && computing != TF32 && computing != BF16)) return INVALID_VALUE;
    if (lda < (ta ? k : m) || ldb < (tb ? n : k) || ldc < m) return INVALID_VALUE;
    if (!standin_inside((unsigned long long) c, ((size_t) (batch - 1) * strideC + (size_t) (n - 1) * ldc + m) * 4)) return INVALID_VALUE;
    return now(h->stream, [=] {
        for (int z = 0; z < batch; z++) {
            const float *x = (const float*) a + z * strideA, *y = (const float*) b + z * strideB;
            float* to = (float*) c + z * strideC;
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < m; i++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) {
                        sum += (double) rounded(x[ta ? (size_t) i * lda + l : (size_t) l * lda + i], computing)
                            * rounded(y[tb ? (size_t) l * ldb + j : (size_t) j * ldb + l], computing);
                    }
                    to[(size_t) j * ldc + i] = (float) sum;
                }
            }
        }
        standin_took(cost);
        return 0;
    });
}
}
