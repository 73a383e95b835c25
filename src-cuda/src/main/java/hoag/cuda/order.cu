// The columns of the first `count` elements of each row in order. An element's place is the number of elements that come before it: all pairs are
// compared, which needs no memory and keeps equal elements in their order. A NaN counts as largest; -0 equals 0.
#include "hoag.cuh"

struct Order {
    const float* x;
    float* out;
    unsigned rows, length, count;
    int largestFirst;
};

DEVICE bool before(float a, float b) { return a < b || (b != b && a == a); }

KERNEL(256) order_rank(const Order p) {
    unsigned elements = p.rows * p.length;
    for (unsigned e = blockIdx.x * blockDim.x + threadIdx.x; e < elements; e += gridDim.x * blockDim.x) {
        unsigned row = e / p.length, column = e - row * p.length, rank = 0;
        const float* x = p.x + row * p.length;
        float mine = x[column];
        for (unsigned other = 0; other < p.length; other++) {
            bool first = p.largestFirst ? before(mine, x[other]) : before(x[other], mine);
            bool second = p.largestFirst ? before(x[other], mine) : before(mine, x[other]);
            rank += first || (!second && other < column);
        }
        if (rank < p.count) p.out[row * p.count + rank] = (float) column;
    }
}
