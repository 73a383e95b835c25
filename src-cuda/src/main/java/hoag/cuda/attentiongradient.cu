// The gradient of attention without weights in memory (Dao et al. 2022, algorithm 4), in two kernels, so that nobody adds to what somebody else adds to:
//   queries  a block takes TOKENS queries of one head and walks over the keys: with e = exp(score - the largest so far) and d = dy v' it sums e, e d, e k and e d k, which give
//            dq = scale (sum e d k - D sum e k) / sum e, where D = sum e d / sum e; it keeps the largest, 1 / sum e and D of each query
//   keys     a block takes TOKENS keys and walks over the queries: with p = exp(score - largest) / sum e, dv = sum p dy, dk = scale sum p (d - D) q
// Threads have 2 x 2 or 1 of the scores of a tile, and four neighbouring elements of one or two tokens of each result. f is the slot, as in attention.cu.
//
// ptxas 13.0 for sm_80 (not timed on silicon): 93 to 128 registers, 32 bytes spilt by queries_64 alone; 27 to 44 KiB of shared memory.
//
// What stays of a block are its "own" tokens, two tensors of them; "other" ones pass by.
#include "attention.cuh"
#include "warp.cuh"

struct AttentionGradient {
    Table table;
    const float* q;
    const float* k;
    const float* v;
    const float* up;  // d loss / d result
    float* dq;
    float* dk;
    float* dv;
    float* seen;  // (batch, heads, 3, queries): largest score, one over the sum, D
    unsigned heads, queries, keys, width, out;
    Place atQ, atK, atV, atUp, toQ, toK, toV;
    unsigned biases;  // or 0
    float scale;
};

template <int TOKENS, int WIDEST>
struct Tile {
    static constexpr int PITCH = WIDEST + 4, ROW = TOKENS + 4;  // rows of shared memory begin at other banks, at a multiple of 16 bytes
    static constexpr int SIDE = TOKENS / 16;                    // scores of a thread: (row + 16 i, column + 16 j)
    static constexpr int EACH = TOKENS * WIDEST / 1024;         // tokens of a thread in a result

    // (TOKENS, width), 0 up to a multiple of four elements and where there are no tokens.
    MEMBER void bring(float* to, const float* from, unsigned stride, unsigned token, unsigned tokens, unsigned width) {
        if (width % 4 == 0 && stride % 4 == 0 && aligned(from)) {
            for (unsigned e = threadIdx.x; e < TOKENS * WIDEST / 4; e += 256) {
                unsigned t = e / (WIDEST / 4), i = e % (WIDEST / 4) * 4;
                if (i >= width) continue;
                float x[4];
                valuesOf(x, token + t < tokens ? from + (token + t) * stride + i : nullptr);
                write4(to + t * PITCH + i, x);
            }
            return;
        }
        for (unsigned e = threadIdx.x; e < TOKENS * WIDEST; e += 256) {
            unsigned t = e / WIDEST, i = e % WIDEST;
            if (i < width + 3) to[t * PITCH + i] = valueOf(token + t < tokens && i < width ? from + (token + t) * stride + i : nullptr);
        }
    }

    // sum(i, j) = own(row + 16 i) other(column + 16 j)'
    MEMBER void dots(float (*sum)[SIDE], const float* own, const float* other, unsigned width) {
        own += threadIdx.x / 16 * PITCH;
        other += threadIdx.x % 16 * PITCH;
#pragma unroll
        for (int i = 0; i < SIDE * SIDE; i++) sum[i / SIDE][i % SIDE] = 0;
        for (unsigned k = 0; k < width; k += 4) {
            float x[SIDE][4], y[SIDE][4];
#pragma unroll
            for (int i = 0; i < SIDE; i++) {
                read4(x[i], own + 16 * i * PITCH + k);
                read4(y[i], other + 16 * i * PITCH + k);
            }
#pragma unroll
            for (int i = 0; i < SIDE * SIDE; i++) {
#pragma unroll
                for (int e = 0; e < 4; e++) sum[i / SIDE][i % SIDE] = fmaf(x[i / SIDE][e], y[i % SIDE][e], sum[i / SIDE][i % SIDE]);
            }
        }
    }

    // sum(token, i) += weights(token, other token) other(other token, i)
    MEMBER void add(float (*sum)[4], const float* weights, const float* other, unsigned width) {
        unsigned i = threadIdx.x % (WIDEST / 4) * 4;
        if (i >= width) return;
        weights += threadIdx.x / (WIDEST / 4) * EACH * ROW;
#pragma unroll 2
        for (unsigned c = 0; c < TOKENS; c += 4) {
            float w[EACH][4];
#pragma unroll
            for (int r = 0; r < EACH; r++) read4(w[r], weights + r * ROW + c);
#pragma unroll
            for (int e = 0; e < 4; e++) {
                float x[4];
                read4(x, other + (c + e) * PITCH + i);
#pragma unroll
                for (int j = 0; j < 4 * EACH; j++) sum[j / 4][j % 4] = fmaf(w[j / 4][e], x[j % 4], sum[j / 4][j % 4]);
            }
        }
    }

