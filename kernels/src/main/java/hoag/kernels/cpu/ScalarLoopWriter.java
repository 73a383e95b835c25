package hoag.kernels.cpu;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Unary;
import hoag.kernels.cpu.Loops.Kind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Element by element in float64, for formulas with functions that have no vector form: lgamma and its kin. */
final class ScalarLoopWriter extends LoopFrame {
    private static final ClassDesc UNARY = ClassDesc.of(Unary.class.getName());
    private static final ClassDesc BINARY = ClassDesc.of(Binary.class.getName());
    private static final ClassDesc PARTIALS = ClassDesc.of(Partials.class.getName());
    private static final MethodTypeDesc ONE = MethodTypeDesc.ofDescriptor("(D)D");
    private static final MethodTypeDesc TWO = MethodTypeDesc.ofDescriptor("(DD)D");

    private final Map<Expr, Integer> values = new HashMap<>();
    private final Set<Expr> parts = new LinkedHashSet<>();

    ScalarLoopWriter(Loops.Key key, CodeBuilder code) {
        super(key, code);
        key.formulas().forEach(formula -> parts.addAll(formula.inOrder()));
    }

    void write() {
        loadOperands();
        for (int f = 0; key.fold() != null && f < key.formulas().size(); f++) {
            code.aload(array(inputs + f)).iload(offset(inputs + f)).loadConstant((float) Loops.identity(key.fold()));
            code.invokestatic(PARTIALS, "clear", MethodTypeDesc.ofDescriptor("([FIF)V"));
        }
        parts.stream().filter(part -> !changes(part)).forEach(this::compute);
        code.loadConstant(0).istore(I);
        loop(LENGTH, 1, this::element);
        code.return_();
    }

    private boolean changes(Expr part) {
        return part instanceof Expr.In(int index)
                ? key.kinds().get(index) != Kind.SCALAR
                : part.children().stream().anyMatch(this::changes);
    }

    private void element() {
        parts.stream().filter(this::changes).forEach(this::compute);
        for (int f = 0; f < key.formulas().size(); f++) {
            store(inputs + f, values.get(key.formulas().get(f)));
        }
    }

    private void store(int operand, int value) {
        code.aload(array(operand)).iload(offset(operand)).iload(I);
        if (key.fold() == null) {
            code.iadd().dload(value).d2f().fastore();
            return;
        }
        code.loadConstant(15).iand().iadd().dload(value).loadConstant(key.fold().ordinal());
        code.invokestatic(PARTIALS, "fold", MethodTypeDesc.ofDescriptor("([FIDI)V"));
    }

    private void compute(Expr part) {
        switch (part) {
            case Expr.Const(double value) -> code.loadConstant(value);
            case Expr.In(int index) -> load(index);
            case Expr.Apply1(Unary op, Expr x) ->
                code.getstatic(UNARY, op.name(), UNARY).dload(values.get(x)).invokevirtual(UNARY, "evaluate", ONE);
            case Expr.Apply2(Binary op, Expr a, Expr b) ->
                code.getstatic(BINARY, op.name(), BINARY)
                        .dload(values.get(a))
                        .dload(values.get(b))
                        .invokevirtual(BINARY, "evaluate", TWO);
            case Expr.Where(Expr condition, Expr yes, Expr no) -> where(condition, yes, no);
        }
        int local = local(2);
        code.dstore(local);
        values.put(part, local);
    }

    private void load(int index) {
        code.aload(array(index)).iload(offset(index));
        switch (key.kinds().get(index)) {
            case STREAM -> code.iload(I).iadd();
            case LANES -> code.iload(I).loadConstant(15).iand().iadd();
            case SCALAR -> {}
        }
        code.faload().f2d();
    }

    private void where(Expr condition, Expr yes, Expr no) {
        Label otherwise = code.newLabel();
        Label done = code.newLabel();
        code.dload(values.get(condition)).loadConstant(0.0).dcmpl().ifeq(otherwise);
        code.dload(values.get(yes))
                .goto_(done)
                .labelBinding(otherwise)
                .dload(values.get(no))
                .labelBinding(done);
    }
}
