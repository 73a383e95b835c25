// The sum and the largest over neighbouring lanes of a warp, by exchanges: the same order always, the same result in all of them.
#pragma once
#include "hoag.cuh"

#ifndef HOAG_HOST
// What the lane has whose number differs in these bits.
DEVICE float exchange(float x, unsigned bits) { return __shfl_xor_sync(~0u, x, bits); }
#endif

template <int LANES>
DEVICE float laneSum(float x) {
#pragma unroll
    for (int bits = LANES / 2; bits > 0; bits /= 2) x += exchange(x, bits);
    return x;
}

template <int LANES>
DEVICE float laneMax(float x) {
#pragma unroll
    for (int bits = LANES / 2; bits > 0; bits /= 2) x = fmaxf(x, exchange(x, bits));
    return x;
}
