// What this machine does at most with so many threads: GFLOP/s of fused multiply-adds (an FMA is two; every thread keeps 12 independent vectors
// busy), then GB/s of the triad x = a * y + z over three arrays of 64 MiB for each thread (12 bytes an element). Prints both.
// cc -O3 -march=native -pthread peak.c; ./a.out THREADS
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
#define FLOATS (1L << 24)
#define MOST 256
typedef float vec __attribute__((vector_size(4 * LANES)));
static float *arrays[MOST];
volatile float sink[MOST * 16];

static void *spin(void *at) {
    long me = (long)at;
    vec a[CHAINS], x, y;
    for (int l = 0; l < LANES; l++) x[l] = 0.999f, y[l] = 0.001f;
    for (int c = 0; c < CHAINS; c++)
        for (int l = 0; l < LANES; l++) a[c][l] = c + l;
    for (long s = 0; s < STEPS; s++) {
#pragma GCC unroll 12
        for (int c = 0; c < CHAINS; c++) a[c] = a[c] * x + y;
    }
    for (int c = 1; c < CHAINS; c++) a[0] += a[c];
    sink[me * 16] = a[0][0];
    return NULL;
}

static void *fill(void *at) {
    memset(arrays[(long)at], 1, 3 * FLOATS * sizeof(float));
    return NULL;
}

static void *triad(void *at) {
    float *restrict x = arrays[(long)at], *restrict y = x + FLOATS, *restrict z = y + FLOATS;
    for (int round = 0; round < 3; round++)
        for (long i = 0; i < FLOATS; i++) x[i] = 0.5f * y[i] + z[i];
    return NULL;
}

/* Seconds until all threads have done `work`, the best of some rounds. */
static double best(int rounds, int threads, void *(*work)(void *)) {
    double least = 1e30;
    pthread_t t[MOST];
    for (int round = 0; round < rounds; round++) {
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        for (long i = 0; i < threads; i++) pthread_create(&t[i], NULL, work, (void *)i);
        for (int i = 0; i < threads; i++) pthread_join(t[i], NULL);
        clock_gettime(CLOCK_MONOTONIC, &b);
        double s = (b.tv_sec - a.tv_sec) + 1e-9 * (b.tv_nsec - a.tv_nsec);
        if (s < least) least = s;
    }
    return least;
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    if (threads < 1 || threads > MOST) return 1;
    double flops = 2.0 * LANES * CHAINS * STEPS * threads / best(4, threads, spin) / 1e9;
    for (int i = 0; i < threads; i++)
        if (!(arrays[i] = aligned_alloc(1 << 21, 3 * FLOATS * sizeof(float)))) return 1;
    best(1, threads, fill);
    printf("%.1f %.1f\n", flops, 3 * 12.0 * FLOATS * threads / best(3, threads, triad) / 1e9);
    return 0;
}
