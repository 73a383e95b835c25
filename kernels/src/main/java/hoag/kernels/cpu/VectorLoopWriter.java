package hoag.kernels.cpu;

import hoag.kernels.cpu.Loops.Kind;
import hoag.kernels.cpu.Steps.Step;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.stream.IntStream;

/**
 * Steps in vectors. What does not change along the run is computed before the loop. A turn is one vector; where lanes count (channel blocks,
 * sixteen partial folds) it is the one, two or four vectors of sixteen floats. The last turn reads whole vectors (buffers allow that) and
 * stores under a mask.
 *
 * <p>Measured on a Xeon of the Sapphire Rapids class, 16 lanes, ns an element for one thread in L2, one and two from memory: ReLU 0.09, 0.31,
 * 0.14; SiLU 0.35, 0.43, 0.20; BatchNorm and SiLU 0.38, 0.42, 0.21 (37 GB/s); GELU 0.31 in L2. SiLU in L2 is bound by the division.
 */
final class VectorLoopWriter extends StepWriter {
    private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.FloatVector");
    private static final ClassDesc INTS = ClassDesc.of("jdk.incubator.vector.IntVector");
    private static final ClassDesc ANY = ClassDesc.of("jdk.incubator.vector.Vector");
    private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
    private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
    private static final ClassDesc BINARY = OPERATORS.nested("Binary");
    private static final MethodTypeDesc STORE = MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, ConstantDescs.CD_int);
    private static final MethodTypeDesc STORE_SOME =
            MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, ConstantDescs.CD_int, MASK);
    private static final int BLOCK = 16;

    private final int lanes;
    private final int parts;
    private final String species;
    private final int[][] locals;
    private final int[][] sums;
    /** What the sums lost to rounding, and what is not yet added to them. */
    private final int[][] lost;

    private final int[][] few;

    private final int mask = local(1);
    private final int last = local(1);
    private final int total = local(1);
    private final int taken = local(1);
    private final int end = local(1);

    VectorLoopWriter(Loops.Key key, Lowering.Program program, CodeBuilder code) {
        super(key, program, code);
        lanes = key.lanes();
        parts = folds() || byBlock() ? BLOCK / lanes : 1;
        species = "SPECIES_" + lanes * 32;
        locals = IntStream.range(0, parts)
                .mapToObj(part ->
                        IntStream.range(0, steps.size()).map(at -> local(1)).toArray())
                .toArray(int[][]::new);
        sums = accumulators();
        lost = accumulators();
        few = accumulators();
    }

    private int[][] accumulators() {
        return IntStream.range(0, parts)
                .mapToObj(part -> results.stream().mapToInt(result -> local(1)).toArray())
                .toArray(int[][]::new);
    }

    private boolean byBlock() {
        return key.kinds().contains(Kind.LANES);
    }

    void write() {
        loadOperands();
        startSums();
        for (int part = 0; part < parts; part++) {
            compute(constant(), part);
            compute(byLane(), part);
        }
        code.iload(LENGTH).loadConstant(-parts * lanes).iand().istore(last);
        code.loadConstant(0).istore(I);
        if (inGroups()) {
            whileMore(this::group);
        } else {
            loop(last, parts * lanes, () -> turn(false));
            if (!byBlock()) {
                lastTurn();
            }
        }
        endSums();
        code.return_();
    }

    /** Some turns whose elements are added as they are; then their sum is, with what rounding takes from that. */
    private void group() {
        for (int part = 0; part < parts; part++) {
            for (int f = 0; f < results.size(); f++) {
                broadcast(0);
                code.astore(few[part][f]);
            }
        }
        code.iload(I).loadConstant(group).iadd().iload(last);
        code.invokestatic(MATH, "min", MethodTypeDesc.ofDescriptor("(II)I")).istore(end);
        loop(end, parts * lanes, () -> turn(false));
        if (!byBlock()) {
            Label whole = code.newLabel();
            code.iload(I).iload(last).if_icmplt(whole);
            lastTurn();
            code.iinc(I, BLOCK).labelBinding(whole);
        }
        for (int part = 0; part < parts; part++) {
            for (int f = 0; f < results.size(); f++) {
                sum(few[part][f], f, part);
            }
        }
    }

    private boolean inGroups() {
        return key.keepsLost() && group > BLOCK;
    }

    private void lastTurn() {
        Label done = code.newLabel();
        code.iload(I).iload(LENGTH).if_icmpge(done);
        turn(true);
        code.labelBinding(done);
    }

    private void turn(boolean masked) {
        for (int part = 0; part < parts; part++) {
            if (masked) {
                species().iload(I).loadConstant(part * lanes).iadd().iload(LENGTH);
                code.invokeinterface(
                                SPECIES,
                                "indexInRange",
                                MethodTypeDesc.of(MASK, ConstantDescs.CD_int, ConstantDescs.CD_int))
                        .astore(mask);
            }
            compute(varying(), part);
            for (int f = 0; f < results.size(); f++) {
                if (inGroups()) {
                    fold(few[part][f], f, part, masked);
                } else if (key.keepsLost()) {
                    sumOf(f, part, masked);
                } else if (folds()) {
                    fold(sums[part][f], f, part, masked);
                } else {
                    store(f, part, masked);
                }
            }
        }
    }

    private void store(int f, int part, boolean masked) {
        code.aload(locals[part][results.get(f)]).aload(array(inputs + f));
        element(inputs + f, part);
        code.iload(I).iadd();
        if (masked) {
            code.aload(mask);
        }
        code.invokevirtual(VECTOR, "intoArray", masked ? STORE_SOME : STORE);
    }

    private void sumOf(int f, int part, boolean masked) {
        int x = locals[part][results.get(f)];
        if (masked) {
            broadcast(0);
            code.aload(x)
                    .aload(mask)
                    .invokevirtual(VECTOR, "blend", MethodTypeDesc.of(VECTOR, ANY, MASK))
                    .astore(x);
        }
        sum(x, f, part);
    }

    /** t = s + x; b = t - s; lost += (s - (t - b)) + (x - b); s = t: what rounding takes from a sum is known exactly (Knuth). */
    private void sum(int x, int f, int part) {
        int s = sums[part][f];
        code.aload(s).aload(x);
        with(VECTOR, "add");
        code.astore(total).aload(total).aload(s);
        with(VECTOR, "sub");
        code.astore(taken).aload(lost[part][f]).aload(s).aload(total).aload(taken);
        with(VECTOR, "sub");
        with(VECTOR, "sub");
        code.aload(x).aload(taken);
        with(VECTOR, "sub");
        with(VECTOR, "add");
        with(VECTOR, "add");
        code.astore(lost[part][f]).aload(total).astore(s);
    }

    private void fold(int into, int f, int part, boolean masked) {
        code.aload(into);
        operator(foldOperator(), OPERATORS.nested("Associative")).aload(locals[part][results.get(f)]);
        if (masked) {
            code.aload(mask);
        }
        code.invokevirtual(
                VECTOR,
                "lanewise",
                masked ? MethodTypeDesc.of(VECTOR, BINARY, ANY, MASK) : MethodTypeDesc.of(VECTOR, BINARY, ANY));
        code.astore(into);
    }

    private String foldOperator() {
        return switch (key.fold()) {
            case SUM -> "ADD";
            case PROD -> "MUL";
            case MAX, ARGMAX -> "MAX";
            case MIN, ARGMIN -> "MIN";
        };
    }

    private void startSums() {
        for (int f = 0; folds() && f < results.size(); f++) {
            for (int part = 0; part < parts; part++) {
                broadcast((float) Loops.identity(key.fold()));
                code.astore(sums[part][f]);
                broadcast(0);
                code.astore(lost[part][f]);
            }
        }
    }

    private void endSums() {
        for (int f = 0; folds() && f < results.size(); f++) {
            for (int part = 0; part < parts; part++) {
                code.aload(sums[part][f]).aload(array(inputs + f));
                element(inputs + f, part);
                code.invokevirtual(VECTOR, "intoArray", STORE)
                        .aload(lost[part][f])
                        .aload(array(inputs + f));
                element(inputs + f, part);
                code.loadConstant(BLOCK).iadd().invokevirtual(VECTOR, "intoArray", STORE);
            }
        }
    }

    /** offset + part * lanes on the stack. */
    private void element(int operand, int part) {
        code.iload(offset(operand));
        if (part > 0) {
            code.loadConstant(part * lanes).iadd();
        }
    }

    private void compute(int[] some, int part) {
        for (int at : some) {
            compute(steps.get(at), part);
            code.astore(locals[part][at]);
        }
    }

    private void compute(Step step, int part) {
        int[] mine = locals[part];
        switch (step.op()) {
            case INPUT -> load(step, part);
            case CONSTANT -> broadcast(Float.intBitsToFloat(step.bits()));
            case INT_CONSTANT ->
                code.getstatic(INTS, species, SPECIES)
                        .loadConstant(step.bits())
                        .invokestatic(INTS, "broadcast", MethodTypeDesc.of(INTS, SPECIES, ConstantDescs.CD_int));
            case SELECT -> {
                code.aload(mine[step.from().get(2)])
                        .aload(mine[step.from().get(1)])
                        .aload(mine[step.from().get(0)]);
                code.invokevirtual(VECTOR, "blend", MethodTypeDesc.of(VECTOR, ANY, MASK));
            }
            case LT, LE, EQ, NE -> {
                code.aload(mine[step.from().get(0)]);
                operator(step.op().name(), OPERATORS.nested("Comparison"))
                        .aload(mine[step.from().get(1)]);
                code.invokevirtual(VECTOR, "compare", MethodTypeDesc.of(MASK, OPERATORS.nested("Comparison"), ANY));
            }
            default -> {
                step.from().forEach(from -> code.aload(mine[from]));
                operate(step);
            }
        }
    }

    private void operate(Step step) {
        switch (step.op()) {
            case ADD -> with(VECTOR, "add");
            case SUB -> with(VECTOR, "sub");
            case MUL -> with(VECTOR, "mul");
            case DIV -> with(VECTOR, "div");
            case MIN -> with(VECTOR, "min");
            case MAX -> with(VECTOR, "max");
            case FMA -> code.invokevirtual(VECTOR, "fma", MethodTypeDesc.of(VECTOR, ANY, ANY));
            case NEG -> code.invokevirtual(VECTOR, "neg", MethodTypeDesc.of(VECTOR));
            case ABS -> code.invokevirtual(VECTOR, "abs", MethodTypeDesc.of(VECTOR));
            case SQRT -> code.invokevirtual(VECTOR, "sqrt", MethodTypeDesc.of(VECTOR));
            case AS_INT -> code.invokevirtual(VECTOR, "reinterpretAsInts", MethodTypeDesc.of(INTS));
            case AS_FLOAT -> code.invokevirtual(INTS, "reinterpretAsFloats", MethodTypeDesc.of(VECTOR));
            case INT_ADD -> with(INTS, "add");
            case INT_SUB -> with(INTS, "sub");
            case INT_AND -> with(INTS, "and");
            case INT_OR -> with(INTS, "or");
            case SHIFT_LEFT -> shift("LSHL", step.bits());
            case SHIFT_RIGHT -> shift("ASHR", step.bits());
            case INPUT, CONSTANT, INT_CONSTANT, SELECT, LT, LE, EQ, NE -> throw new AssertionError(step);
        }
    }

    private void with(ClassDesc type, String method) {
        code.invokevirtual(type, method, MethodTypeDesc.of(type, ANY));
    }

    private void shift(String operator, int distance) {
        operator(operator, BINARY)
                .loadConstant(distance)
                .invokevirtual(INTS, "lanewise", MethodTypeDesc.of(INTS, BINARY, ConstantDescs.CD_int));
    }

    private CodeBuilder operator(String name, ClassDesc type) {
        return code.getstatic(OPERATORS, name, type);
    }

    private CodeBuilder species() {
        return code.getstatic(VECTOR, species, SPECIES);
    }

    private void broadcast(float value) {
        species()
                .loadConstant(value)
                .invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, ConstantDescs.CD_float));
    }

    private void load(Step input, int part) {
        int index = input.bits();
        species().aload(array(index));
        if (kind(input) == Kind.SCALAR) {
            code.iload(offset(index))
                    .faload()
                    .invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, ConstantDescs.CD_float));
            return;
        }
        element(index, part);
        if (kind(input) == Kind.STREAM) {
            code.iload(I).iadd();
        }
        code.invokestatic(VECTOR, "fromArray", MethodTypeDesc.of(VECTOR, SPECIES, FLOATS, ConstantDescs.CD_int));
    }
}
