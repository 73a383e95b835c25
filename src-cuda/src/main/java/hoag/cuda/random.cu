// out[i] = Uniform.at(Uniform.key(seed, step, node), i), bit for bit as hoag.kernels.Uniform: splitmix64 of a counter, 24 bits.
#include "hoag.cuh"

struct Random {
    const unsigned long long* state;  // seed and step, written before every run
    float* out;
    unsigned long long node;
    unsigned count;
};

DEVICE unsigned long long mix(unsigned long long z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

KERNEL(256) random_uniform(const Random p) {
    unsigned long long key =
        mix(mix(mix(p.state[0] + 0x9e3779b97f4a7c15ull) + p.state[1] * 0xd1b54a32d192ed03ull) + p.node * 0x8cb92ba72f3d8dd7ull);
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < p.count; i += gridDim.x * blockDim.x) {
        p.out[i] = (float) (mix(key + (i + 1ull) * 0x9e3779b97f4a7c15ull) >> 40) * 5.9604644775390625e-8f;
    }
}
