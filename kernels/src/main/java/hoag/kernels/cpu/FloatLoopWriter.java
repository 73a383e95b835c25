package hoag.kernels.cpu;

import hoag.kernels.cpu.Steps.Step;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.stream.IntStream;

/** The plain twin of {@link VectorLoopWriter}: element by element, the same bits. It serves until C2 has compiled the vectors. */
final class FloatLoopWriter extends StepWriter {
    private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
    private static final ClassDesc PARTIALS = ClassDesc.of(Partials.class.getName());
    private static final MethodTypeDesc ONE = MethodTypeDesc.ofDescriptor("(F)F");
    private static final MethodTypeDesc TWO = MethodTypeDesc.ofDescriptor("(FF)F");
    private static final MethodTypeDesc THREE = MethodTypeDesc.ofDescriptor("(FFF)F");

    private final int[] locals;
    /** What is not yet added to the sums. */
    private final int[] few;

    FloatLoopWriter(Loops.Key key, Lowering.Program program, CodeBuilder code) {
        super(key, program, code);
        locals = IntStream.range(0, steps.size()).map(at -> local(1)).toArray();
        few = results.stream().mapToInt(result -> local(1)).toArray();
    }

    void write() {
        loadOperands();
        clearSums();
        compute(constant());
        code.loadConstant(0).istore(I);
        if (key.keepsLost()) {
            int number = local(1);
            code.loadConstant(0).istore(number);
            whileMore(() -> summand(number));
        } else {
            loop(LENGTH, 1, this::element);
        }
        code.return_();
    }

    /**
     * A group of elements lane by lane: with T turns element n of a group is number n / T + 16 (n mod T) in memory. The last group may have gaps. I, by which the
     * loop ends, is the group's first element at its end.
     */
    private void summand(int n) {
        int turns = group / 16;
        int first = local(1);
        Label more = code.newLabel();
        Label beyond = code.newLabel();
        code.iload(I).istore(first);
        for (int each : few) {
            code.loadConstant(0f).fstore(each);
        }
        code.loadConstant(0).istore(n).labelBinding(more);
        for (int each : few) {
            Label same = code.newLabel();
            code.iload(n)
                    .loadConstant(turns - 1)
                    .iand()
                    .ifne(same)
                    .loadConstant(0f)
                    .fstore(each)
                    .labelBinding(same);
        }
        code.iload(n).loadConstant(turns - 1).iand().loadConstant(16).imul();
        code.iload(n).loadConstant(turns).idiv().iadd().iload(first).iadd().istore(I);
        code.iload(I).iload(LENGTH).if_icmpge(beyond);
        compute(byLane());
        compute(varying());
        for (int f = 0; f < few.length; f++) {
            code.fload(few[f]).fload(locals[results.get(f)]).fadd().fstore(few[f]);
        }
        code.labelBinding(beyond);
        for (int f = 0; f < few.length; f++) {
            Label same = code.newLabel();
            code.iload(n).loadConstant(turns - 1).iand().loadConstant(turns - 1).if_icmpne(same);
            add(f, n, turns);
            code.labelBinding(same);
        }
        code.iinc(n, 1).iload(n).loadConstant(group).if_icmplt(more);
        code.iload(first).loadConstant(group).iadd().istore(I);
    }

