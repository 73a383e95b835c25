// One tile of a product by a block of 256 threads, 16 steps of k at a time through shared memory:
//   result(m, n) = sum over k of a(m, k) b(k, n)
// TALL x 128 results (TALL is 64 or 128). What a and b are is the caller's: matrices, or the windows of a convolution; both give where an element lies, null
// for a 0. Results pass through shared memory too, so that neighbours in n are written, and what follows reads them, by neighbouring threads.
#pragma once
#include "hoag.cuh"

#define STEP 16
#define WIDE 128
#define PASS 64             // rows of results that pass through shared memory at a time
#define ROW (WIDE + 4)      // of shared memory: rows begin at other banks, at a multiple of 16 bytes
#define AT_ONCE 4           // results that a thread finishes at a time: what follows reads all before one is written

// Which part of the sum a block computes, and where results go.
struct Part {
    unsigned m0, n0, k0, k1;
    bool whole;  // else partial sums, without what follows
    float* y;
};

// How operands lie. aAlongK: neighbours in k are neighbours in memory for a (else neighbours in m); bAlongN likewise (else in k). fours: four of these neighbours
// are all there, and begin at a multiple of 16 bytes, wherever their index is a multiple of four.
struct Order {
    bool aAlongK, bAlongN, aFours, bFours;
    const float *a, *b;  // an address of theirs, for copies of nothing
};

// Results (PASS, WIDE) that the block left in shared memory: whether row and column are inside, and which element that is, `where` says.
template <class Where>
DEVICE void finish(const Part& part, const float* all, unsigned row0, Where where) {
#pragma unroll 1
    for (unsigned e = threadIdx.x; e < PASS * WIDE; e += AT_ONCE * 256) {
        unsigned at[AT_ONCE];
        bool inside[AT_ONCE];
        float y[AT_ONCE];
#pragma unroll
        for (int j = 0; j < AT_ONCE; j++) {
            unsigned row = (e + 256 * j) / WIDE, column = (e + 256 * j) % WIDE;
            at[j] = 0;
            inside[j] = where(part.m0 + row0 + row, part.n0 + column, at[j]);
            y[j] = all[row * ROW + column];
        }
        if (part.whole) {
#pragma unroll
            for (int j = 0; j < AT_ONCE; j++) {
                float sum = y[j];
                SLOT_EPILOGUE(y[j], sum, at[j]);
            }
        }
#pragma unroll
        for (int j = 0; j < AT_ONCE; j++) {
            if (inside[j]) part.y[at[j]] = y[j];
        }
    }
}

// In float32: a thread has TALL / 16 x 8 results, and the next 16 steps of k in registers while it computes these.
//
// ptxas 13.0 for sm_75, sm_80, sm_90 (not timed on silicon): 127 or 128 registers at TALL 128 (40 bytes spilt by the forward convolution on sm_90 alone), 93 to 109 at
// 64; 33 KiB of shared memory: two blocks, 16 warps on a multiprocessor, one on sm_75.
template <int TALL>
struct Single {
    static constexpr int ROWS = TALL / 16;

    // A thread's elements of a panel, (i, s) for j = 0, 1, ...: one by one, or in fours.
    template <int SIZE>
    MEMBER void place(unsigned& i, unsigned& s, bool alongK, int j) {
        unsigned t = threadIdx.x;
        i = alongK ? t / STEP + 16 * j : t % SIZE;
        s = alongK ? t % STEP : t / SIZE + 256 / SIZE * j;
    }

    template <int SIZE>
    MEMBER void placeOfFour(unsigned& i, unsigned& s, bool alongK, int j) {
        unsigned t = threadIdx.x;
        i = alongK ? t / 4 + 64 * j : 4 * t % SIZE;
        s = alongK ? t % 4 * 4 : 4 * t / SIZE + 1024 / SIZE * j;
    }

    template <int SIZE, class From>
    MEMBER void load(float* x, bool alongK, bool fours, unsigned i0, unsigned k, unsigned k1, From from) {
        unsigned i, s;
        if (fours) {
#pragma unroll
            for (int j = 0; j < SIZE / 64; j++) {
                placeOfFour<SIZE>(i, s, alongK, j);
                valuesOf(x + 4 * j, k + s < k1 ? from(i0 + i, k + s) : nullptr);
            }
            return;
        }
#pragma unroll
        for (int j = 0; j < SIZE / 16; j++) {
            place<SIZE>(i, s, alongK, j);
            const float* p = k + s < k1 ? from(i0 + i, k + s) : nullptr;
            x[j] = valueOf(p);
        }
    }

