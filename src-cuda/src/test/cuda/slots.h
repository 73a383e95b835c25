// Interprets the formulas of a module: the straight line of scalar PTX between "{ // slot" and "} // end", as the driver was given it.
#pragma once
#include <cmath>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>
#include "emulator.h"

namespace emulator {
union Value {
    float f;
    double d;
    uint32_t u;
    int32_t s;
    uint64_t l;
};

struct Program;
typedef void (*Operation)(Program& p, Value* r, const int* o);

struct Instruction {
    Operation run;
    int operands[4];
};

static const unsigned char* parameters;  // of the kernel that runs

struct Program {
    std::vector<Instruction> code;
    std::vector<Value> registers;
    std::map<std::string, int> names;
    std::vector<int> targets;  // results in registers
    int given = -1;
    int index = -1;
    int base = -1;  // of a table in memory
    Value arguments[2], back;
    std::vector<const Function*> calls;

    int place(const std::string& name) {
        auto known = names.find(name);
        if (known != names.end()) return known->second;
        Value v;
        v.l = 0;
        if (name.compare(0, 2, "0f") == 0) v.u = (uint32_t) std::stoul(name.substr(2), nullptr, 16);
        else if (name.compare(0, 2, "0d") == 0) v.l = std::stoull(name.substr(2), nullptr, 16);
        else if (name[0] != '%') v.u = (uint32_t) std::stoll(name);
        registers.push_back(v);
        return names[name] = (int) registers.size() - 1;
    }

