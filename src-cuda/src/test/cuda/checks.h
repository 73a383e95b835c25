// Looks at every access to memory that a kernel on the emulator makes: kernels are compiled with -fsanitize=thread,bounds, whose calls end here instead of in
// the sanitizers. What a device would answer with an error, or with another number every time, is an error:
//   beside the memory that was given out, or another device's                                   CUDA_ERROR_ILLEGAL_ADDRESS
//   a word of 8 or 16 bytes that is not at a multiple of its size                               CUDA_ERROR_MISALIGNED_ADDRESS
//   two threads at one word, one of them writing, without a barrier between them (shared memory) or in one launch (global memory)
//   beyond the end of an array, or of the shared memory that the launch asked for
// Shared memory is NaN when a block begins.
// What goes through global memory can be counted too (sectors.h).
#pragma once
#include <sys/mman.h>
#include "fibers.h"
#include "sectors.h"

namespace emulator {
enum { MISALIGNED = 716, ILLEGAL = 700 };
static const size_t ROOM = size_t(1) << 40;  // addresses for the memory of all devices
static const unsigned MANY = ~0u;            // more than one thread has read

struct Seen {
    unsigned write, writer, read, reader;  // when (a launch, or a stretch between barriers), by which thread
};

static char* addresses(size_t bytes) {
    void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) throw std::runtime_error("no addresses for the stand-in's memory");
    return (char*) p;
}

static char* const room = addresses(ROOM);
static char* const owner = addresses(ROOM / 4);                    // of each word: a device's number + 1, or 0
static Seen* const seen = (Seen*) addresses(ROOM / 4 * sizeof(Seen));
static char* free_ = room;
static int device;
static unsigned launches, dynamicBytes;

// Whole pages, so that they can be given back; addresses are not used twice.
static unsigned char* reserve(size_t bytes) {
    char* p = free_;
    free_ += (bytes + 8191) / 4096 * 4096;
    return (unsigned char*) p;
}
static void own(size_t p, size_t bytes, int device) { memset(owner + (p - (size_t) room) / 4, device + 1, (bytes + 3) / 4); }
static void drop(void* p, size_t bytes) { madvise((void*) ((size_t) p / 4096 * 4096), bytes / 4096 * 4096, MADV_DONTNEED); }
static void back(void* p, size_t bytes) {
    size_t at = (size_t) p - (size_t) room;
    bytes = (bytes + 4095) / 4096 * 4096;
    drop(p, bytes);
    drop(seen + at / 4, bytes / 4 * sizeof(Seen));
}
static void on(int number, unsigned shared) {
    device = number;
    dynamicBytes = shared;
    launches++;
}

static void clash(const char* where, const void* p, unsigned other) {
    wrong(719, std::string("two threads without a barrier between them at one word of ") + where + " memory, the other one is number " + std::to_string(other % 1024)
               + " of block " + std::to_string(other / 1024) + " at " + std::to_string((size_t) p % 65536));
}

static inline void note(Seen& s, unsigned when, unsigned who, bool writes, const char* where, const void* p) {
    if (s.write == when && s.writer != who) clash(where, p, s.writer);
    if (writes) {
        if (s.read == when && s.reader != who) clash(where, p, s.reader == MANY ? 0 : s.reader);
        s.write = when;
        s.writer = who;
    } else if (s.read == when) {
        if (s.reader != who) s.reader = MANY;
    } else {
        s.read = when;
        s.reader = who;
    }
}

// An access of a thread of a kernel, `size` bytes that must lie at a multiple of `aligned`, by the instruction `site`; 0 bytes: this thread goes without.
void touch(const void* p, unsigned size, unsigned aligned, bool writes, const void* site) {
    if (current < 0) return;
    size_t at = (size_t) p;
    if (counting && (size == 0 || at - (size_t) room < ROOM)) count(at, size, site ? site : __builtin_return_address(0));
    if (size == 0) return;
    unsigned who = blockNumber * 1024 + current;
    if (at - (size_t) room < ROOM) {
        if (at % aligned) wrong(MISALIGNED, std::to_string(size) + " bytes at an address that is no multiple of " + std::to_string(aligned));
        for (unsigned i = 0; i < size; i += 4) {
            size_t word = (at + i - (size_t) room) / 4;
            if (owner[word] != device + 1) wrong(ILLEGAL, std::string(writes ? "writes" : "reads") + " beside the memory that was given out");
            note(seen[word], launches, who, writes, "global", p);
        }
    } else if (at - (size_t) __start_hoag_shared < (size_t) (__stop_hoag_shared - __start_hoag_shared)) {
        if (at % aligned) wrong(MISALIGNED, std::to_string(size) + " bytes of shared memory at an address that is no multiple of " + std::to_string(aligned));
        if (at - (size_t) dynamicMemory < sizeof(dynamicMemory) && at + size > (size_t) dynamicMemory + dynamicBytes)
            wrong(ILLEGAL, "beyond the shared memory that the launch asked for");
        static std::vector<Seen> shared((__stop_hoag_shared - __start_hoag_shared) / 4 + 4);
        sharedLow = std::min(sharedLow, (char*) p);
        sharedHigh = std::max(sharedHigh, (char*) p + size);
        for (unsigned i = 0; i < size; i += 4) note(shared[(at + i - (size_t) __start_hoag_shared) / 4], stretch, who, writes, "shared", p);
    }
}
float valueOf(const float* p) {
    touch(p, p ? 4 : 0, 4, false, __builtin_return_address(0));
    return p ? *p : 0.f;
}
void valuesOf(float* to, const float* from) {
    touch(from, from ? 16 : 0, 16, false, __builtin_return_address(0));
    for (int i = 0; i < 4; i++) to[i] = from ? from[i] : 0.f;
}
}  // namespace emulator

// What the compiler calls.
#define FROM __builtin_return_address(0)
#define ACCESS(size)                                                                                                 \
    void __tsan_read##size(void* p) { emulator::touch(p, size, size, false, FROM); }                                 \
    void __tsan_write##size(void* p) { emulator::touch(p, size, size, true, FROM); }                                 \
    void __tsan_unaligned_read##size(void* p) { emulator::touch(p, size, size, false, FROM); }                       \
    void __tsan_unaligned_write##size(void* p) { emulator::touch(p, size, size, true, FROM); }
extern "C" {
ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)
void __tsan_read_range(void* p, unsigned long n) { emulator::touch(p, n, 4, false); }
void __tsan_write_range(void* p, unsigned long n) { emulator::touch(p, n, 4, true); }
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_init() {}
void __ubsan_handle_out_of_bounds(void* where, void* index) {
    struct Where {
        const char* file;
        unsigned line, column;
    }* at = (Where*) where;
    emulator::wrong(emulator::ILLEGAL, std::string(at->file) + ":" + std::to_string(at->line) + ": index " + std::to_string((size_t) index) + " is beyond the end of an array");
}
}
