// A stand-in for libcuda.so.1, the part of the driver that Hoag calls, on the emulator: real Java code runs on it end to end without a GPU.
// Tests steer it through the standin_ functions: any call can be made to fail, and everything that was not given back is counted.
//
// It is as strict as a driver may be, so that what only happens to work elsewhere fails here. Nothing is computed before somebody waits for it: a stream is a
// queue, the legacy stream and those made without "non-blocking" wait for each other, others for events alone. Refused are: calls before cuInit and without a current
// context, calls that a recorded stream forbids (they spoil the recording), copies without a wait from memory that can move, kernels beyond a grid's, a block's or
// shared memory's limits, PTX that is newer than the driver or the chip, an argument of another size than the kernel's.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <pthread.h>
#include <sys/mman.h>
#include "fibers.h"
#include "checks.h"
#include "slots.h"
#include "standin.h"

typedef int Result;
typedef unsigned long long Address;
enum { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, INVALID_DEVICE = 101, INVALID_CONTEXT = 201,
       NO_BINARY = 209, INVALID_PTX = 218, UNSUPPORTED_PTX_VERSION = 222, INVALID_HANDLE = 400, NOT_FOUND = 500, NOT_READY = 600, ILLEGAL_ADDRESS = 700,
       OUT_OF_RESOURCES = 701, LAUNCH_FAILED = 719, CAPTURE_UNSUPPORTED = 900, CAPTURE_INVALIDATED = 901, CAPTURE_UNMATCHED = 903, CAPTURE_IMPLICIT = 906,
       CAPTURED_EVENT = 907, CAPTURE_WRONG_THREAD = 908 };

static std::recursive_mutex lock;
#define ALONE std::lock_guard<std::recursive_mutex> alone(lock)

// ---- what tests set

// For commands, which call nothing of this, the environment says it: STANDIN_DEVICES, STANDIN_MIB, ...
static long asked(const char* name, long otherwise) {
    const char* value = getenv(name);
    return value ? atol(value) : otherwise;
}
static int devices = (int) asked("STANDIN_DEVICES", 1), version = (int) asked("STANDIN_VERSION", 12060), capability = (int) asked("STANDIN_CAPABILITY", 90);
static size_t total = size_t(asked("STANDIN_MIB", 4096)) << 20, others = size_t(asked("STANDIN_OTHERS_MIB", 0)) << 20;  // others: memory that other programs hold
static std::map<std::string, int> counts;   // calls by name
struct Failure {
    int result, after, device;  // device: -1 for all
};
static std::map<std::string, Failure> failures;  // by name: after so many calls
static std::string said;                    // what the emulator reported last
static double clock_ms;                     // a millisecond for each kernel
static thread_local int current = -1;       // the device whose context is current in this thread
static std::atomic<int> late;               // milliseconds before a thread that waits for a device begins to
static bool started;                         // cuInit was called

static Result enter(const char* name) {
    counts[name]++;
    auto wanted = failures.find(name);
    if (wanted == failures.end() || (wanted->second.device >= 0 && wanted->second.device != current)) return OK;
    return wanted->second.after-- > 0 ? OK : wanted->second.result;
}
static Result refused(Result why, const std::string& what) {
    said = what;
    fprintf(stderr, "stand-in: %s\n", what.c_str());
    return why;
}
#define ENTER(name)                                                         \
    ALONE;                                                                  \
    if (Result r = enter(name)) return r;                                   \
    if (!started) return refused(NOT_INITIALIZED, name " before cuInit")

// ---- memory: host memory between two stretches of a known byte, all of it in one range of addresses, whose checks are in checks.h

static const size_t GUARD = 256;
static const unsigned char MARK = 0xA5;
struct Piece {
    size_t bytes;
    int device;
};
static std::map<Address, Piece> memory;
static std::map<Address, size_t> pinned;
static const int MOST = 16;
static size_t used[MOST];
static int contexts[MOST], damaged;
static Result sticky[MOST];