    void run() {
        for (Instruction& i : code) i.run(*this, registers.data(), i.operands);
    }
};

#define OP(body) [](Program& p, Value* r, const int* o) { (void) p; body; }
#define A r[o[1]]
#define B r[o[2]]
#define C r[o[3]]
#define D r[o[0]]

static const std::map<std::string, Operation>& operations() {
    static const std::map<std::string, Operation> all = {
        {"ld.param.u64", OP(memcpy(&D.l, parameters + o[1], 8))},
        {"ld.global.u64", OP(touch((const void*) (A.l + o[2]), 8, 8, false, o); D.l = *(const uint64_t*) (A.l + o[2]))},
        {"ld.global.f32", OP(touch((const void*) A.l, 4, 4, false, o); D.f = *(const float*) A.l)},
        {"st.global.f32", OP(touch((const void*) D.l, 4, 4, true, o); *(float*) D.l = A.f)},
        {"mul.wide.u32", OP(D.l = (uint64_t) A.u * B.u)},
        {"add.s64", OP(D.l = A.l + B.l)},
        {"div.u32", OP(D.u = A.u / B.u)},
        {"rem.u32", OP(D.u = A.u % B.u)},
        {"mul.lo.u32", OP(D.u = A.u * B.u)},
        {"mad.lo.u32", OP(D.u = A.u * B.u + C.u)},
        {"mov.f32", OP(D.f = A.f)},
        {"mov.b32", OP(D.u = A.u)},
        {"add.rn.f32", OP(D.f = A.f + B.f)},
        {"sub.rn.f32", OP(D.f = A.f - B.f)},
        {"mul.rn.f32", OP(D.f = A.f * B.f)},
        {"div.rn.f32", OP(D.f = A.f / B.f)},
        {"fma.rn.f32", OP(D.f = std::fma(A.f, B.f, C.f))},
        {"neg.f32", OP(D.f = -A.f)},
        {"abs.f32", OP(D.f = std::fabs(A.f))},
        {"sqrt.rn.f32", OP(D.f = std::sqrt(A.f))},
        {"min.f32", OP(D.f = A.f == B.f ? (std::signbit(A.f) ? A.f : B.f) : std::fmin(A.f, B.f))},
        {"max.f32", OP(D.f = A.f == B.f ? (std::signbit(A.f) ? B.f : A.f) : std::fmax(A.f, B.f))},
        {"setp.lt.f32", OP(D.u = A.f < B.f)},
        {"setp.le.f32", OP(D.u = A.f <= B.f)},
        {"setp.eq.f32", OP(D.u = A.f == B.f)},
        {"setp.neu.f32", OP(D.u = !(A.f == B.f))},
        {"setp.nan.f32", OP(D.u = A.f != A.f || B.f != B.f)},
        {"selp.f32", OP(D.f = C.u ? A.f : B.f)},
        {"add.s32", OP(D.u = A.u + B.u)},
        {"sub.s32", OP(D.u = A.u - B.u)},
        {"and.b32", OP(D.u = A.u & B.u)},
        {"or.b32", OP(D.u = A.u | B.u)},
        {"shl.b32", OP(D.u = B.u > 31 ? 0 : A.u << B.u)},
        {"shr.s32", OP(D.s = A.s >> (B.u > 31 ? 31 : B.u))},
        {"cvt.f64.f32", OP(D.d = A.f)},
        {"cvt.rn.f32.f64", OP(D.f = (float) A.d)},
        {"add.rn.f64", OP(D.d = A.d + B.d)},
        {"sub.rn.f64", OP(D.d = A.d - B.d)},
        {"mul.rn.f64", OP(D.d = A.d * B.d)},
        {"div.rn.f64", OP(D.d = A.d / B.d)},
        {"neg.f64", OP(D.d = -A.d)},
        {"abs.f64", OP(D.d = std::fabs(A.d))},
        {"sqrt.rn.f64", OP(D.d = std::sqrt(A.d))},
        {"min.f64", OP(D.d = std::fmin(A.d, B.d))},
        {"max.f64", OP(D.d = std::fmax(A.d, B.d))},
        {"setp.lt.f64", OP(D.u = A.d < B.d)},
        {"setp.le.f64", OP(D.u = A.d <= B.d)},
        {"setp.eq.f64", OP(D.u = A.d == B.d)},
        {"setp.neu.f64", OP(D.u = !(A.d == B.d))},
        {"setp.nan.f64", OP(D.u = A.d != A.d || B.d != B.d)},
        {"selp.f64", OP(D.d = C.u ? A.d : B.d)},
        {"st.param.f64", OP(p.arguments[o[0]] = A)},
        {"ld.param.f64", OP(D = p.back)},
    };
    return all;
}

static void callOne(Program& p, Value*, const int* o) {
    p.back.d = ((double (*)(double)) p.calls[o[0]]->address)(p.arguments[0].d);
}

static void callTwo(Program& p, Value*, const int* o) {
    p.back.d = ((double (*)(double, double)) p.calls[o[0]]->address)(p.arguments[0].d, p.arguments[1].d);
}

static std::vector<std::string> words(const std::string& line, const char* separators) {
    std::vector<std::string> found;
    for (size_t at = 0;;) {
        at = line.find_first_not_of(separators, at);
        if (at == std::string::npos) return found;
        size_t end = std::min(line.find_first_of(separators, at), line.size());
        found.push_back(line.substr(at, end - at));
        at = end;
    }
}

static void instruction(Program& p, const std::string& line) {
    std::vector<std::string> w = words(line, " \t,;[]()");
    Instruction i = {nullptr, {0, 0, 0, 0}};
    if (w[0] == "call.uni") {
        const Function* f = functions;
        while (f && w[2] != f->name) f = f->next;
        if (!f) throw std::runtime_error("no function " + w[2]);
        p.calls.push_back(f);
        i.run = f->arguments == 1 ? callOne : callTwo;
        i.operands[0] = (int) p.calls.size() - 1;
    } else {
        auto known = operations().find(w[0]);
        if (known == operations().end()) throw std::runtime_error("unknown instruction " + line);
        i.run = known->second;
        if (w[0] == "ld.param.u64") {
            i.operands[0] = p.place(w[1]);
            i.operands[1] = std::stoi(w[2].substr(w[2].find('+') + 1));
        } else if (w[0] == "ld.global.u64") {
            size_t plus = w[2].find('+');
            i.operands[0] = p.place(w[1]);
            i.operands[1] = p.place(w[2].substr(0, plus));
            i.operands[2] = std::stoi(w[2].substr(plus + 1));
        } else if (w[0] == "st.param.f64") {
            i.operands[0] = w[1][2] - '0';
            i.operands[1] = p.place(w[2]);
        } else if (w[0] == "ld.param.f64") {
            i.operands[0] = p.place(w[1]);
        } else {
            for (size_t o = 1; o < w.size() && o < 5; o++) i.operands[o - 1] = p.place(w[o]);
        }
    }
    p.code.push_back(i);
}

// The first slot of a module; empty code if there is none.
static Program parse(const std::string& module) {
    Program p;
    size_t at = module.find("{ // slot ");
    if (at == std::string::npos) return p;
    std::istringstream lines(module.substr(at));
    std::string line;
    std::getline(lines, line);
    std::vector<std::string> head = words(line, " ");
    p.index = p.place(head.back());
    size_t outputs = head[3] == "store" || head[3] == "each" ? 0 : head[3] == "map" ? 4 : 1;
    for (size_t o = 0; o < outputs; o++) p.targets.push_back(p.place(head[4 + o]));
    if (head[3] == "each") p.base = p.place(head[4]);
    if (head[3] == "epilogue") p.given = p.place(head[5]);
    while (std::getline(lines, line) && line.find("} // end") == std::string::npos) {
        std::vector<std::string> w = words(line, " \t");
        if (w.empty() || w[0] == "{" || w[0] == "}" || w[0] == ".reg" || w[0] == ".param") continue;
        instruction(p, line);
    }
    return p;
}

static Program* slot;  // of the kernel that runs

void store(unsigned i) {
    slot->registers[slot->index].u = i;
    slot->run();
}

void each(const void* table, unsigned i) {
    slot->registers[slot->base].l = (uint64_t) table;
    store(i);
}

void map(float* y, unsigned i) {
    store(i);
    for (size_t o = 0; o < slot->targets.size(); o++) y[o] = slot->registers[slot->targets[o]].f;
}

float epilogue(float x, unsigned i) {
    slot->registers[slot->given].f = x;
    store(i);
    return slot->registers[slot->targets[0]].f;
}
}  // namespace emulator
