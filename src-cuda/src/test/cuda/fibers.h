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

namespace emulator {
uint3 threadIndex, blockIndex, blockSize, gridSize;
Kernel* kernels;
Function* functions;
unsigned seed = 0;

enum State { READY, WAITING, GATHERED, DONE };  // gathered: waits for the lanes of its warp

struct Fiber {
    std::vector<char> stack;
    jmp_buf at;
    bool made = false;
    State state = DONE;
    const void* site = nullptr;
};

static std::vector<Fiber> fibers(1024);
static jmp_buf scheduler;
static int current = -1;
static void (*body)(const void*);
static const void* argument;

static void life() {
    for (;;) {
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
};
static Fragments fragments[1024];  // of each thread

static float number(unsigned bits) {
    float x;
    memcpy(&x, &bits, 4);
    return x;
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
        double sum = c[i];
        for (int k = 0; k < (bf16 ? 16 : 8); k++) sum += (double) left(g + i / 2 * 8, k) * right(k, 2 * t + i % 2);
        c[i] = (float) sum;
    }
    gather();  // all have read
}

static std::string place(int i) {
    uint3 t = indexOf(i);
    return "thread " + std::to_string(t.x) + " of block (" + std::to_string(blockIndex.x) + ", " + std::to_string(blockIndex.y) + ", "
        + std::to_string(blockIndex.z) + ")";
}

// What waits cannot go on: forget it, the next block starts with new fibers.
[[noreturn]] static void broken(const std::string& why) {
    for (Fiber& f : fibers) f.made = false;
    throw std::runtime_error(why);
}

static void runBlock(int threads, std::mt19937& order) {
    int warps = (threads + 31) / 32;
    std::vector<int> warp(warps), lane(32);
    for (int i = 0; i < warps; i++) warp[i] = i;
    for (int i = 0; i < 32; i++) lane[i] = i;
    for (int i = 0; i < threads; i++) fibers[i].state = READY;
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
    }
}

static void launch(const Kernel& kernel, uint3 grid, uint3 block, const void* bytes) {
    gridSize = grid;
    blockSize = block;
    body = kernel.run;
    argument = bytes;
    std::mt19937 order(seed);
    std::vector<unsigned> blocks(grid.x * grid.y * grid.z);
    for (unsigned i = 0; i < blocks.size(); i++) blocks[i] = i;
    if (seed) std::shuffle(blocks.begin(), blocks.end(), order);
    for (unsigned i : blocks) {
        blockIndex = {i % grid.x, i / grid.x % grid.y, i / (grid.x * grid.y)};
        runBlock(block.x * block.y * block.z, order);
    }
}
}  // namespace emulator