    MEMBER unsigned token(int r) { return threadIdx.x / (WIDEST / 4) * EACH + r; }

    // A thread's part of a result.
    MEMBER void leave(float* to, unsigned stride, unsigned first, unsigned tokens, unsigned width, const float (*x)[4]) {
        unsigned i = threadIdx.x % (WIDEST / 4) * 4;
        bool whole = width % 4 == 0 && stride % 4 == 0 && aligned(to);
#pragma unroll
        for (int r = 0; r < EACH; r++) {
            unsigned t = first + token(r);
            if (t >= tokens || i >= width) continue;
            if (whole) {
                write4(to + t * stride + i, x[r]);
            } else {
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    if (i + j < width) to[t * stride + i + j] = x[r][j];
                }
            }
        }
    }
};

// What becomes of a score before the softmax; -infinity where there is no such key.
DEVICE float scoreOf(const AttentionGradient& p, float dot, unsigned query, unsigned key) {
    unsigned matrix = p.biases == 0 ? 0 : (blockIdx.z * p.heads + blockIdx.y) % p.biases * p.queries;
    unsigned at = p.biases == 0 ? 0 : (matrix + min(query, p.queries - 1)) * p.keys + min(key, p.keys - 1);
    float f;
    SLOT_EPILOGUE(f, dot, at);
    return key < p.keys ? f : -INFINITY;
}

DEVICE float* seenOf(const AttentionGradient& p) { return p.seen + (blockIdx.z * p.heads + blockIdx.y) * 3 * p.queries; }

template <int TOKENS, int WIDEST>
DEVICE void queries(const AttentionGradient& p) {
    typedef Tile<TOKENS, WIDEST> T;
    constexpr int SIDE = T::SIDE, EACH = T::EACH;
    __shared__ __align__(16) float q[TOKENS * T::PITCH], up[TOKENS * T::PITCH], k[TOKENS * T::PITCH], v[TOKENS * T::PITCH];
    __shared__ __align__(16) float weight[TOKENS * T::ROW], weighted[TOKENS * T::ROW];
    __shared__ float factor[TOKENS], shift[TOKENS];
    unsigned q0 = blockIdx.x * TOKENS, row = threadIdx.x / 16, column = threadIdx.x % 16;
    const float* firstK = first(p.k, p.atK, blockIdx.z, blockIdx.y);
    const float* firstV = first(p.v, p.atV, blockIdx.z, blockIdx.y);
    float largest[SIDE], sum[SIDE] = {}, dot[SIDE] = {}, plain[EACH][4] = {}, result[EACH][4] = {};
#pragma unroll
    for (int i = 0; i < SIDE; i++) largest[i] = -INFINITY;
    T::bring(q, first(p.q, p.atQ, blockIdx.z, blockIdx.y), p.atQ.token, q0, p.queries, p.width);
    T::bring(up, first(p.up, p.atUp, blockIdx.z, blockIdx.y), p.atUp.token, q0, p.queries, p.out);
    for (unsigned k0 = 0; k0 < p.keys; k0 += TOKENS) {
        T::bring(k, firstK, p.atK.token, k0, p.keys, p.width);
        T::bring(v, firstV, p.atV.token, k0, p.keys, p.out);
        __syncthreads();
        float s[SIDE][SIDE], d[SIDE][SIDE];
        T::dots(s, q, k, p.width);
        T::dots(d, up, v, p.out);
#pragma unroll
        for (int i = 0; i < SIDE; i++) {
            float now = largest[i], e = 0, ed = 0;
#pragma unroll
            for (int j = 0; j < SIDE; j++) {
                s[i][j] = scoreOf(p, s[i][j], q0 + row + 16 * i, k0 + column + 16 * j);
                now = fmaxf(now, s[i][j]);
            }
            now = laneMax<16>(now);
            float less = largest[i] == now ? 1.f : expf(largest[i] - now);
            largest[i] = now;
#pragma unroll
            for (int j = 0; j < SIDE; j++) {
                float x = s[i][j] == -INFINITY ? 0.f : expf(s[i][j] - now);
                weight[(row + 16 * i) * T::ROW + column + 16 * j] = x;
                weighted[(row + 16 * i) * T::ROW + column + 16 * j] = x * d[i][j];
                e += x;
                ed = fmaf(x, d[i][j], ed);
            }
            sum[i] = sum[i] * less + laneSum<16>(e);
            dot[i] = dot[i] * less + laneSum<16>(ed);
            if (column == 0) factor[row + 16 * i] = less;
        }
        __syncthreads();
#pragma unroll
        for (int j = 0; j < 4 * EACH; j++) {
            plain[j / 4][j % 4] *= factor[T::token(j / 4)];
            result[j / 4][j % 4] *= factor[T::token(j / 4)];
        }
        T::add(plain, weight, k, p.width);
        T::add(result, weighted, k, p.width);
        __syncthreads();
    }
    float* seen = seenOf(p);
#pragma unroll
    for (int i = 0; i < SIDE; i++) {
        unsigned query = q0 + row + 16 * i;
        if (column > 0) continue;
        factor[row + 16 * i] = p.scale / sum[i];
        shift[row + 16 * i] = dot[i] / sum[i];
        if (query >= p.queries) continue;
        seen[query] = largest[i];
        seen[p.queries + query] = 1 / sum[i];
        seen[2 * p.queries + query] = dot[i] / sum[i];
    }
    __syncthreads();
#pragma unroll
    for (int j = 0; j < 4 * EACH; j++) {
        unsigned t = T::token(j / 4);
        result[j / 4][j % 4] = factor[t] * (result[j / 4][j % 4] - shift[t] * plain[j / 4][j % 4]);
    }
    T::leave(first(p.dq, p.toQ, blockIdx.z, blockIdx.y), p.toQ.token, q0, p.queries, p.width, result);
}

