// The threads of a block: fibers that are made once and switched with _setjmp, which asks nothing of the kernel.
#pragma once
#include <algorithm>
#include <csetjmp>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <ucontext.h>
#include <vector>
#include "emulator.h"

extern "C" {
extern char __start_hoag_shared[] __attribute__((visibility("hidden")));  // by the linker: all shared memory of all kernels
extern char __stop_hoag_shared[] __attribute__((visibility("hidden")));
}

namespace emulator {
uint3 threadIndex, blockIndex, blockSize, gridSize;
Kernel* kernels;
Function* functions;
unsigned seed = 0;

enum State { READY, WAITING, GATHERED, DONE };  // gathered: waits for the lanes of its warp

// What a kernel did that a device answers with an error, and with which.
struct Broken : std::runtime_error {
    int result;
    Broken(int result, const std::string& why) : std::runtime_error(why), result(result) {}
};

struct Copy {  // cp.async on its way
    void* to;
    const void* from;
    unsigned bytes, read, group;
};

struct Fiber {
    std::vector<Copy> copies;
    unsigned group = 0;
    std::vector<char> stack;
    jmp_buf at;
    bool made = false;
    State state = DONE;
    const void* site = nullptr;
};

static std::vector<Fiber> fibers(1024);
static jmp_buf scheduler;
static int current = -1;
static unsigned blockNumber, stretch;  // of the grid; of the time between barriers
static char *sharedLow, *sharedHigh;   // what the block has touched
static std::string failure;
static int failed;
alignas(128) __attribute__((section("hoag_shared"))) static unsigned char dynamicMemory[227 << 10];
static void (*body)(const void*);
static const void* argument;

static void life() {
    for (;;) {
        fibers[current].copies.clear();
        fibers[current].group = 0;
        body(argument);
        fibers[current].state = DONE;
        if (!_setjmp(fibers[current].at)) _longjmp(scheduler, 1);
    }
}

static uint3 indexOf(unsigned i) {
    return {i % blockSize.x, i / blockSize.x % blockSize.y, i / (blockSize.x * blockSize.y)};
}

static void resume(int i) {
    Fiber& f = fibers[i];
    current = i;
    threadIndex = indexOf(i);
    if (_setjmp(scheduler)) {
        current = -1;
        return;
    }
    if (f.made) _longjmp(f.at, 1);
    f.made = true;
    f.stack.resize(128 * 1024);
    ucontext_t start;
    getcontext(&start);
    start.uc_stack.ss_sp = f.stack.data();
    start.uc_stack.ss_size = f.stack.size();
    start.uc_link = nullptr;
    makecontext(&start, life, 0);
    setcontext(&start);
}

static std::string place(int i);

// The thread goes no further.
void wrong(int result, const std::string& why) {
    if (current < 0) return;
    if (!failed) {
        failed = result;
        failure = why + ": " + place(current);
    }
    fibers[current].state = DONE;
    fibers[current].made = false;
    _longjmp(scheduler, 1);
}

void* dynamicShared() { return dynamicMemory; }

// Until the copy is waited for nobody knows what is there.
void copyAsync(void* to, const void* from, unsigned bytes, unsigned read) {
    touch(to, bytes, bytes, true);
    touch(from, read, std::min(bytes, 16u), false, __builtin_return_address(0));
    memset(to, 0xFF, bytes);
    fibers[current].copies.push_back({to, from, bytes, read, fibers[current].group});
}
void commitAsync() { fibers[current].group++; }
void waitAsync(unsigned left) {
    Fiber& f = fibers[current];
    size_t done = 0;
    for (; done < f.copies.size() && f.copies[done].group + left < f.group; done++) {
        Copy& c = f.copies[done];
        touch(c.to, c.bytes, c.bytes, true);
        memset(c.to, 0, c.bytes);
        memcpy(c.to, c.from, c.read);
    }
    f.copies.erase(f.copies.begin(), f.copies.begin() + done);
}

void barrier(const void* site) {
    Fiber& f = fibers[current];
    f.state = WAITING;
    f.site = site;
    if (!_setjmp(f.at)) _longjmp(scheduler, 1);
}

static void gather() {
    Fiber& f = fibers[current];
    f.state = GATHERED;
    if (!_setjmp(f.at)) _longjmp(scheduler, 1);
}

struct Fragments {
    unsigned a[4], b[2];
    const void* row;
};
static Fragments fragments[1024];  // of each thread

static float number(unsigned bits) {
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

// As tensor cores add (measured by Fasi, Higham, Mikaitis and Pranesh 2021): exact products, cut off at the place of the largest one's last bit and one more; the
// sum is cut off too, not rounded.
static float added(const double* terms, int count) {
    double largest = 0, sum = 0;
    for (int j = 0; j < count; j++) {
        if (!std::isfinite(terms[j])) largest = NAN;
        largest = std::max(largest, std::fabs(terms[j]));
    }
    bool plain = largest == largest && largest > 0;
    double last = plain ? std::ldexp(1.0, std::ilogb(largest) - 24) : 0;
    for (int j = 0; j < count; j++) sum += plain ? std::trunc(terms[j] / last) * last : terms[j];
    float y = (float) sum;
    return plain && std::fabs((double) y) > std::fabs(sum) ? std::nextafterf(y, 0.f) : y;
}

// PTX ISA, "Matrix Fragments for mma.m16n8k8" and "mma.m16n8k16": lane 4 g + t holds rows g and g + 8 of A, column g of B, columns 2 t and 2 t + 1 of C.
void mma(float* c, const unsigned* a, const unsigned* b, bool bf16) {
    int me = current, warp = me / 32 * 32, g = me % 32 / 4, t = me % 4;
    memcpy(fragments[me].a, a, 16);
    memcpy(fragments[me].b, b, 8);
    gather();
    auto half = [](unsigned word, int k) { return number(k % 2 ? word & 0xffff0000u : word << 16); };
    auto left = [&](int row, int k) {
        const Fragments& f = fragments[warp + row % 8 * 4 + (bf16 ? k % 8 / 2 : k % 4)];
        unsigned word = f.a[(bf16 ? k / 8 : k / 4) * 2 + row / 8];
        return bf16 ? half(word, k) : number(word);
    };
    auto right = [&](int k, int column) {
        const Fragments& f = fragments[warp + column * 4 + (bf16 ? k % 8 / 2 : k % 4)];
        unsigned word = f.b[bf16 ? k / 8 : k / 4];
        return bf16 ? half(word, k) : number(word);
    };
    for (int i = 0; i < 4; i++) {
        double terms[9];
        int block = bf16 ? 8 : 4;  // products that are added at once
        for (int k = 0; k < (bf16 ? 16 : 8); k += block) {
            for (int j = 0; j < block; j++) terms[j] = (double) left(g + i / 2 * 8, k + j) * right(k + j, 2 * t + i % 2);
            terms[block] = c[i];
            c[i] = added(terms, block + 1);
        }
    }
    gather();  // all have read
}

// PTX ISA, "ldmatrix": lanes 8 i to 8 i + 7 name the rows of matrix i, 8 x 8 of 16 bits; lane 4 g + t gets columns 2 t and 2 t + 1 of row g.
void loadMatrices(unsigned* r, const void* row, int count, bool transposed) {
    int me = current, warp = me / 32 * 32, g = me % 32 / 4, t = me % 4;
    if (me % 32 < 8 * count) touch(row, 16, 16, false);
    fragments[me].row = row;
    gather();
    for (int i = 0; i < count; i++) {
        auto at = [&](int y, int x) { return (unsigned) ((const unsigned short*) fragments[warp + 8 * i + y].row)[x]; };
        r[i] = transposed ? at(2 * t, g) | at(2 * t + 1, g) << 16 : at(g, 2 * t) | at(g, 2 * t + 1) << 16;
    }
    gather();
}

// shfl.sync.bfly of a whole warp.
float exchange(float x, unsigned bits) {
    static float each[1024];
    int me = current;
    each[me] = x;
    gather();
    float y = each[me ^ bits];
    gather();
    return y;
}

static std::string place(int i) {
    uint3 t = indexOf(i);
    return "thread " + std::to_string(t.x) + " of block (" + std::to_string(blockIndex.x) + ", " + std::to_string(blockIndex.y) + ", "
        + std::to_string(blockIndex.z) + ")";
}

// What waits cannot go on: forget it, the next block starts with new fibers.
[[noreturn]] static void broken(const std::string& why, int result = 719) {
    for (Fiber& f : fibers) f.made = false;
    failed = 0;
    throw Broken(result, why);
}

static void runBlock(int threads, std::mt19937& order) {
    int warps = (threads + 31) / 32;
    std::vector<int> warp(warps), lane(32);
    for (int i = 0; i < warps; i++) warp[i] = i;
    for (int i = 0; i < 32; i++) lane[i] = i;
    for (int i = 0; i < threads; i++) fibers[i].state = READY;
    stretch++;
    for (;;) {
        if (seed) {
            std::shuffle(warp.begin(), warp.end(), order);
            std::shuffle(lane.begin(), lane.end(), order);
        }
        for (int w : warp) {
            for (bool more = true; more;) {
                for (int l : lane) {
                    int i = w * 32 + l;
                    if (i < threads && fibers[i].state == READY) resume(i);
                    if (failed) broken(failure, failed);
                }
                int gathered = 0;
                for (int i = w * 32; i < w * 32 + 32 && i < threads; i++) gathered += fibers[i].state == GATHERED;
                if (gathered % 32) broken("an instruction of a whole warp is not reached by all lanes of warp " + std::to_string(w));
                more = gathered > 0;
                for (int i = w * 32; i < w * 32 + gathered; i++) fibers[i].state = READY;
            }
        }
        int waiting = 0;
        const void* site = nullptr;
        for (int i = 0; i < threads; i++) {
            if (fibers[i].state != WAITING) continue;
            if (site && fibers[i].site != site) broken("two different __syncthreads() wait at once, one is " + place(i));
            site = fibers[i].site;
            waiting++;
        }
        if (waiting == 0) return;
        if (waiting < threads) {
            for (int i = 0; i < threads; i++) {
                if (fibers[i].state == WAITING) broken("__syncthreads() is not reached by all threads: " + place(i) + " waits alone");
            }
        }
        for (int i = 0; i < threads; i++) fibers[i].state = READY;
        stretch++;
    }
}

// What the block before has left in shared memory is nobody's.
static void forget() {
    if (sharedLow < sharedHigh) memset(sharedLow, 0xFF, sharedHigh - sharedLow);
    sharedLow = __stop_hoag_shared;
    sharedHigh = __start_hoag_shared;
}

static void launch(const Kernel& kernel, uint3 grid, uint3 block, const void* bytes) {
    gridSize = grid;
    blockSize = block;
    static bool first = [] {
        memset(__start_hoag_shared, 0xFF, __stop_hoag_shared - __start_hoag_shared);
        return true;
    }();
    (void) first;
    body = kernel.run;
    argument = bytes;
    std::mt19937 order(seed);
    std::vector<unsigned> blocks(grid.x * grid.y * grid.z);
    for (unsigned i = 0; i < blocks.size(); i++) blocks[i] = i;
    if (seed) std::shuffle(blocks.begin(), blocks.end(), order);
    for (unsigned i : blocks) {
        forget();
        blockNumber = i;
        blockIndex = {i % grid.x, i / grid.x % grid.y, i / (grid.x * grid.y)};
        runBlock(block.x * block.y * block.z, order);
    }
}
}  // namespace emulator
