// The most fused multiply-adds that this machine does: every thread keeps 12 independent vectors busy. Prints GFLOP/s (an FMA is two).
// cc -O3 -march=native -pthread peak.c; ./a.out THREADS
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX__)
#define LANES 8
#else
#define LANES 4
#endif
#define CHAINS 12
#define STEPS 20000000L
typedef float vec __attribute__((vector_size(4 * LANES)));

static void *work(void *sink) {
    vec a[CHAINS], x, y;
    for (int l = 0; l < LANES; l++) x[l] = 0.999f, y[l] = 0.001f;
    for (int c = 0; c < CHAINS; c++)
        for (int l = 0; l < LANES; l++) a[c][l] = c + l;
    for (long s = 0; s < STEPS; s++) {
#pragma GCC unroll 12
        for (int c = 0; c < CHAINS; c++) a[c] = a[c] * x + y;
    }
    for (int c = 1; c < CHAINS; c++) a[0] += a[c];
    *(float *)sink = a[0][0];
    return NULL;
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    double best = 0;
    pthread_t t[256];
    static float sink[256 * 16];
    for (int round = 0; round < 4; round++) {
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        for (int i = 0; i < threads; i++) pthread_create(&t[i], NULL, work, &sink[i * 16]);
        for (int i = 0; i < threads; i++) pthread_join(t[i], NULL);
        clock_gettime(CLOCK_MONOTONIC, &b);
        double s = (b.tv_sec - a.tv_sec) + 1e-9 * (b.tv_nsec - a.tv_nsec);
        double rate = 2.0 * LANES * CHAINS * STEPS * threads / s / 1e9;
        if (rate > best) best = rate;
    }
    printf("%.1f\n", best);
    return 0;
}
