// A stand-in for libcuda.so.1, the part of the driver that Hoag calls, on the emulator: real Java code runs on it end to end without a GPU.
// Tests steer it through the standin_ functions: any call can be made to fail, and everything that was not given back is counted.
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include "fibers.h"
#include "slots.h"
#include "standin.h"

typedef int Result;
typedef unsigned long long Address;
enum { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, INVALID_DEVICE = 101, INVALID_CONTEXT = 201, INVALID_PTX = 218,
       INVALID_HANDLE = 400, NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, LAUNCH_FAILED = 719, CAPTURE_UNSUPPORTED = 900 };

static std::recursive_mutex lock;
#define ALONE std::lock_guard<std::recursive_mutex> alone(lock)

// ---- what tests set

static int devices = 1, version = 12060, capability = 90;
static size_t total = size_t(4) << 30, others;  // others: memory that other programs hold
static std::map<std::string, int> counts;   // calls by name
struct Failure {
    int result, after, device;  // device: -1 for all
};
static std::map<std::string, Failure> failures;  // by name: after so many calls
static std::string said;                    // what the emulator reported last
static double clock_ms;                     // a millisecond for each kernel
static thread_local int current;            // the device whose context is current

static Result enter(const char* name) {
    counts[name]++;
    auto wanted = failures.find(name);
    if (wanted == failures.end() || (wanted->second.device >= 0 && wanted->second.device != current)) return OK;
    return wanted->second.after-- > 0 ? OK : wanted->second.result;
}
#define ENTER(name)              \
    ALONE;                       \
    if (Result r = enter(name)) return r

// ---- memory: host memory between two stretches of a known byte

static const size_t GUARD = 256;
static const unsigned char MARK = 0xA5;
struct Piece {
    size_t bytes;
    int device;
};
static std::map<Address, Piece> memory;
static std::map<void*, int> streamDevice;
static std::map<void*, double> eventTime;
static const int MOST = 16;
static std::set<void*> pinned, streams, events, modules, graphs, ready;
static size_t used[MOST];
static int contexts, damaged;
static Result sticky[MOST];

static const Piece* holding(Address p, size_t n) {
    auto next = memory.upper_bound(p);
    if (next == memory.begin()) return nullptr;
    auto piece = --next;
    return p + n <= piece->first + piece->second.bytes ? &piece->second : nullptr;
}
static bool inside(Address p, size_t n) { return holding(p, n) != nullptr; }
static int deviceOf(void* stream) {
    auto known = streamDevice.find(stream);
    return known == streamDevice.end() ? current : known->second;
}

struct Module {
    std::string text;
    emulator::Program slot;
};

struct Function {
    Module* module;
    const emulator::Kernel* kernel;
};

typedef std::function<Result()> Task;
struct Graph {
    std::vector<Task> tasks;
};
static std::map<void*, Graph*> capturing;

Result now(void* stream, Task task) {
    int device = deviceOf(stream);
    if (sticky[device]) return sticky[device];
    auto graph = capturing.find(stream);
    if (graph != capturing.end()) {
        graph->second->tasks.push_back(task);
        return OK;
    }
    return sticky[device] = task();
}
bool standin_inside(Address p, size_t n) { return inside(p, n); }
Result standin_enter(const char* name) {
    ALONE;
    return enter(name);
}
void standin_took(double ms) { clock_ms += ms; }

static Result copy(void* stream, void* to, const void* from, size_t bytes) {
    return now(stream, [=] {
        memmove(to, from, bytes);
        return OK;
    });
}

static Result launch(Function* f, uint3 grid, uint3 block, std::vector<unsigned char> argument) {
    try {
        emulator::slot = &f->module->slot;
        emulator::parameters = argument.data();
        emulator::launch(*f->kernel, grid, block, argument.data());
        clock_ms += 1;
        return OK;
    } catch (const std::exception& e) {
        said = std::string(f->kernel->name) + ": " + e.what();
        fprintf(stderr, "emulator: %s\n", said.c_str());
        return LAUNCH_FAILED;
    }
}