static const Piece* holding(Address p, size_t n) {
    auto next = memory.upper_bound(p);
    if (next == memory.begin()) return nullptr;
    auto piece = --next;
    return p + n <= piece->first + piece->second.bytes ? &piece->second : nullptr;
}
static bool inside(Address p, size_t n) { return holding(p, n) != nullptr; }
static bool stays(const void* p, size_t n) {  // memory of the host that the device reads where it lies
    auto next = pinned.upper_bound((Address) p);
    return next != pinned.begin() && (--next, (Address) p + n <= next->first + next->second);
}

#define CONTEXT(name)                                                                                     \
    ENTER(name);                                                                                          \
    if (current < 0) return refused(INVALID_CONTEXT, name " in a thread without a current context");      \
    if (!contexts[current]) return refused(INVALID_CONTEXT, name " with a context that was given back")

// ---- streams: queues that run when somebody waits

typedef std::function<Result()> Task;
struct Graph {
    std::vector<Task> tasks;
};
struct Stream {
    int device;
    bool blocking;
    std::deque<Task> queue;
    long long put = 0, done = 0;
    Graph* recording = nullptr;
    pthread_t by{};
    bool spoilt = false;
};
struct Event {
    Stream* stream = nullptr;
    long long ticket = 0;
    double time = 0;
    bool captured = false;
};
static std::set<Stream*> streams;
static std::set<Event*> events;
static std::set<void*> modules, graphs, ready;
static std::vector<Stream> legacy = [] {
    std::vector<Stream> all(MOST);
    for (int i = 0; i < MOST; i++) all[i].device = i;
    return all;
}();

static void drain(Stream* s, long long ticket) {
    while (s->done < ticket) {
        Task task = std::move(s->queue.front());
        s->queue.pop_front();
        if (!sticky[s->device]) {
            if (Result r = task()) sticky[s->device] = r;
        }
        s->done++;
    }
}
static void drain(int device) {
    drain(&legacy[device], legacy[device].put);
    for (Stream* s : streams) {
        if (s->device == device) drain(s, s->put);
    }
}
static Stream* streamOf(void* stream) { return stream ? (Stream*) stream : &legacy[current]; }

// Behind what it has to wait for; even a copy on a stream of its own may run at once, which the seed decides.
static Result later(Stream* s, Task task) {
    if (sticky[s->device]) return sticky[s->device];
    std::vector<std::pair<Stream*, long long>> before;
    bool old = s == &legacy[s->device];
    if (old) {
        for (Stream* other : streams) {
            if (other->device == s->device && other->blocking) before.push_back({other, other->put});
        }
    } else if (s->blocking) {
        before.push_back({&legacy[s->device], legacy[s->device].put});
    }
    s->queue.push_back([=] {
        for (auto& [other, ticket] : before) {
            if (other == &legacy[s->device] || streams.count(other)) drain(other, ticket);
        }
        return task();
    });
    s->put++;
    if (!old && !s->blocking && emulator::seed % 2) drain(s, s->put);
    return OK;
}

static bool mine(Stream* s) { return s->recording && pthread_equal(s->by, pthread_self()); }
static Result spoil(Stream* s, Result why, const std::string& what) {
    s->spoilt = true;
    return refused(why, what + " while a stream is recorded");
}
// What touches the legacy stream while a stream that waits for it is recorded.
static Result old(const char* name) {
    for (Stream* s : streams) {
        if (s->device == current && s->blocking && s->recording) return spoil(s, CAPTURE_IMPLICIT, name);
    }
    return OK;
}
// What a thread that records must not call.
static Result unsafe(const char* name) {
    for (Stream* s : streams) {
        if (mine(s)) return spoil(s, CAPTURE_UNSUPPORTED, name);
    }
    return OK;
}
#define OLD(name) \
    CONTEXT(name); \
    if (Result r = old(name)) return r
#define UNSAFE(name) \
    CONTEXT(name);   \
    if (Result r = unsafe(name)) return r