    private void add(int f, int n, int turns) {
        code.aload(array(inputs + f)).iload(offset(inputs + f));
        code.iload(n).loadConstant(turns).idiv().iadd().fload(few[f]);
        code.invokestatic(
                PARTIALS,
                "add",
                MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_float));
    }

    private void element() {
        compute(byLane());
        compute(varying());
        for (int f = 0; f < results.size(); f++) {
            result(f);
        }
    }

    private void clearSums() {
        for (int f = 0; folds() && f < results.size(); f++) {
            code.aload(array(inputs + f)).iload(offset(inputs + f)).loadConstant((float) Loops.identity(key.fold()));
            code.invokestatic(
                    PARTIALS,
                    "clear",
                    MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_float));
        }
    }

    private void result(int f) {
        code.aload(array(inputs + f)).iload(offset(inputs + f)).iload(I);
        if (folds()) {
            code.loadConstant(15).iand().iadd().dup2().faload().fload(locals[results.get(f)]);
            fold();
        } else {
            code.iadd().fload(locals[results.get(f)]);
        }
        code.fastore();
    }

    private void fold() {
        switch (key.fold()) {
            case SUM -> code.fadd();
            case PROD -> code.fmul();
            case MAX, ARGMAX -> code.invokestatic(MATH, "max", TWO);
            case MIN, ARGMIN -> code.invokestatic(MATH, "min", TWO);
        }
    }

    private void compute(int[] some) {
        for (int at : some) {
            compute(steps.get(at));
            switch (steps.get(at).op().type) {
                case FLOAT -> code.fstore(locals[at]);
                case INT, MASK -> code.istore(locals[at]);
            }
        }
    }

    private void compute(Step step) {
        switch (step.op()) {
            case INPUT -> load(step);
            case CONSTANT -> code.loadConstant(Float.intBitsToFloat(step.bits()));
            case INT_CONSTANT -> code.loadConstant(step.bits());
            case SELECT -> select(step);
            case LT, LE, EQ, NE -> compare(step);
            default -> {
                step.from().forEach(from -> get(from));
                operate(step);
            }
        }
    }

    private void get(int at) {
        if (steps.get(at).op().type == Steps.Type.FLOAT) {
            code.fload(locals[at]);
        } else {
            code.iload(locals[at]);
        }
    }

    private void operate(Step step) {
        switch (step.op()) {
            case ADD -> code.fadd();
            case SUB -> code.fsub();
            case MUL -> code.fmul();
            case DIV -> code.fdiv();
            case MIN -> code.invokestatic(MATH, "min", TWO);
            case MAX -> code.invokestatic(MATH, "max", TWO);
            case FMA -> code.invokestatic(MATH, "fma", THREE);
            case NEG -> code.fneg();
            case ABS -> code.invokestatic(MATH, "abs", ONE);
            case SQRT ->
                code.f2d()
                        .invokestatic(MATH, "sqrt", MethodTypeDesc.ofDescriptor("(D)D"))
                        .d2f();
            case AS_INT -> code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.ofDescriptor("(F)I"));
            case AS_FLOAT -> code.invokestatic(FLOAT, "intBitsToFloat", MethodTypeDesc.ofDescriptor("(I)F"));
            case INT_ADD -> code.iadd();
            case INT_SUB -> code.isub();
            case INT_AND -> code.iand();
            case INT_OR -> code.ior();
            case SHIFT_LEFT -> code.loadConstant(step.bits()).ishl();
            case SHIFT_RIGHT -> code.loadConstant(step.bits()).ishr();
            case INPUT, CONSTANT, INT_CONSTANT, SELECT, LT, LE, EQ, NE -> throw new AssertionError(step);
        }
    }

    private void load(Step input) {
        code.aload(array(input.bits())).iload(offset(input.bits()));
        switch (kind(input)) {
            case STREAM -> code.iload(I).iadd();
            case LANES -> code.iload(I).loadConstant(15).iand().iadd();
            case SCALAR -> {}
        }
        code.faload();
    }

    private void compare(Step step) {
        Label yes = code.newLabel();
        Label done = code.newLabel();
        step.from().forEach(from -> get(from));
        switch (step.op()) {
            case LT -> code.fcmpg().iflt(yes);
            case LE -> code.fcmpg().ifle(yes);
            case EQ -> code.fcmpl().ifeq(yes);
            default -> code.fcmpl().ifne(yes);
        }
        code.loadConstant(0).goto_(done).labelBinding(yes).loadConstant(1).labelBinding(done);
    }

    private void select(Step step) {
        Label yes = code.newLabel();
        Label done = code.newLabel();
        code.iload(locals[step.from().get(0)]).ifne(yes);
        code.fload(locals[step.from().get(2)])
                .goto_(done)
                .labelBinding(yes)
                .fload(locals[step.from().get(1)])
                .labelBinding(done);
    }
}
