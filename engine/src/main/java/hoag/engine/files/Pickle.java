package hoag.engine.files;

import hoag.engine.files.Python.Instance;
import hoag.engine.files.Python.Name;
import hoag.engine.files.Python.Tuple;
import hoag.kernels.FormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Reads a pickle (protocols 0 to 5) as data. Python's own reader imports what the pickle names and calls it with what the pickle gives; this one
 * keeps names as names, builds the few plain values of {@link PickleCalls} itself, and makes every other object a record of its class and state.
 *
 * @see <a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">what each opcode does</a>
 */
final class Pickle {
    private static final Object MARK = new Object();
    private static final int NEWEST = 5;

    private final PickleReader in;
    private final PickleCalls calls;
    private final UnaryOperator<Object> persistent;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();

    /** @param persistent gives what a persistent id stands for, or throws a {@link FormatException} */
    Pickle(PickleReader in, UnaryOperator<Object> persistent) {
        this.in = in;
        this.persistent = persistent;
        calls = new PickleCalls(in);
    }

    /** Reads up to the end of one pickle. */
    Object load() {
        for (int opcode = in.u1(); opcode != '.'; opcode = in.u1()) step(opcode);
        return pop();
    }

    private void step(int opcode) {
        switch (opcode) {
            case '(', '0', '1', '2', 0x80, 0x95 -> order(opcode);
            case 'p', 'q', 'r', 0x94 -> keep(opcode);
            case 'g', 'h', 'j' -> push(kept(opcode));
            case 'a', 'e', 0x90, 's', 'u', 'b' -> change(opcode);
            case 'R', 0x81, 0x92, 'o', 'i' -> push(made(opcode));
            case 'c' -> push(calls.name(in.line(), in.line()));
            case 0x93 -> push(nameOnStack());
            case 'Q' -> push(persistent.apply(pop()));
            case 'P' -> push(persistent.apply(in.line()));
            case ')' -> push(Tuple.EMPTY);
            case 0x85, 0x86, 0x87 -> push(new Tuple(top(opcode - 0x84)));
            case 't' -> push(new Tuple(sinceMark()));
            case ']', 0x8f -> push(new ArrayList<>(0));
            case 'l', 0x91 -> push(sinceMark());
            case '}' -> push(new LinkedHashMap<>(0));
            case 'd' -> push(put(new LinkedHashMap<>(), sinceMark()));
            default -> push(PickleScalars.read(opcode, in));
        }
    }

    private void order(int opcode) {
        switch (opcode) {
            case '(' -> push(MARK);
            case '0' -> drop();
            case '1' -> sinceMark();
            case '2' -> push(peek());
            case 0x95 -> in.need(in.i8());
            default -> protocol(in.u1());
        }
    }

    private void protocol(int version) {
        if (version > NEWEST) throw in.error("protocol %d; Hoag reads 0 to %d".formatted(version, NEWEST));
    }

    // ---- the memo

    private void keep(int opcode) {
        long slot = opcode == 0x94 ? memo.size() : slot(opcode, 'p', 'q');
        memo.put(slot, peek());
    }

    private Object kept(int opcode) {
        long slot = slot(opcode, 'g', 'h');
        if (!memo.containsKey(slot)) throw in.error("memo entry %d is read and was never written".formatted(slot));
        return memo.get(slot);
    }

    private long slot(int opcode, char asText, char asByte) {
        if (opcode == asByte) return in.u1();
        return opcode == asText ? PickleScalars.number(in, in.line()).longValue() : in.u4();
    }

    // ---- containers and objects

    private void change(int opcode) {
        switch (opcode) {
            case 'a' -> append(top(1));
            case 'e', 0x90 -> append(sinceMark());
            case 's' -> put(top(2));
            case 'u' -> put(sinceMark());
            default -> build(pop(), peek());
        }
    }

    private void append(List<Object> items) {
        switch (peek()) {
            case Instance instance -> instance.items.addAll(items);
            case List<?> list -> addAll(list, items);
            case null, default -> throw in.error("appends to what is no list");
        }
    }

    @SuppressWarnings("unchecked") // every list on the stack was made here
    private static void addAll(List<?> list, List<Object> items) {
        ((List<Object>) list).addAll(items);
    }

    private void put(List<Object> pairs) {
        switch (peek()) {
            case Instance instance -> put(instance.entries, pairs);
            case Map<?, ?> map -> put(PickleCalls.dict(map), pairs);
            case null, default -> throw in.error("puts an item into what is no dict");
        }
    }

    private Map<Object, Object> put(Map<Object, Object> dict, List<Object> pairs) {
        if (pairs.size() % 2 != 0) throw in.error("a key without a value");
        for (int i = 0; i < pairs.size(); i += 2) dict.put(calls.key(pairs.get(i)), pairs.get(i + 1));
        return dict;
    }

    /** The state of a plain container (a version, a hook) says nothing about its contents. */
    private static void build(Object state, Object target) {
        if (target instanceof Instance instance) instance.state = state;
    }

    private Object made(int opcode) {
        return switch (opcode) {
            case 'R' -> reduce(top(2));
            case 0x81 -> object(top(2));
            case 0x92 -> objectWithKeywords(top(3));
            case 'o' -> objectSinceMark();
            default -> calls.object(calls.name(in.line(), in.line()), new Tuple(sinceMark()));
        };
    }

    private Object reduce(List<Object> callAndArguments) {
        return calls.call(name(callAndArguments.get(0)), tuple(callAndArguments.get(1)));
    }

    private Object object(List<Object> classAndArguments) {
        return calls.object(name(classAndArguments.get(0)), tuple(classAndArguments.get(1)));
    }

    private Object objectWithKeywords(List<Object> parts) {
        Object made = object(parts.subList(0, 2));
        if (made instanceof Instance instance) instance.state = parts.get(2);
        return made;
    }

    private Object objectSinceMark() {
        List<Object> parts = sinceMark();
        if (parts.isEmpty()) throw in.error("an object without a class");
        return calls.object(name(parts.getFirst()), new Tuple(parts.subList(1, parts.size())));
    }

    private Name nameOnStack() {
        List<Object> parts = top(2);
        if (parts.get(0) instanceof String module && parts.get(1) instanceof String name)
            return calls.name(module, name);
        throw in.error("names a class by what is no text");
    }

    private Name name(Object value) {
        if (value instanceof Name name) return name;
        throw in.error("calls what is no class");
    }

    private Tuple tuple(Object value) {
        if (value instanceof Tuple tuple) return tuple;
        throw in.error("arguments want a tuple");
    }

    // ---- the stack

    private void push(Object value) {
        stack.add(value);
    }

    private Object peek() {
        if (stack.isEmpty() || stack.getLast() == MARK) throw empty();
        return stack.getLast();
    }

    private Object pop() {
        peek();
        return stack.removeLast();
    }

    private void drop() {
        if (stack.isEmpty()) throw empty();
        stack.removeLast();
    }

    private FormatException empty() {
        return in.error("takes a value from an empty stack");
    }

    private List<Object> top(int count) {
        int from = stack.size() - count;
        if (from < 0 || stack.subList(from, stack.size()).contains(MARK)) throw empty();
        return taken(from);
    }

    private List<Object> sinceMark() {
        int mark = stack.size() - 1;
        while (mark >= 0 && stack.get(mark) != MARK) mark--;
        if (mark < 0) throw in.error("takes values up to a mark that was never set");
        List<Object> values = taken(mark + 1);
        stack.removeLast();
        return values;
    }

    private List<Object> taken(int from) {
        List<Object> tail = stack.subList(from, stack.size());
        var values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }
}