template <int TOKENS, int WIDEST>
DEVICE void keys(const AttentionGradient& p) {
    typedef Tile<TOKENS, WIDEST> T;
    constexpr int SIDE = T::SIDE, EACH = T::EACH;
    __shared__ __align__(16) float q[TOKENS * T::PITCH], up[TOKENS * T::PITCH], k[TOKENS * T::PITCH], v[TOKENS * T::PITCH];
    __shared__ __align__(16) float weight[TOKENS * T::ROW], score[TOKENS * T::ROW];
    unsigned k0 = blockIdx.x * TOKENS, row = threadIdx.x / 16, column = threadIdx.x % 16;
    const float* firstQ = first(p.q, p.atQ, blockIdx.z, blockIdx.y);
    const float* firstUp = first(p.up, p.atUp, blockIdx.z, blockIdx.y);
    const float* seen = seenOf(p);
    float dk[EACH][4] = {}, dv[EACH][4] = {};
    T::bring(k, first(p.k, p.atK, blockIdx.z, blockIdx.y), p.atK.token, k0, p.keys, p.width);
    T::bring(v, first(p.v, p.atV, blockIdx.z, blockIdx.y), p.atV.token, k0, p.keys, p.out);
    for (unsigned q0 = 0; q0 < p.queries; q0 += TOKENS) {
        T::bring(q, firstQ, p.atQ.token, q0, p.queries, p.width);
        T::bring(up, firstUp, p.atUp.token, q0, p.queries, p.out);
        __syncthreads();
        float s[SIDE][SIDE], d[SIDE][SIDE];
        T::dots(s, q, k, p.width);  // neighbouring threads have neighbouring keys, as their biases lie
        T::dots(d, up, v, p.out);
#pragma unroll
        for (int i = 0; i < SIDE; i++) {
            unsigned query = q0 + row + 16 * i;
            bool there = query < p.queries;
            float largest = there ? seen[query] : 0.f, share = there ? seen[p.queries + query] : 0.f, dot = there ? seen[2 * p.queries + query] : 0.f;
#pragma unroll
            for (int j = 0; j < SIDE; j++) {
                float f = scoreOf(p, s[i][j], query, k0 + column + 16 * j), x = there ? expf(f - largest) * share : 0.f;
                weight[(column + 16 * j) * T::ROW + row + 16 * i] = x;
                score[(column + 16 * j) * T::ROW + row + 16 * i] = p.scale * x * (d[i][j] - dot);
            }
        }
        __syncthreads();
        T::add(dv, weight, up, p.out);
        T::add(dk, score, q, p.width);
        __syncthreads();
    }
    T::leave(first(p.dk, p.toK, blockIdx.z, blockIdx.y), p.toK.token, k0, p.keys, p.width, dk);
    T::leave(first(p.dv, p.toV, blockIdx.z, blockIdx.y), p.toV.token, k0, p.keys, p.out, dv);
}

KERNEL(256) attentiongradient_queries_32(const AttentionGradient p) { queries<32, 32>(p); }

KERNEL(256) attentiongradient_queries_64(const AttentionGradient p) { queries<32, 64>(p); }

KERNEL(256) attentiongradient_queries_128(const AttentionGradient p) { queries<16, 128>(p); }

KERNEL(256) attentiongradient_keys_32(const AttentionGradient p) { keys<32, 32>(p); }

KERNEL(256) attentiongradient_keys_64(const AttentionGradient p) { keys<32, 64>(p); }

KERNEL(256) attentiongradient_keys_128(const AttentionGradient p) { keys<16, 128>(p); }
