// out[m][o] = fold over r of map[m](inputs at place(o) + place(r)), up to four maps in one pass. A NaN, once met, stays.
// Long folds are cut into chunks whose partial results are folded in order afterwards: the same bits on every device.
#include "hoag.cuh"

enum Fold { SUM, MAX, MIN, PROD, ARGMAX, ARGMIN };

struct Reduce {
    Table table;
    float* out[4];  // one for each map: (outputs), or (chunks, outputs) before finish
    Axes kept;
    Axes folded;
    unsigned outputs;
    unsigned length;  // of the fold
    unsigned chunk;   // elements of the fold in one chunk
    int maps;
    int fold;
};

struct Best {
    float value;
    unsigned at;
};

DEVICE float startOf(int fold) {
    switch (fold) {
        case SUM: return 0;
        case PROD: return 1;
        case MAX: case ARGMAX: return -INFINITY;
        default: return INFINITY;
    }
}

DEVICE Best fold(int how, Best a, Best b) {
    switch (how) {
        case SUM: return {a.value + b.value, 0};
        case PROD: return {a.value * b.value, 0};
    }
    if (a.value != a.value || b.value != b.value) {
        bool first = b.value == b.value || (a.value != a.value && a.at < b.at);
        return first ? a : b;
    }
    if (a.value == b.value) {
        bool lower = how == MIN || how == ARGMIN;
        bool swap = (how == MAX || how == MIN) && signbit(a.value) != signbit(b.value) && signbit(b.value) == lower;
        return swap || (!(how == MAX || how == MIN) && b.at < a.at) ? b : a;
    }
    bool larger = how == MAX || how == ARGMAX;
    return (a.value > b.value) == larger ? a : b;
}

DEVICE float resultOf(int how, Best best) {
    return how == ARGMAX || how == ARGMIN ? (float) (best.at == ~0u ? 0 : best.at) : best.value;
}

DEVICE void visit(const Reduce& p, Best* mine, unsigned kept, unsigned r) {
    float y[4];
    SLOT_MAP(y, kept + placeOf(p.folded, r));
#pragma unroll
    for (int m = 0; m < 4; m++) {
        mine[m] = fold(p.fold, mine[m], {y[m], r});
    }
}

// A block folds one chunk of one output: for folds along memory.
KERNEL(256) reduce_rows(const Reduce p) {
    __shared__ Best all[4][256];
    unsigned o = blockIdx.x, from = blockIdx.y * p.chunk, to = min(p.length, from + p.chunk);
    unsigned kept = placeOf(p.kept, o);
    Best mine[4];
    for (int m = 0; m < 4; m++) mine[m] = {startOf(p.fold), ~0u};
    for (unsigned r = from + threadIdx.x; r < to; r += blockDim.x) visit(p, mine, kept, r);
    for (int m = 0; m < 4; m++) all[m][threadIdx.x] = mine[m];
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            for (int m = 0; m < p.maps; m++) {
                all[m][threadIdx.x] = fold(p.fold, all[m][threadIdx.x], all[m][threadIdx.x + half]);
            }
        }
        __syncthreads();
    }
    if (threadIdx.x < p.maps) {
        p.out[threadIdx.x][blockIdx.y * p.outputs + o] = resultOf(p.fold, all[threadIdx.x][0]);
    }
}

// A thread folds one chunk of one output: for outputs that are neighbours in memory, and for short folds.
KERNEL(256) reduce_columns(const Reduce p) {
    unsigned o = blockIdx.x * blockDim.x + threadIdx.x, from = blockIdx.y * p.chunk, to = min(p.length, from + p.chunk);
    if (o >= p.outputs) return;
    unsigned kept = placeOf(p.kept, o);
    Best mine[4];
    for (int m = 0; m < 4; m++) mine[m] = {startOf(p.fold), ~0u};
    for (unsigned r = from; r < to; r++) visit(p, mine, kept, r);
    for (int m = 0; m < p.maps; m++) p.out[m][blockIdx.y * p.outputs + o] = resultOf(p.fold, mine[m]);
}

struct Finish {
    const float* partial;  // (chunks, outputs)
    float* out;
    unsigned outputs;
    unsigned chunks;
    int fold;
};

KERNEL(256) reduce_finish(const Finish p) {
    unsigned o = blockIdx.x * blockDim.x + threadIdx.x;
    if (o >= p.outputs) return;
    Best best = {startOf(p.fold), ~0u};
    for (unsigned c = 0; c < p.chunks; c++) best = fold(p.fold, best, {p.partial[c * p.outputs + o], c});
    p.out[o] = best.value;
}
