// out[i] = table[indices[i]], and its gradient: row i of dy is added to row indices[i] of dtable, in the order of i on every device. An index that
// is not in the table is reported in fault = {1, place, index, rows}, and its row left out.
#include "hoag.cuh"

struct Gather {
    const float* table;
    const float* indices;
    float* out;
    int* fault;
    unsigned rows, width, count;
};

DEVICE bool inside(float index, unsigned rows) { return index >= 0 && index < (float) rows; }

DEVICE void report(int* fault, unsigned place, float index, unsigned rows) {
    if (atomicCAS(fault, 0, 1) == 0) {
        fault[1] = (int) place;
        fault[2] = __float_as_int(index);
        fault[3] = (int) rows;
    }
}

KERNEL(256) gather_forward(const Gather p) {
    unsigned elements = p.count * p.width;
    for (unsigned e = blockIdx.x * blockDim.x + threadIdx.x; e < elements; e += gridDim.x * blockDim.x) {
        unsigned i = e / p.width;
        float index = p.indices[i];
        if (!inside(index, p.rows)) {
            report(p.fault, i, p.indices[i], p.rows);
            continue;
        }
        p.out[e] = p.table[(unsigned) index * p.width + e - i * p.width];
    }
}

// The gradient sorts the places by row: count them, lay the rows behind each other, put the places in (in any order), then sort each row's.
struct Scatter {
    const float* indices;
    const float* dy;
    float* dtable;
    int* fault;
    unsigned* starts;  // (rows + 1)
    unsigned* next;    // (rows)
    unsigned* places;  // (count)
    unsigned rows, width, count;
};

KERNEL(256) gather_clear(const Scatter p) {
    for (unsigned r = blockIdx.x * blockDim.x + threadIdx.x; r < p.rows; r += gridDim.x * blockDim.x) p.next[r] = 0;
}

KERNEL(256) gather_count(const Scatter p) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < p.count; i += gridDim.x * blockDim.x) {
        if (inside(p.indices[i], p.rows)) {
            atomicAdd(&p.next[(unsigned) p.indices[i]], 1u);
        } else {
            report(p.fault, i, p.indices[i], p.rows);
        }
    }
}

// One block: each thread sums its stretch of rows, then the sums of the threads before it are added.
KERNEL(256) gather_starts(const Scatter p) {
    __shared__ unsigned sums[256];
    unsigned each = (p.rows + blockDim.x - 1) / blockDim.x, from = min(p.rows, threadIdx.x * each), to = min(p.rows, from + each);
    unsigned sum = 0;
    for (unsigned r = from; r < to; r++) sum += p.next[r];
    sums[threadIdx.x] = sum;
    __syncthreads();
    unsigned start = 0;
    for (unsigned t = 0; t < threadIdx.x; t++) start += sums[t];
    for (unsigned r = from; r < to; r++) {
        unsigned here = p.next[r];
        p.starts[r] = start;
        p.next[r] = start;
        start += here;
    }
    if (threadIdx.x == blockDim.x - 1) p.starts[p.rows] = start;
}

KERNEL(256) gather_place(const Scatter p) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < p.count; i += gridDim.x * blockDim.x) {
        if (inside(p.indices[i], p.rows)) p.places[atomicAdd(&p.next[(unsigned) p.indices[i]], 1u)] = i;
    }
}

DEVICE void sift(unsigned* heap, unsigned root, unsigned size) {
    while (2 * root + 1 < size) {
        unsigned child = 2 * root + 1;
        if (child + 1 < size && heap[child + 1] > heap[child]) child++;
        if (heap[root] >= heap[child]) return;
        unsigned swap = heap[root];
        heap[root] = heap[child];
        heap[child] = swap;
        root = child;
    }
}

// Heap sort of each row's places: a thread a row.
KERNEL(256) gather_sort(const Scatter p) {
    unsigned r = blockIdx.x * blockDim.x + threadIdx.x;
    if (r >= p.rows) return;
    unsigned* places = p.places + p.starts[r];
    unsigned size = p.starts[r + 1] - p.starts[r];
    for (unsigned root = size / 2; root-- > 0;) sift(places, root, size);
    for (unsigned last = size; last-- > 1;) {
        unsigned largest = places[0];
        places[0] = places[last];
        places[last] = largest;
        sift(places, 0, last);
    }
}

KERNEL(256) gather_sum(const Scatter p) {
    unsigned elements = p.rows * p.width;
    for (unsigned e = blockIdx.x * blockDim.x + threadIdx.x; e < elements; e += gridDim.x * blockDim.x) {
        unsigned r = e / p.width, column = e - r * p.width;
        float sum = 0;
        for (unsigned at = p.starts[r]; at < p.starts[r + 1]; at++) sum += p.dy[p.places[at] * p.width + column];
        p.dtable[e] = sum;
    }
}
