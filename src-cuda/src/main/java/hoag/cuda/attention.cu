// softmax(f(q k')) v without the scores in memory: a block takes 16 queries of one head and walks over the keys, 32 at a time, with the largest score so
// far, the sum of exponentials and the weighted sum of values, which are scaled when a larger score comes (online softmax, Milakov and Gimelshein 2018;
// FlashAttention, Dao et al. 2022). f is the slot, which reads the bias of a score, if there are any, (biases, queries, keys), from the table.
#include "attention.cuh"

#define QUERIES 16
#define KEYS 32
#define WIDEST 128  // of a query, key or value; CudaAttention.java knows it too

struct Attention {
    Table table;
    const float* q;
    const float* k;
    const float* v;
    float* y;  // (batch, queries, heads, out)
    unsigned heads, queries, keys, width, out;
    Place atQ, atK, atV;
    unsigned biases;  // or 0
};

// (tokens, width), rows of WIDEST + 1 elements so that lanes with neighbouring tokens read different banks; tokens behind the last are 0.
DEVICE void bring(float (*to)[WIDEST + 1], const float* from, unsigned stride, unsigned token, unsigned count, unsigned tokens, unsigned width) {
    for (unsigned e = threadIdx.x; e < count * width; e += blockDim.x) {
        unsigned t = e / width, i = e - t * width;
        to[t][i] = token + t < tokens ? from[(token + t) * stride + i] : 0.f;
    }
}

KERNEL(256) attention_tiles(const Attention p) {
    __shared__ float query[QUERIES][WIDEST + 1];
    __shared__ float other[KEYS][WIDEST + 1];  // keys, then values
    __shared__ float score[QUERIES][KEYS + 1];
    __shared__ float largest[QUERIES], sum[QUERIES], scale[QUERIES];
    unsigned t = threadIdx.x, q0 = blockIdx.x * QUERIES;
    const float* k = first(p.k, p.atK, blockIdx.z, blockIdx.y);
    const float* v = first(p.v, p.atV, blockIdx.z, blockIdx.y);
    unsigned matrix = p.biases == 0 ? 0 : (blockIdx.z * p.heads + blockIdx.y) % p.biases * p.queries;
    float result[QUERIES * WIDEST / 256] = {};  // elements t, t + 256, ... of (queries, out)
    bring(query, first(p.q, p.atQ, blockIdx.z, blockIdx.y), p.atQ.token, q0, QUERIES, p.queries, p.width);
    if (t < QUERIES) {
        largest[t] = -INFINITY;
        sum[t] = 0;
    }
    for (unsigned k0 = 0; k0 < p.keys; k0 += KEYS) {
        bring(other, k, p.atK.token, k0, KEYS, p.keys, p.width);
        __syncthreads();
        for (unsigned row = t / KEYS; row < QUERIES; row += 256 / KEYS) {
            float dot = 0, f;
            for (unsigned i = 0; i < p.width; i++) dot = fmaf(query[row][i], other[t % KEYS][i], dot);
            unsigned at = p.biases == 0 ? 0 : (matrix + min(q0 + row, p.queries - 1)) * p.keys + min(k0 + t % KEYS, p.keys - 1);
            SLOT_EPILOGUE(f, dot, at);
            score[row][t % KEYS] = k0 + t % KEYS < p.keys ? f : -INFINITY;
        }
        __syncthreads();
        bring(other, v, p.atV.token, k0, KEYS, p.keys, p.out);
        if (t < QUERIES) {
            float before = largest[t], now = before;
            for (unsigned j = 0; j < KEYS; j++) now = fmaxf(now, score[t][j]);
            largest[t] = now;
            scale[t] = before == now ? 1.f : expf(before - now);
        }
        __syncthreads();
        for (unsigned row = t / KEYS; row < QUERIES; row += 256 / KEYS) score[row][t % KEYS] = expf(score[row][t % KEYS] - largest[row]);
        __syncthreads();
        if (t < QUERIES) {
            float more = 0;
            for (unsigned j = 0; j < KEYS; j++) more += score[t][j];
            sum[t] = sum[t] * scale[t] + more;
        }
#pragma unroll
        for (unsigned n = 0; n < QUERIES * WIDEST / 256; n++) {
            unsigned e = t + 256 * n, row = e / p.out, i = e - row * p.out;
            if (row < QUERIES) {
                float add = 0;
                for (unsigned j = 0; j < KEYS; j++) add = fmaf(score[row][j], other[j][i], add);
                result[n] = fmaf(result[n], scale[row], add);
            }
        }
        __syncthreads();
    }
#pragma unroll
    for (unsigned n = 0; n < QUERIES * WIDEST / 256; n++) {
        unsigned e = t + 256 * n, row = e / p.out, i = e - row * p.out;
        if (row < QUERIES && q0 + row < p.queries) {
            p.y[((blockIdx.z * p.queries + q0 + row) * p.heads + blockIdx.y) * p.out + i] = result[n] / sum[row];
        }
    }
}
