// Counts what kernels move through global memory, as a device does: all lanes of a warp that are at one instruction are one access, which moves every sector of 32 bytes in
// which one of its bytes lies. Lanes run one after the other here, so the n-th time that a lane comes to an instruction between two barriers is taken to be together with the n-th
// time of the others. What caches save is not counted.
#pragma once
#include <map>
#include "fibers.h"

namespace emulator {
struct Traffic {
    unsigned long long launches, accesses, sectors, needed, bytes;  // needed: sectors that the bytes of each access would fill
};

static bool counting;
static std::map<std::string, Traffic> traffic;                                       // by kernel
static Traffic mine;                                                                 // of this launch
static std::map<const void*, std::vector<unsigned>> turns;                           // of each instruction, by thread
static std::map<std::pair<const void*, unsigned>, std::vector<size_t>> accesses[32];  // of each warp: words of 4 bytes by instruction and turn
static unsigned countedStretch;

static void settle() {
    for (auto& warp : accesses) {
        for (auto& [key, words] : warp) {
            if (words.empty()) continue;
            std::sort(words.begin(), words.end());
            size_t last = ~size_t(0), different = 0;
            mine.accesses++;
            for (size_t i = 0; i < words.size(); i++) {
                if (i > 0 && words[i] == words[i - 1]) continue;
                different++;
                mine.sectors += words[i] / 8 != last;
                last = words[i] / 8;
            }
            mine.bytes += 4 * different;
            mine.needed += (different + 7) / 8;
        }
        warp.clear();
    }
    turns.clear();
}

static void count(size_t at, unsigned size, const void* site) {
    if (stretch != countedStretch) settle();
    countedStretch = stretch;
    auto& of = turns[site];
    of.resize(1024);
    auto& words = accesses[current / 32][{site, of[current]++}];
    for (unsigned i = 0; i < size; i += 4) words.push_back((at + i) / 4);
}

// The launch of this kernel is over.
static void counted(const std::string& kernel) {
    if (!counting) return;
    settle();
    Traffic& all = traffic[kernel];
    all.launches++;
    all.accesses += mine.accesses;
    all.sectors += mine.sectors;
    all.needed += mine.needed;
    all.bytes += mine.bytes;
    mine = {};
}

static std::string trafficText() {
    std::string text;
    for (auto& [kernel, t] : traffic) {
        text += kernel + " " + std::to_string(t.launches) + " " + std::to_string(t.accesses) + " " + std::to_string(t.sectors) + " " + std::to_string(t.needed)
            + " " + std::to_string(t.bytes) + "\n";
    }
    return text;
}
}  // namespace emulator