extern "C" {
void standin_reset() {
    ALONE;
    devices = 1, version = 12060, capability = 90, total = size_t(4) << 30, others = 0, damaged = 0, emulator::seed = 0;
    std::fill_n(sticky, MOST, OK);
    counts.clear();
    failures.clear();
    said.clear();
}
void standin_devices(int n) { devices = n; }
void standin_version(int v) { version = v; }
void standin_capability(int c) { capability = c; }
void standin_memory(long long bytes) { total = bytes; }
void standin_others(long long bytes) { others = bytes; }
void standin_seed(int s) { emulator::seed = s; }
void standin_fail(const char* name, int result, int after) {
    ALONE;
    failures[name] = {result, after, -1};
}
void standin_fail_on(int device, const char* name, int result, int after) {
    ALONE;
    failures[name] = {result, after, device};
}
double standin_clock() { return clock_ms; }
int standin_count(const char* name) {
    ALONE;
    return counts[name];
}
// Everything that was made and not given back.
int standin_held() {
    ALONE;
    return (int) (memory.size() + pinned.size() + streams.size() + events.size() + modules.size() + graphs.size() + ready.size()) + contexts;
}
int standin_modules() { return (int) modules.size(); }
const char* standin_module(int i) { return ((Module*) *std::next(modules.begin(), i))->text.c_str(); }
int standin_damaged() { return damaged; }
const char* standin_said() { return said.c_str(); }

Result cuInit(unsigned) { ENTER("cuInit"); return OK; }
Result cuDriverGetVersion(int* v) { ENTER("cuDriverGetVersion"); *v = version; return OK; }
Result cuDeviceGetCount(int* n) { ENTER("cuDeviceGetCount"); *n = devices; return OK; }
Result cuDeviceGet(int* d, int i) { ENTER("cuDeviceGet"); *d = i; return i < devices ? OK : INVALID_DEVICE; }
Result cuDeviceGetName(char* b, int n, int i) { ENTER("cuDeviceGetName"); snprintf(b, n, "Stand-in %d", i); return OK; }
Result cuDeviceTotalMem_v2(size_t* n, int) { ENTER("cuDeviceTotalMem"); *n = total; return OK; }
Result cuDeviceGetAttribute(int* v, int which, int) {
    ENTER("cuDeviceGetAttribute");
    *v = which == 75 ? capability / 10 : which == 76 ? capability % 10 : which == 16 ? 132 : which == 13 ? 1980000 : which == 36 ? 3201000 : which == 37 ? 6144 : 0;  // of an H200
    return OK;
}
Result cuDevicePrimaryCtxRetain(void** c, int d) { ENTER("cuDevicePrimaryCtxRetain"); contexts++; *c = (void*) (size_t) (d + 1); return OK; }
Result cuDevicePrimaryCtxRelease_v2(int) { ENTER("cuDevicePrimaryCtxRelease"); contexts--; return OK; }
Result cuCtxSetCurrent(void* c) {
    ALONE;
    current = c ? (int) (size_t) c - 1 : 0;
    return enter("cuCtxSetCurrent");
}
Result cuMemGetInfo_v2(size_t* f, size_t* t) { ENTER("cuMemGetInfo"); *f = total - others - used[current]; *t = total; return OK; }
Result cuDeviceCanAccessPeer(int* can, int, int) { ENTER("cuDeviceCanAccessPeer"); *can = 1; return OK; }
Result cuCtxEnablePeerAccess(void*, unsigned) { ENTER("cuCtxEnablePeerAccess"); return OK; }

Result cuMemAlloc_v2(Address* p, size_t n) {
    ENTER("cuMemAlloc");
    if (!n) return INVALID_VALUE;
    if (used[current] + others + n > total) return OUT_OF_MEMORY;
    unsigned char* all = (unsigned char*) aligned_alloc(256, (n + 2 * GUARD + 255) / 256 * 256);
    if (!all) return OUT_OF_MEMORY;
    memset(all, MARK, GUARD);
    memset(all + GUARD, 0xFF, n);  // NaN: what nobody wrote shows
    memset(all + GUARD + n, MARK, GUARD);
    *p = (Address) (all + GUARD);
    memory[*p] = {n, current};
    used[current] += n;
    return OK;
}
Result cuMemFree_v2(Address p) {
    ENTER("cuMemFree");
    auto piece = memory.find(p);
    if (piece == memory.end()) return INVALID_VALUE;
    unsigned char* all = (unsigned char*) p - GUARD;
    for (size_t i = 0; i < GUARD; i++) damaged += all[i] != MARK || all[GUARD + piece->second.bytes + i] != MARK;
    used[piece->second.device] -= piece->second.bytes;
    memory.erase(piece);
    free(all);
    return OK;
}
Result cuMemHostAlloc(void** p, size_t n, unsigned) {
    ENTER("cuMemHostAlloc");
    *p = aligned_alloc(4096, (n + 4095) / 4096 * 4096);
    memset(*p, 0, n);
    pinned.insert(*p);
    return OK;
}
Result cuMemFreeHost(void* p) { ENTER("cuMemFreeHost"); if (!pinned.erase(p)) return INVALID_VALUE; free(p); return OK; }
Result cuMemcpyHtoD_v2(Address d, const void* s, size_t n) { ENTER("cuMemcpyHtoD"); return inside(d, n) ? copy(nullptr, (void*) d, s, n) : INVALID_VALUE; }
Result cuMemcpyDtoH_v2(void* d, Address s, size_t n) { ENTER("cuMemcpyDtoH"); return inside(s, n) ? copy(nullptr, d, (void*) s, n) : INVALID_VALUE; }
Result cuMemcpyHtoDAsync_v2(Address d, const void* s, size_t n, void* st) { ENTER("cuMemcpyHtoDAsync"); return inside(d, n) ? copy(st, (void*) d, s, n) : INVALID_VALUE; }
Result cuMemcpyDtoHAsync_v2(void* d, Address s, size_t n, void* st) { ENTER("cuMemcpyDtoHAsync"); return inside(s, n) ? copy(st, d, (void*) s, n) : INVALID_VALUE; }
Result cuMemcpyPeer(Address d, void* to, Address s, void* from, size_t n) {
    ENTER("cuMemcpyPeer");
    const Piece *target = holding(d, n), *source = holding(s, n);
    if (!target || !source || target->device != (int) (size_t) to - 1 || source->device != (int) (size_t) from - 1) return INVALID_VALUE;
    if (sticky[source->device]) return sticky[source->device];
    return copy(nullptr, (void*) d, (void*) s, n);
}
Result cuMemcpyDtoD_v2(Address d, Address s, size_t n) { ENTER("cuMemcpyDtoD"); return inside(d, n) && inside(s, n) ? copy(nullptr, (void*) d, (void*) s, n) : INVALID_VALUE; }
Result cuMemsetD32_v2(Address d, unsigned v, size_t n) {
    ENTER("cuMemsetD32");
    if (!inside(d, 4 * n)) return INVALID_VALUE;
    std::fill_n((unsigned*) d, n, v);
    return OK;
}

Result cuModuleLoadData(void** m, const void* image) {
    ENTER("cuModuleLoadData");
    std::string text((const char*) image);
    if (text.find(".version") == std::string::npos || text.find("hoag.") != std::string::npos) return INVALID_PTX;
    auto module = new Module{text, {}};
    try {
        module->slot = emulator::parse(text);
    } catch (const std::exception& e) {
        said = e.what();
        fprintf(stderr, "emulator: %s\n", said.c_str());
        delete module;
        return INVALID_PTX;
    }
    modules.insert(*m = module);
    return OK;
}
Result cuModuleUnload(void* m) { ENTER("cuModuleUnload"); if (!modules.erase(m)) return INVALID_HANDLE; delete (Module*) m; return OK; }
Result cuModuleGetFunction(void** f, void* m, const char* name) {
    ENTER("cuModuleGetFunction");
    const emulator::Kernel* kernel = emulator::kernels;
    while (kernel && strcmp(kernel->name, name)) kernel = kernel->next;
    bool there = ((Module*) m)->text.find(std::string(".entry ") + name + "(") != std::string::npos;
    if (!kernel || !there) return NOT_FOUND;
    *f = new Function{(Module*) m, kernel};  // lives as long as the process
    return OK;
}
Result cuLaunchKernel(void* f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned, void* st, void** arguments, void** extra) {
    ENTER("cuLaunchKernel");
    if (!f || !arguments || extra || !gx || !gy || !gz || gy > 65535 || gz > 65535 || bx * by * bz < 1 || bx * by * bz > 1024) return INVALID_VALUE;
    auto function = (Function*) f;
    auto bytes = (unsigned char*) arguments[0];
    std::vector<unsigned char> argument(bytes, bytes + function->kernel->bytes);
    for (size_t at = 0; at + 8 <= argument.size(); at += 8) {  // what lies on another device is not seen by a kernel
        const Piece* piece = holding(*(Address*) &argument[at], 1);
        if (piece && piece->device != deviceOf(st)) return sticky[deviceOf(st)] = ILLEGAL_ADDRESS;
    }
    return now(st, [=] { return launch(function, {gx, gy, gz}, {bx, by, bz}, argument); });
}

Result cuStreamCreate(void** s, unsigned) { ENTER("cuStreamCreate"); streams.insert(*s = malloc(8)); streamDevice[*s] = current; return OK; }
Result cuStreamDestroy_v2(void* s) { ENTER("cuStreamDestroy"); streamDevice.erase(s); if (!streams.erase(s)) return INVALID_HANDLE; free(s); return OK; }
Result cuStreamSynchronize(void* s) { ENTER("cuStreamSynchronize"); return capturing.count(s) ? CAPTURE_UNSUPPORTED : sticky[deviceOf(s)]; }
Result cuEventCreate(void** e, unsigned) { ENTER("cuEventCreate"); events.insert(*e = malloc(8)); return OK; }
Result cuEventRecord(void* e, void* s) { ENTER("cuEventRecord"); eventTime[e] = clock_ms; return events.count(e) ? sticky[deviceOf(s)] : INVALID_HANDLE; }
Result cuEventSynchronize(void* e) { ENTER("cuEventSynchronize"); return events.count(e) ? sticky[current] : INVALID_HANDLE; }
Result cuStreamWaitEvent(void* s, void* e, unsigned) { ENTER("cuStreamWaitEvent"); return streams.count(s) && events.count(e) ? OK : INVALID_HANDLE; }
Result cuCtxSynchronize() { ENTER("cuCtxSynchronize"); return sticky[current]; }
Result cuEventElapsedTime(float* ms, void* from, void* to) { ENTER("cuEventElapsedTime"); *ms = (float) (eventTime[to] - eventTime[from]); return OK; }
Result cuEventDestroy_v2(void* e) { ENTER("cuEventDestroy"); if (!events.erase(e)) return INVALID_HANDLE; free(e); return OK; }
Result cuStreamBeginCapture_v2(void* s, int) { ENTER("cuStreamBeginCapture"); graphs.insert(capturing[s] = new Graph); return OK; }
Result cuStreamEndCapture(void* s, void** g) {
    ALONE;
    counts["cuStreamEndCapture"]++;
    auto graph = capturing.find(s);
    if (graph == capturing.end()) return INVALID_VALUE;
    Graph* made = graph->second;
    capturing.erase(graph);
    counts["cuStreamEndCapture"]--;
    Result r = enter("cuStreamEndCapture");
    if (r) {
        graphs.erase(made);
        delete made;
    } else {
        *g = made;
    }
    return r;
}
Result cuGraphInstantiateWithFlags(void** e, void* g, unsigned long long) { ENTER("cuGraphInstantiate"); ready.insert(*e = new Graph(*(Graph*) g)); return OK; }
Result cuGraphLaunch(void* e, void* s) {
    ENTER("cuGraphLaunch");
    for (Task& task : ((Graph*) e)->tasks) {
        if (Result r = now(s, task)) return r;
    }
    return OK;
}
Result cuGraphExecDestroy(void* e) { ENTER("cuGraphExecDestroy"); if (!ready.erase(e)) return INVALID_HANDLE; delete (Graph*) e; return OK; }
Result cuGraphDestroy(void* g) { ENTER("cuGraphDestroy"); if (!graphs.erase(g)) return INVALID_HANDLE; delete (Graph*) g; return OK; }
Result cuGetErrorName(int, const char** s) { *s = "STAND_IN"; return OK; }
Result cuGetErrorString(int, const char** s) { *s = "said by the stand-in"; return OK; }
}
