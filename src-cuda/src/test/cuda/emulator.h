// Runs CUDA kernels on the host, for tests of their logic without a GPU. Included by hoag.cuh when HOAG_HOST is defined.
//
// One block at a time; its threads are fibers of one host thread that switch only at __syncthreads(). Warps, lanes and blocks run in an order
// drawn from a seed, and a warp runs as far as it can before the next: a forgotten barrier shows as a wrong result for most seeds, repeatably.
// Seen and reported: a barrier that not all threads reach, two different barriers that wait at once, an instruction of
// a whole warp that some of its lanes do not reach, and what checks.h looks for. Not seen: the memory model, speed. Slots (see hoag.cuh) are interpreted from the very text that the driver was given (slots.h).
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#define __align__(n)
#define __shared__ static __attribute__((section("hoag_shared"), aligned(16)))  // one block at a time
#define __restrict__
#define DEVICE static inline
#define MEMBER static inline
#define METHOD inline
#define KERNEL(threads) extern "C" void
using std::signbit;
using std::isinf;

struct uint3 {
    unsigned x, y, z;
};

namespace emulator {
extern uint3 threadIndex, blockIndex, blockSize, gridSize;
void barrier(const void* site);
void touch(const void* p, unsigned size, unsigned aligned, bool writes, const void* site = nullptr);
float valueOf(const float* p);
void valuesOf(float* to, const float* from);
void copyAsync(void* to, const void* from, unsigned bytes, unsigned read);
void commitAsync();
void waitAsync(unsigned left);
void loadMatrices(unsigned* r, const void* row, int count, bool transposed);
float exchange(float x, unsigned bits);
void* dynamicShared();
void mma(float* c, const unsigned* a, const unsigned* b, bool bf16);
void store(unsigned i);
void each(const void* table, unsigned i);
void map(float* y, unsigned i);
float epilogue(float x, unsigned i);

// Kernels by name; each takes one struct by value.
struct Kernel {
    const char* name;
    unsigned bytes;
    void (*run)(const void* argument);
    Kernel* next;
};
extern Kernel* kernels;

template <class T, void (*F)(const T)>
struct Register : Kernel {
    Register(const char* name) : Kernel{name, sizeof(T), [](const void* p) { F(*static_cast<const T*>(p)); }, kernels} {
        kernels = this;
    }
};

struct Function {
    const char* name;
    int arguments;
    void* address;
    Function* next;
};
extern Function* functions;

struct RegisterFunction : Function {
    RegisterFunction(const char* name, double (*f)(double)) : Function{name, 1, (void*) f, functions} { functions = this; }
    RegisterFunction(const char* name, double (*f)(double, double)) : Function{name, 2, (void*) f, functions} { functions = this; }
};
}  // namespace emulator

#define threadIdx (emulator::threadIndex)
#define blockIdx (emulator::blockIndex)
#define blockDim (emulator::blockSize)
#define gridDim (emulator::gridSize)
#define __syncthreads()         \
    do {                        \
        static char site;       \
        emulator::barrier(&site); \
    } while (0)

#define SLOT_STORE(i) emulator::store(i)
#define SLOT_EACH(table, i) emulator::each(table, i)
#define SLOT_MAP(y, i) emulator::map(y, i)
#define SLOT_EPILOGUE(y, x, i) ((y) = emulator::epilogue(x, i))

// As a tensor core takes them: tf32 halves away from 0, bf16 halves to even.
static inline unsigned roundTf32(unsigned x) { return (x & 0x7f800000u) != 0x7f800000u ? (x + 0x1000) & ~0x1fffu : x; }
static inline unsigned halfOf(unsigned x) { return ((x & 0x7f800000u) != 0x7f800000u ? x + 0x7fff + (x >> 16 & 1) : x) >> 16; }
static inline unsigned roundBf16(unsigned low, unsigned high) { return halfOf(low) | halfOf(high) << 16; }
static inline void loadMatrices(unsigned* r, const float* row) { emulator::loadMatrices(r, row, 4, false); }
static inline void read4(float* to, const float* from) {
    emulator::touch(from, 16, 16, false);
    for (int i = 0; i < 4; i++) to[i] = from[i];
}
static inline void write4(float* to, const float* from) {
    emulator::touch(to, 16, 16, true);
    for (int i = 0; i < 4; i++) to[i] = from[i];
}
static inline float exchange(float x, unsigned bits) { return emulator::exchange(x, bits); }
static inline float valueOf(const float* p) { return emulator::valueOf(p); }
static inline void valuesOf(float* to, const float* from) { emulator::valuesOf(to, from); }
static inline void mmaTf32(float* c, const unsigned* a, const unsigned* b) { emulator::mma(c, a, b, false); }
static inline void mmaBf16(float* c, const unsigned* a, const unsigned* b) { emulator::mma(c, a, b, true); }

static inline unsigned min(unsigned a, unsigned b) { return a < b ? a : b; }
static inline int min(int a, int b) { return a < b ? a : b; }
static inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned) ((uint64_t) a * b >> 32); }
static inline int max(int a, int b) { return a > b ? a : b; }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fadd_rn(float a, float b) { return a + b; }
static inline int __float_as_int(float f) {
    int i;
    memcpy(&i, &f, 4);
    return i;
}
static inline unsigned __float_as_uint(float f) { return (unsigned) __float_as_int(f); }
#define SHARED_MEMORY(type, name) type* name = (type*) emulator::dynamicShared()
template <int BYTES>
static inline void copyAsync(void* to, const void* from, bool there) {
    emulator::copyAsync(to, from, BYTES, there ? BYTES : 0);
}
static inline void copyCommit() { emulator::commitAsync(); }
template <int LEFT>
static inline void copyWait() {
    emulator::waitAsync(LEFT);
}

#define UNSEEN __attribute__((no_sanitize("thread"), noinline)) static
UNSEEN unsigned atomicAdd(unsigned* p, unsigned v) {
    unsigned old = *p;
    *p = old + v;
    return old;
}
UNSEEN int atomicCAS(int* p, int expected, int v) {
    int old = *p;
    if (old == expected) *p = v;
    return old;
}
