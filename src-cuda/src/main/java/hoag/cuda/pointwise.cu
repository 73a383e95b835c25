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

// The same formulas over many tensors, each with a table of its own: (blocks) of 4 elements a thread, laid out tensor behind tensor.
struct Segment {
    Table table;
    unsigned first;  // block
    unsigned count;
};

struct Many {
    const Segment* segments;
    unsigned count;
};

KERNEL(256) pointwise_many(const Many p) {
    unsigned low = 0, high = p.count;  // the last segment that does not begin behind this block
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (p.segments[middle].first <= blockIdx.x) {
            low = middle;
        } else {
            high = middle;
        }
    }
    const Segment* s = p.segments + low;
    unsigned from = (blockIdx.x - s->first) * 4 * blockDim.x, to = min(s->count, from + 4 * blockDim.x);
    for (unsigned i = from + threadIdx.x; i < to; i += blockDim.x) SLOT_EACH(&s->table, i);
}
