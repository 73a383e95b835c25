// What every kernel here shares: how it is spelt on a GPU and on the host emulator of the tests, and where formulas are put in.
//
// A kernel takes one struct by value, whose first member is the table of its operands. A "slot" is a made-up instruction: before a module is
// loaded, Formulas.java replaces it by the instructions of a formula (Expr), which read the table, so that formulas are fused into these kernels
// without a compiler at run time. All indices are 32 bits: no tensor has 2^31 elements.
#pragma once

#define TABLE 24  // operands of one launch, CudaOperands.java knows it too

struct Table {
    float* at[TABLE];
};

// A divisor that is known when a kernel is started: a multiplication and a shift (Granlund and Montgomery 1994) in place of some twenty instructions.
struct Divisor {
    unsigned by, times, shift;
};

// Where place number `index` of a sub-space lies: the last axis runs fastest; unused axes come first and have size 1.
#define AXES 8
struct Axes {
    Divisor size[AXES];
    unsigned stride[AXES];
};

#ifdef HOAG_HOST
#include "emulator.h"
#else
#define DEVICE __device__ __forceinline__
#define MEMBER static __device__ __forceinline__
#define METHOD __device__ __forceinline__
// Two blocks at least on a multiprocessor: at most 128 registers.
#define KERNEL(threads) extern "C" __global__ void __launch_bounds__(threads, 2)
// Stores all formulas at element i of the space.
#define SLOT_STORE(i) asm volatile("hoag.store %0;" ::"r"(i) : "memory")
// The same with the operands of another table, which lies in the device's memory.
#define SLOT_EACH(table, i) asm volatile("hoag.each %0, %1;" ::"l"(table), "r"(i) : "memory")
// The values of up to four formulas at element i of the space.
#define SLOT_MAP(y, i) \
    asm volatile("hoag.map %0, %1, %2, %3, %4;" : "=f"((y)[0]), "=f"((y)[1]), "=f"((y)[2]), "=f"((y)[3]) : "r"(i))
// The formula of x, the result's element i, and of the operands behind it.
#define SLOT_EPILOGUE(y, x, i) asm volatile("hoag.epilogue %0, %1, %2;" : "=f"(y) : "f"(x), "r"(i))
// Four neighbours, which begin at a multiple of 16 bytes.
DEVICE void read4(float* to, const float* from) {
    float4 x = *(const float4*) from;
    to[0] = x.x, to[1] = x.y, to[2] = x.z, to[3] = x.w;
}
DEVICE void write4(float* to, const float* from) { *(float4*) to = make_float4(from[0], from[1], from[2], from[3]); }
// What lies there; 0 if nothing does.
DEVICE float valueOf(const float* p) { return p ? *p : 0.f; }
// The same of four neighbours, which begin at a multiple of 16 bytes.
DEVICE void valuesOf(float* to, const float* from) {
    float4 x = from ? *(const float4*) from : make_float4(0.f, 0.f, 0.f, 0.f);
    to[0] = x.x, to[1] = x.y, to[2] = x.z, to[3] = x.w;
}
// Shared memory whose size the launch says.
#define SHARED_MEMORY(type, name) extern __shared__ __align__(16) type name[]

#if __CUDA_ARCH__ >= 800
// 4, 8 or 16 bytes of global memory on their way into shared memory, both at a multiple of that; zeros unless `there`.
template <int BYTES>
DEVICE void copyAsync(void* to, const void* from, bool there) {
    unsigned at = (unsigned) __cvta_generic_to_shared(to);
    if constexpr (BYTES == 16) {
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(at), "l"(from), "r"(there ? 16 : 0) : "memory");
    } else {
        asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(at), "l"(from), "n"(BYTES), "r"(there ? BYTES : 0) : "memory");
    }
}
DEVICE void copyCommit() { asm volatile("cp.async.commit_group;" ::: "memory"); }
// Until all but the latest LEFT groups of this thread are there; other threads see them behind a barrier.
template <int LEFT>
DEVICE void copyWait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(LEFT) : "memory");
}
#endif
#endif

DEVICE bool aligned(const float* p) { return ((unsigned long long) p & 15) == 0; }

// i below 2^31.
DEVICE unsigned quotient(unsigned i, const Divisor& d) { return (__umulhi(i, d.times) + i) >> d.shift; }

DEVICE unsigned placeOf(const Axes& axes, unsigned index) {
    unsigned place = 0;
#pragma unroll
    for (int a = AXES - 1; a >= 0 && index > 0; a--) {
        unsigned rest = quotient(index, axes.size[a]);
        place += (index - rest * axes.size[a].by) * axes.stride[a];
        index = rest;
    }
    return place;
}
