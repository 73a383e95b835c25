// The sum over a block of what each thread has, by halves: the same order always. all: an element for each thread.
#pragma once
#include "hoag.cuh"

DEVICE float blockSum(float mine, float* all) {
    all[threadIdx.x] = mine;
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) all[threadIdx.x] += all[threadIdx.x + half];
        __syncthreads();
    }
    float sum = all[0];
    __syncthreads();
    return sum;
}
