// out[o][i] = formula[o](inputs at i) for every element i of a space; inputs broadcast. Everything but the loop is the formula's.
#include "hoag.cuh"

struct Pointwise {
    Table table;
    unsigned count;
};

KERNEL(256) pointwise(const Pointwise p) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < p.count; i += gridDim.x * blockDim.x) {
        SLOT_STORE(i);
    }
}
