package hoag.kernels.cpu;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Unary;
import hoag.kernels.cpu.Loops.Kind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sixteen floats a turn, in one, two or four vectors. */
final class VectorLoopWriter extends LoopWriter {
    private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.FloatVector");
    private static final ClassDesc ANY = ClassDesc.of("jdk.incubator.vector.Vector");
    private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
    private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
    private static final ClassDesc UNARY = OPERATORS.nested("Unary");
    private static final ClassDesc BINARY = OPERATORS.nested("Binary");
    private static final ClassDesc ASSOCIATIVE = OPERATORS.nested("Associative");
    private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
    private static final int WIDTH = 16;

    private final int lanes;
    private final int parts;
    private final String species;
    private final List<Map<Expr, Integer>> values;
    private final int[][] sums;
    private int mask = -1;

    VectorLoopWriter(Loops.Key key, CodeBuilder code) {
        super(key, code);
        lanes = key.lanes();
        parts = WIDTH / lanes;
        species = "SPECIES_" + lanes * 32;
        values = java.util.stream.IntStream.range(0, parts).mapToObj(i -> (Map<Expr, Integer>) new HashMap<Expr, Integer>()).toList();
        sums = new int[key.formulas().size()][parts];
    }

    void write() {
        loadOperands();
        startSums();
        for (Expr part : invariant()) {
            for (int v = 0; v < parts; v++) {
                if (v > 0 && !lanewise(part)) {
                    values.get(v).put(part, values.getFirst().get(part));
                } else {
                    compute(part, v);
                }
            }
        }
        code.iload(length()).loadConstant(-WIDTH).iand().istore(LAST);
        code.loadConstant(0).istore(I);
        loop(LAST, WIDTH, () -> turn(false));
        if (key.kinds().stream().noneMatch(kind -> kind == Kind.LANES)) {
            tail();
        }
        endSums();
        code.return_();
    }

    private void tail() {
        Label done = code.newLabel();
        code.iload(I).iload(length()).if_icmpge(done);
        mask = local(1);
        turn(true);
        code.labelBinding(done);
    }