Result now(void* stream, Task task) {
    if (current < 0) return refused(INVALID_CONTEXT, "a stream's work in a thread without a current context");
    Stream* s = streamOf(stream);
    if (s != &legacy[current] && !streams.count(s)) return refused(INVALID_HANDLE, "work for a stream that is not there");
    if (s->device != current) return refused(INVALID_HANDLE, "work for a stream of another context");
    if (s->recording) {
        if (s->spoilt) return CAPTURE_INVALIDATED;
        if (sticky[s->device]) return sticky[s->device];
        s->recording->tasks.push_back(task);
        return OK;
    }
    if (s == &legacy[current]) {
        if (Result r = old("work of the legacy stream")) return r;
    }
    return later(s, task);
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
static Result finished(Stream* s) {
    drain(s, s->put);
    return sticky[s->device];
}

// ---- kernels

struct Module {
    std::string text;
    emulator::Program slot;
};

struct Function {
    Module* module;
    const emulator::Kernel* kernel;
    unsigned threads, own, more;  // the most of a block; shared memory that it names, and the most that a launch may add
};

static const unsigned SHARED = 48 << 10, SHARED_AT_MOST = 227 << 10;  // of an H100, where a kernel asked for it

// The number behind a text, or otherwise.
static long number(const std::string& text, const std::string& before, long otherwise) {
    size_t at = text.find(before);
    return at == std::string::npos ? otherwise : strtol(text.c_str() + at + before.size(), nullptr, 10);
}
static unsigned sharedOf(const std::string& text) {
    unsigned sum = 0;
    for (size_t at = text.find(".shared .align"); at != std::string::npos; at = text.find(".shared .align", at + 1)) {
        size_t open = text.find('[', at), end = text.find(';', at);
        if (open < end && text[open + 1] != ']') sum += (unsigned) strtoul(text.c_str() + open + 1, nullptr, 10);
    }
    return sum;
}
// The newest PTX of a driver's CUDA (PTX ISA, "Release Notes"), as 10 major + minor.
static int newestPtx() {
    int major = version / 1000, minor = version % 1000 / 10;
    return major < 12 ? 70 + minor : major == 12 ? (minor < 6 ? 80 + minor : 79 + minor) : 90 + (major - 13) * 10 + minor;
}
static Result acceptable(const std::string& text) {
    size_t at = text.find(".version ");
    if (at == std::string::npos || text.find("hoag.") != std::string::npos) return INVALID_PTX;
    int ptx = 10 * (text[at + 9] - '0') + (text[at + 11] - '0');
    if (ptx > newestPtx()) return refused(UNSUPPORTED_PTX_VERSION, "PTX " + text.substr(at + 9, 3) + " is newer than the driver");
    if (number(text, ".target sm_", 0) > capability) return refused(NO_BINARY, "PTX for a newer chip");
    if (sharedOf(text) > SHARED) return refused(INVALID_PTX, "a kernel names more than 48 KiB of shared memory");
    return OK;
}

static Result launch(Function* f, uint3 grid, uint3 block, unsigned shared, int device, std::vector<unsigned char> argument) {
    try {
        emulator::slot = &f->module->slot;
        emulator::parameters = argument.data();
        emulator::on(device, shared);
        emulator::launch(*f->kernel, grid, block, argument.data());
        emulator::counted(f->kernel->name);
        clock_ms += 1;
        return OK;
    } catch (const emulator::Broken& e) {
        refused(e.result, std::string(f->kernel->name) + ": " + e.what());
        return e.result;
    }
}

extern "C" {
void standin_reset() {
    ALONE;
    devices = 1, version = 12060, capability = 90, total = size_t(4) << 30, others = 0, damaged = 0, emulator::seed = 0;
    std::fill_n(sticky, MOST, OK);
    started = false;
    late = 0;
    counts.clear();
    failures.clear();
    said.clear();
    emulator::counting = false;
    emulator::traffic.clear();
}
// From now on, what kernels move through global memory.
void standin_count_traffic() { emulator::counting = true; }
// Each kernel's accesses of a warp, 32 byte sectors of them, and sectors that their bytes would fill.
const char* standin_traffic() {
    static std::string text;
    return (text = emulator::trafficText()).c_str();
}
void standin_late(int ms) { late = ms; }
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
    int retained = 0;
    for (int each : contexts) retained += each;
    return (int) (memory.size() + pinned.size() + streams.size() + events.size() + modules.size() + graphs.size() + ready.size()) + retained;
}
int standin_modules() { return (int) modules.size(); }
const char* standin_module(int i) { return ((Module*) *std::next(modules.begin(), i))->text.c_str(); }
int standin_damaged() { return damaged; }
const char* standin_said() { return said.c_str(); }

Result cuInit(unsigned) {
    ALONE;
    if (Result r = enter("cuInit")) return r;
    started = true;
    return OK;
}
Result cuDriverGetVersion(int* v) {
    ALONE;
    *v = version;
    return enter("cuDriverGetVersion");
}
Result cuDeviceGetCount(int* n) { ENTER("cuDeviceGetCount"); *n = devices; return OK; }
Result cuDeviceGet(int* d, int i) { ENTER("cuDeviceGet"); *d = i; return i < devices ? OK : INVALID_DEVICE; }
Result cuDeviceGetName(char* b, int n, int i) { ENTER("cuDeviceGetName"); snprintf(b, n, "Stand-in %d", i); return OK; }
Result cuDeviceTotalMem_v2(size_t* n, int) { ENTER("cuDeviceTotalMem"); *n = total; return OK; }
Result cuDeviceGetAttribute(int* v, int which, int) {
    ENTER("cuDeviceGetAttribute");
    *v = which == 75 ? capability / 10 : which == 76 ? capability % 10 : which == 16 ? 132 : which == 13 ? 1980000 : which == 36 ? 3201000 : which == 37 ? 6144 : 0;  // of an H200
    return OK;
}
Result cuDevicePrimaryCtxRetain(void** c, int d) { ENTER("cuDevicePrimaryCtxRetain"); contexts[d]++; *c = (void*) (size_t) (d + 1); return OK; }
Result cuDevicePrimaryCtxRelease_v2(int d) { ENTER("cuDevicePrimaryCtxRelease"); if (!contexts[d]) return INVALID_CONTEXT; drain(d); contexts[d]--; return OK; }
Result cuCtxSetCurrent(void* c) {
    ALONE;
    int wanted = (int) (size_t) c - 1;
    int before = current;
    current = wanted;
    Result r = enter("cuCtxSetCurrent");
    if (!r && c && !contexts[wanted]) r = refused(INVALID_CONTEXT, "cuCtxSetCurrent of a context that was given back");
    if (r) current = before;
    return r;
}
Result cuCtxGetDevice(int* d) { CONTEXT("cuCtxGetDevice"); *d = current; return OK; }
Result cuMemGetInfo_v2(size_t* f, size_t* t) { CONTEXT("cuMemGetInfo"); *f = total - others - used[current]; *t = total; return OK; }
Result cuDeviceCanAccessPeer(int* can, int, int) { ENTER("cuDeviceCanAccessPeer"); *can = 1; return OK; }
Result cuCtxEnablePeerAccess(void*, unsigned) { CONTEXT("cuCtxEnablePeerAccess"); return OK; }

Result cuMemAlloc_v2(Address* p, size_t n) {
    UNSAFE("cuMemAlloc");
    if (!n) return INVALID_VALUE;
    if (used[current] + others + n > total) return OUT_OF_MEMORY;
    unsigned char* all = emulator::reserve(n + 2 * GUARD);
    memset(all, MARK, GUARD);
    memset(all + GUARD, 0xFF, n);  // NaN: what nobody wrote shows
    memset(all + GUARD + n, MARK, GUARD);
    *p = (Address) (all + GUARD);
    emulator::own(*p, n, current);
    memory[*p] = {n, current};
    used[current] += n;
    return OK;
}
Result cuMemFree_v2(Address p) {
    UNSAFE("cuMemFree");
    auto piece = memory.find(p);
    if (piece == memory.end()) return INVALID_VALUE;
    drain(piece->second.device);
    unsigned char* all = (unsigned char*) p - GUARD;
    for (size_t i = 0; i < GUARD; i++) damaged += all[i] != MARK || all[GUARD + piece->second.bytes + i] != MARK;
    used[piece->second.device] -= piece->second.bytes;
    emulator::own(p, piece->second.bytes, -1);
    emulator::back(all, piece->second.bytes + 2 * GUARD);
    memory.erase(piece);
    return OK;
}
Result cuMemHostAlloc(void** p, size_t n, unsigned) {
    UNSAFE("cuMemHostAlloc");
    *p = aligned_alloc(4096, (n + 4095) / 4096 * 4096);
    memset(*p, 0, n);
    pinned[(Address) *p] = n;
    return OK;
}
Result cuMemFreeHost(void* p) { CONTEXT("cuMemFreeHost"); drain(current); if (!pinned.erase((Address) p)) return INVALID_VALUE; free(p); return OK; }
// From memory that may move: it is read before the call returns, and written when the stream comes to it.
Result cuMemcpyHtoD_v2(Address d, const void* s, size_t n) {
    OLD("cuMemcpyHtoD");
    if (!inside(d, n)) return INVALID_VALUE;
    auto read = std::make_shared<std::vector<unsigned char>>((const unsigned char*) s, (const unsigned char*) s + n);
    return now(nullptr, [=] {
        memcpy((void*) d, read->data(), n);
        return OK;
    });
}
Result cuMemcpyDtoH_v2(void* d, Address s, size_t n) {
    OLD("cuMemcpyDtoH");
    if (!inside(s, n)) return INVALID_VALUE;
    if (Result r = copy(nullptr, d, (void*) s, n)) return r;
    return finished(&legacy[current]);
}
Result cuMemcpyHtoDAsync_v2(Address d, const void* s, size_t n, void* st) {
    CONTEXT("cuMemcpyHtoDAsync");
    if (!stays(s, n)) return refused(INVALID_VALUE, "cuMemcpyHtoDAsync from memory that is not pinned");
    return inside(d, n) ? copy(st, (void*) d, s, n) : INVALID_VALUE;
}
Result cuMemcpyDtoHAsync_v2(void* d, Address s, size_t n, void* st) {
    CONTEXT("cuMemcpyDtoHAsync");
    if (!stays(d, n)) return refused(INVALID_VALUE, "cuMemcpyDtoHAsync to memory that is not pinned");
    return inside(s, n) ? copy(st, d, (void*) s, n) : INVALID_VALUE;
}
Result cuMemcpyPeer(Address d, void* to, Address s, void* from, size_t n) {
    OLD("cuMemcpyPeer");
    const Piece *target = holding(d, n), *source = holding(s, n);
    if (!target || !source || target->device != (int) (size_t) to - 1 || source->device != (int) (size_t) from - 1) return INVALID_VALUE;
    for (Stream* each : streams) {
        if (each->recording && (each->device == target->device || each->device == source->device)) return spoil(each, CAPTURE_IMPLICIT, "cuMemcpyPeer");
    }
    drain(source->device);  // it begins when both devices are done
    drain(target->device);
    if (sticky[source->device]) return sticky[source->device];
    if (sticky[target->device]) return sticky[target->device];
    memmove((void*) d, (void*) s, n);
    return OK;
}
Result cuMemcpyDtoD_v2(Address d, Address s, size_t n) { OLD("cuMemcpyDtoD"); return inside(d, n) && inside(s, n) ? copy(nullptr, (void*) d, (void*) s, n) : INVALID_VALUE; }
Result cuMemsetD32_v2(Address d, unsigned v, size_t n) {
    OLD("cuMemsetD32");
    if (d % 4 || !inside(d, 4 * n)) return INVALID_VALUE;
    return now(nullptr, [=] {
        std::fill_n((unsigned*) d, n, v);
        return OK;
    });
}

Result cuModuleLoadData(void** m, const void* image) {
    UNSAFE("cuModuleLoadData");
    std::string text((const char*) image);
    if (Result r = acceptable(text)) return r;
    auto module = new Module{text, {}};
    try {
        module->slot = emulator::parse(text);
    } catch (const std::exception& e) {
        delete module;
        return refused(INVALID_PTX, e.what());
    }
    modules.insert(*m = module);
    return OK;
}
Result cuModuleUnload(void* m) { CONTEXT("cuModuleUnload"); drain(current); if (!modules.erase(m)) return INVALID_HANDLE; delete (Module*) m; return OK; }
Result cuModuleGetFunction(void** f, void* m, const char* name) {
    CONTEXT("cuModuleGetFunction");
    const emulator::Kernel* kernel = emulator::kernels;
    while (kernel && strcmp(kernel->name, name)) kernel = kernel->next;
    const std::string& text = ((Module*) m)->text;
    if (!kernel || text.find(std::string(".entry ") + name + "(") == std::string::npos) return NOT_FOUND;
    if (number(text, std::string(name) + "_param_0[", -1) != (long) kernel->bytes) return refused(INVALID_VALUE, std::string(name) + " takes an argument of another size");
    *f = new Function{(Module*) m, kernel, (unsigned) number(text, ".maxntid ", 1024), sharedOf(text), SHARED};  // lives as long as the process
    return OK;
}
Result cuFuncSetAttribute(void* f, int which, int value) {
    CONTEXT("cuFuncSetAttribute");
    auto function = (Function*) f;
    if (which != 8) return OK;  // the most of shared memory that a launch adds
    if (value < 0 || function->own + value > SHARED_AT_MOST) return INVALID_VALUE;
    function->more = function->own + value;
    return OK;
}
Result cuLaunchKernel(void* f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void* st, void** arguments, void** extra) {
    CONTEXT("cuLaunchKernel");
    if (!f || !arguments || extra || !gx || !gy || !gz || gx > 0x7fffffffu || gy > 65535 || gz > 65535) return INVALID_VALUE;
    if (!bx || !by || !bz || bz > 64 || bx > 1024 || by > 1024 || bx * by * bz > 1024) return INVALID_VALUE;
    auto function = (Function*) f;
    if (!modules.count(function->module)) return INVALID_HANDLE;
    if (bx * by * bz > function->threads) return refused(OUT_OF_RESOURCES, "more threads than the kernel was compiled for");
    if (function->own + shared > function->more) return refused(INVALID_VALUE, "more shared memory than cuFuncSetAttribute allowed");
    auto bytes = (unsigned char*) arguments[0];
    std::vector<unsigned char> argument(bytes, bytes + function->kernel->bytes);
    int device = current;
    return now(st, [=] { return launch(function, {gx, gy, gz}, {bx, by, bz}, shared, device, argument); });
}

Result cuStreamCreate(void** s, unsigned flags) {
    CONTEXT("cuStreamCreate");
    auto made = new Stream();
    made->device = current;
    made->blocking = !(flags & 1);
    streams.insert(made);
    *s = made;
    return OK;
}
Result cuStreamDestroy_v2(void* s) {
    CONTEXT("cuStreamDestroy");
    if (!streams.count((Stream*) s)) return INVALID_HANDLE;
    drain((Stream*) s, ((Stream*) s)->put);
    for (Event* e : events) {
        if (e->stream == s) e->stream = nullptr;
    }
    streams.erase((Stream*) s);
    delete (Stream*) s;
    return OK;
}
Result cuStreamSynchronize(void* st) {
    CONTEXT("cuStreamSynchronize");
    Stream* s = streamOf(st);
    return s->recording ? spoil(s, CAPTURE_UNSUPPORTED, "cuStreamSynchronize") : finished(s);
}
Result cuEventCreate(void** e, unsigned) { UNSAFE("cuEventCreate"); auto made = new Event; events.insert(made); *e = made; return OK; }
Result cuEventRecord(void* ev, void* st) {
    CONTEXT("cuEventRecord");
    auto e = (Event*) ev;
    Stream* s = streamOf(st);
    if (!events.count(e)) return INVALID_HANDLE;
    e->captured = s->recording;
    if (s->recording) return OK;
    Result r = later(s, [=] {
        if (events.count(e)) e->time = clock_ms;
        return OK;
    });
    e->stream = s;
    e->ticket = s->put;
    return r;
}
Result cuEventSynchronize(void* ev) {
    CONTEXT("cuEventSynchronize");
    auto e = (Event*) ev;
    if (!events.count(e)) return INVALID_HANDLE;
    if (e->captured) return CAPTURED_EVENT;
    if (e->stream) drain(e->stream, e->ticket);
    return sticky[current];
}
Result cuStreamWaitEvent(void* st, void* ev, unsigned) {
    CONTEXT("cuStreamWaitEvent");
    auto e = (Event*) ev;
    if (!streams.count((Stream*) st) || !events.count(e)) return INVALID_HANDLE;
    Stream* on = e->stream;
    long long ticket = e->ticket;
    return on ? now(st, [=] {
        if (streams.count(on) || on == &legacy[on->device]) drain(on, ticket);
        return OK;
    }) : OK;
}
Result cuCtxSynchronize() {
    if (late) std::this_thread::sleep_for(std::chrono::milliseconds(late));
    CONTEXT("cuCtxSynchronize");
    for (Stream* s : streams) {
        if (s->device == current && s->recording) return spoil(s, CAPTURE_UNSUPPORTED, "cuCtxSynchronize");
    }
    drain(current);
    return sticky[current];
}
Result cuEventElapsedTime(float* ms, void* from, void* to) {
    CONTEXT("cuEventElapsedTime");
    Event *a = (Event*) from, *b = (Event*) to;
    if (!events.count(a) || !events.count(b) || !a->stream || !b->stream) return INVALID_HANDLE;
    if (a->stream->done < a->ticket || b->stream->done < b->ticket) return NOT_READY;
    *ms = (float) (b->time - a->time);
    return OK;
}
Result cuEventDestroy_v2(void* e) { CONTEXT("cuEventDestroy"); if (!events.erase((Event*) e)) return INVALID_HANDLE; delete (Event*) e; return OK; }
Result cuStreamBeginCapture_v2(void* st, int mode) {
    CONTEXT("cuStreamBeginCapture");
    auto s = (Stream*) st;
    if (!streams.count(s) || s->recording || mode != 1) return INVALID_VALUE;  // of a thread: others may go on
    graphs.insert(s->recording = new Graph);
    s->by = pthread_self();
    s->spoilt = false;
    return OK;
}
Result cuStreamEndCapture(void* st, void** g) {
    ALONE;
    auto s = (Stream*) st;
    if (!streams.count(s) || !s->recording) return CAPTURE_UNMATCHED;
    if (!mine(s)) return CAPTURE_WRONG_THREAD;
    Graph* made = s->recording;
    s->recording = nullptr;
    Result r = enter("cuStreamEndCapture");
    if (!r && s->spoilt) r = CAPTURE_INVALIDATED;
    if (r) {
        graphs.erase(made);
        delete made;
        made = nullptr;
    }
    *g = made;
    return r;
}
Result cuGraphInstantiateWithFlags(void** e, void* g, unsigned long long) { CONTEXT("cuGraphInstantiate"); if (!graphs.count(g)) return INVALID_VALUE; ready.insert(*e = new Graph(*(Graph*) g)); return OK; }
Result cuGraphLaunch(void* e, void* s) {
    CONTEXT("cuGraphLaunch");
    if (!ready.count(e)) return INVALID_VALUE;
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