    template <int SIZE>
    MEMBER void keep(float* to, bool alongK, bool fours, const float* x) {
        unsigned i, s;
        if (fours) {
#pragma unroll
            for (int j = 0; j < SIZE / 64; j++) {
                placeOfFour<SIZE>(i, s, alongK, j);
                if (!alongK) write4(to + s * (SIZE + 4) + i, x + 4 * j);
                if (!alongK) continue;
#pragma unroll
                for (int e = 0; e < 4; e++) to[(s + e) * (SIZE + 4) + i] = x[4 * j + e];
            }
            return;
        }
#pragma unroll
        for (int j = 0; j < SIZE / 16; j++) {
            place<SIZE>(i, s, alongK, j);
            to[s * (SIZE + 4) + i] = x[j];
        }
    }

    template <class A, class B, class Where>
    MEMBER void tile(const Part& part, const Order& order, A a, B b, Where where) {
        constexpr int LEFT = STEP * (TALL + 4), BOTH = LEFT + STEP * ROW;
        __shared__ __align__(16) float all[2 * BOTH > PASS * ROW ? 2 * BOTH : PASS * ROW];
        unsigned t = threadIdx.x, row = t / 16 * 4, column = t % 16 * 4;
        float sum[ROWS][8] = {}, nextA[ROWS], nextB[8];
        load<TALL>(nextA, order.aAlongK, order.aFours, part.m0, part.k0, part.k1, a);
        load<WIDE>(nextB, !order.bAlongN, order.bFours, part.n0, part.k0, part.k1, b);
        keep<TALL>(all, order.aAlongK, order.aFours, nextA);
        keep<WIDE>(all + LEFT, !order.bAlongN, order.bFours, nextB);
        __syncthreads();
        float* now = all;
        float* later = all + BOTH;
        for (unsigned k = part.k0; k < part.k1; k += STEP) {
            bool more = k + STEP < part.k1;
            if (more) {
                load<TALL>(nextA, order.aAlongK, order.aFours, part.m0, k + STEP, part.k1, a);
                load<WIDE>(nextB, !order.bAlongN, order.bFours, part.n0, k + STEP, part.k1, b);
            }
#pragma unroll
            for (int s = 0; s < STEP; s++) {
                float left[ROWS], right[8];
#pragma unroll
                for (int i = 0; i < ROWS; i += 4) read4(left + i, now + s * (TALL + 4) + row + 16 * i);
#pragma unroll
                for (int j = 0; j < 8; j += 4) read4(right + j, now + LEFT + s * ROW + column + 16 * j);
#pragma unroll
                for (int i = 0; i < ROWS; i++) {
#pragma unroll
                    for (int j = 0; j < 8; j++) sum[i][j] = fmaf(left[i], right[j], sum[i][j]);
                }
            }
            if (more) {
                keep<TALL>(later, order.aAlongK, order.aFours, nextA);
                keep<WIDE>(later + LEFT, !order.bAlongN, order.bFours, nextB);
            }
            __syncthreads();
            float* swap = now;
            now = later;
            later = swap;
        }
#pragma unroll
        for (int pass = 0; pass < TALL / PASS; pass++) {
            if (pass > 0) __syncthreads();
#pragma unroll
            for (int i = 0; i < 4; i++) {
                write4(all + (row + i) * ROW + column, sum[4 * pass + i]);
                write4(all + (row + i) * ROW + column + 64, sum[4 * pass + i] + 4);
            }
            __syncthreads();
            finish(part, all, PASS * pass, where);
        }
    }
};

// Partial sums over stretches of k, added in order: (splits, count) -> (count), then the epilogue.
struct Splits {
    Table table;
    const float* partial;
    float* out;
    unsigned count;
    unsigned splits;
};

DEVICE float sumOfSplits(const Splits& p, unsigned i) {
    float sum = 0;
    for (unsigned s = 0; s < p.splits; s++) sum += p.partial[(unsigned long long) s * p.count + i];
    return sum;
}