    private void turn(boolean masked) {
        List<Expr> varying = varying();
        for (int v = 0; v < parts; v++) {
            if (masked) {
                species().iload(I).loadConstant(v * lanes).iadd().iload(length());
                code.invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, ConstantDescs.CD_int, ConstantDescs.CD_int)).astore(mask);
            }
            for (Expr part : varying) {
                if (!fusedAway(part)) {
                    compute(part, v);
                }
            }
            for (int f = 0; f < key.formulas().size(); f++) {
                result(f, v, masked);
            }
            varying.forEach(values.get(v)::remove);
        }
    }

    private void result(int f, int v, boolean masked) {
        int value = values.get(v).get(key.formulas().get(f));
        if (key.fold() == null) {
            code.aload(value).aload(array(inputs + f));
            element(inputs + f, v);
            code.iload(I).iadd();
            if (masked) {
                code.aload(mask).invokevirtual(VECTOR, "intoArray", MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, ConstantDescs.CD_int, MASK));
            } else {
                code.invokevirtual(VECTOR, "intoArray", MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, ConstantDescs.CD_int));
            }
            return;
        }
        code.aload(sums[f][v]);
        operator(foldOperator(), ASSOCIATIVE).aload(value);
        if (masked) {
            code.aload(mask).invokevirtual(VECTOR, "lanewise", MethodTypeDesc.of(VECTOR, BINARY, ANY, MASK));
        } else {
            code.invokevirtual(VECTOR, "lanewise", MethodTypeDesc.of(VECTOR, BINARY, ANY));
        }
        code.astore(sums[f][v]);
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
        for (int f = 0; key.fold() != null && f < sums.length; f++) {
            for (int v = 0; v < parts; v++) {
                sums[f][v] = local(1);
                constant(Loops.identity(key.fold()));
                code.astore(sums[f][v]);
            }
        }
    }

    private void endSums() {
        for (int f = 0; key.fold() != null && f < sums.length; f++) {
            for (int v = 0; v < parts; v++) {
                code.aload(sums[f][v]).aload(array(inputs + f));
                element(inputs + f, v);
                code.invokevirtual(VECTOR, "intoArray", MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, ConstantDescs.CD_int));
            }
        }
    }

    /** offset + v * lanes on the stack. */
    private void element(int operand, int v) {
        code.iload(offset(operand));
        if (v > 0) {
            code.loadConstant(v * lanes).iadd();
        }
    }

    /** A product that only ever is a term of a sum is not computed on its own: the sum takes it as a fused multiply-add. */
    private boolean fusedAway(Expr part) {
        return part instanceof Expr.Apply2(Binary op, Expr ignored, Expr alsoIgnored) && op == Binary.MUL && !key.formulas().contains(part) && uses(part) == 1 && termOfSum(part);
    }

    private int uses(Expr part) {
        return varying().stream().mapToInt(whole -> (int) whole.children().stream().filter(part::equals).count()).sum();
    }

    private boolean termOfSum(Expr part) {
        return varying().stream().anyMatch(whole -> whole instanceof Expr.Apply2(Binary op, Expr a, Expr b) && op == Binary.ADD && part.equals(fusedTerm(a, b)));
    }

    /** Which of two terms a sum takes as a product; null if neither. */
    private Expr fusedTerm(Expr a, Expr b) {
        boolean left = a instanceof Expr.Apply2(Binary op, Expr ignored, Expr alsoIgnored) && op == Binary.MUL;
        boolean right = b instanceof Expr.Apply2(Binary op, Expr ignored, Expr alsoIgnored) && op == Binary.MUL;
        return left && uses(a) == 1 ? a : right && uses(b) == 1 ? b : null;
    }

    private void compute(Expr part, int v) {
        switch (part) {
            case Expr.Const(double value) -> constant(value);
            case Expr.In(int index) -> load(index, v);
            case Expr.Apply1(Unary op, Expr x) -> function(op, x, v);
            case Expr.Apply2(Binary op, Expr a, Expr b) -> operation(op, a, b, v);
            case Expr.Where(Expr condition, Expr yes, Expr no) -> where(condition, yes, no, v);
        }
        int local = local(1);
        code.astore(local);
        values.get(v).put(part, local);
    }

    private void get(Expr part, int v) {
        code.aload(values.get(v).get(part));
    }

    private CodeBuilder species() {
        return code.getstatic(VECTOR, species, SPECIES);
    }

    private void constant(double value) {
        species().loadConstant((float) value).invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, ConstantDescs.CD_float));
    }

    private void load(int index, int v) {
        species().aload(array(index));
        switch (key.kinds().get(index)) {
            case SCALAR ->
                code.iload(offset(index)).faload().invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, ConstantDescs.CD_float));
            case LANES -> {
                element(index, v);
                fromArray();
            }
            case STREAM -> {
                element(index, v);
                code.iload(I).iadd();
                fromArray();
            }
        }
    }

    private void fromArray() {
        code.invokestatic(VECTOR, "fromArray", MethodTypeDesc.of(VECTOR, SPECIES, FLOATS, ConstantDescs.CD_int));
    }

    private CodeBuilder operator(String name, ClassDesc type) {
        return code.getstatic(OPERATORS, name, type);
    }

    private void function(Unary op, Expr x, int v) {
        switch (op) {
            case SIGMOID -> {
                constant(1);
                get(x, v);
                plain("neg");
                lanewise("EXP");
                constant(1);
                with("add");
                with("div");
            }
            case SOFTPLUS -> softplus(x, v, false);
            case LOG_SIGMOID -> {
                softplus(x, v, true);
                plain("neg");
            }
            case NEG, ABS, SQRT -> {
                get(x, v);
                plain(op.name().toLowerCase(java.util.Locale.ROOT));
            }
            default -> {
                get(x, v);
                lanewise(op.name());
            }
        }
    }

    /** max(x, 0) + log1p(exp(-|x|)), of -x if {@code negated}. */
    private void softplus(Expr x, int v, boolean negated) {
        get(x, v);
        if (negated) {
            plain("neg");
        }
        constant(0);
        with("max");
        get(x, v);
        plain("abs");
        plain("neg");
        lanewise("EXP");
        lanewise("LOG1P");
        with("add");
    }

    private void plain(String method) {
        code.invokevirtual(VECTOR, method, MethodTypeDesc.of(VECTOR));
    }

    private void lanewise(String operator) {
        operator(operator, UNARY).invokevirtual(VECTOR, "lanewise", MethodTypeDesc.of(VECTOR, UNARY));
    }

    private void with(String method) {
        code.invokevirtual(VECTOR, method, MethodTypeDesc.of(VECTOR, ANY));
    }

    private void operation(Binary op, Expr a, Expr b, int v) {
        switch (op) {
            case ADD -> sum(a, b, v);
            case SUB, MUL, DIV, MAX, MIN -> {
                get(a, v);
                get(b, v);
                with(op.name().toLowerCase(java.util.Locale.ROOT));
            }
            case POW -> {
                get(a, v);
                operator("POW", BINARY);
                get(b, v);
                code.invokevirtual(VECTOR, "lanewise", MethodTypeDesc.of(VECTOR, BINARY, ANY));
            }
            case LT, LE, EQ, NE -> {
                constant(0);
                constant(1);
                get(a, v);
                compare(op.name(), () -> get(b, v));
                blend();
            }
            default -> throw new IllegalStateException("no vector form of " + op);
        }
    }

    private void sum(Expr a, Expr b, int v) {
        Expr product = fusedTerm(a, b);
        if (product != null && fusedAway(product) && product instanceof Expr.Apply2(Binary ignored, Expr left, Expr right)) {
            get(left, v);
            get(right, v);
            get(product == a ? b : a, v);
            code.invokevirtual(VECTOR, "fma", MethodTypeDesc.of(VECTOR, ANY, ANY));
        } else {
            get(a, v);
            get(b, v);
            with("add");
        }
    }

    /** What is on the stack compared with what {@code other} puts there: a mask. */
    private void compare(String operator, Runnable other) {
        operator(operator, COMPARISON);
        other.run();
        code.invokevirtual(VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, ANY));
    }

    /** no, yes, mask on the stack. */
    private void blend() {
        code.invokevirtual(VECTOR, "blend", MethodTypeDesc.of(VECTOR, ANY, MASK));
    }

    private void where(Expr condition, Expr yes, Expr no, int v) {
        get(no, v);
        get(yes, v);
        if (condition instanceof Expr.Apply2(Binary op, Expr a, Expr b) && (op == Binary.LT || op == Binary.LE || op == Binary.EQ || op == Binary.NE)) {
            get(a, v);
            compare(op.name(), () -> get(b, v));
        } else {
            get(condition, v);
            compare("NE", () -> constant(0));
        }
        blend();
    }
}
