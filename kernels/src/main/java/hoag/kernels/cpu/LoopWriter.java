package hoag.kernels.cpu;

import hoag.kernels.Expr;
import hoag.kernels.cpu.Loops.Kind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** What the vector and the scalar form of a {@link Loop} share: operands in local variables, the order of sub-formulas, the loop's frame. */
abstract class LoopWriter {
    static final ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();
    static final MethodTypeDesc RUN = MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS.arrayType(), ConstantDescs.CD_int.arrayType(), ConstantDescs.CD_int);

    private static final int ARRAYS = 1, OFFSETS = 2, LENGTH = 3;
    static final int I = 4, LAST = 5;
    private static final int FIRST = 6;

    final Loops.Key key;
    final CodeBuilder code;
    final int inputs;
    final int operands;
    private final List<Expr> order;
    private int locals;

    LoopWriter(Loops.Key key, CodeBuilder code) {
        this.key = key;
        this.code = code;
        this.inputs = key.kinds().size();
        this.operands = inputs + key.formulas().size();
        var all = new LinkedHashSet<Expr>();
        key.formulas().forEach(formula -> all.addAll(formula.inOrder()));
        this.order = new ArrayList<>(all);
        this.locals = FIRST + 2 * operands;
    }

    /** A new local variable of one or two slots. */
    final int local(int slots) {
        int mine = locals;
        locals += slots;
        return mine;
    }

    final void loadOperands() {
        for (int i = 0; i < operands; i++) {
            code.aload(ARRAYS).loadConstant(i).aaload().astore(array(i));
            code.aload(OFFSETS).loadConstant(i).iaload().istore(offset(i));
        }
    }

    final int array(int operand) {
        return FIRST + 2 * operand;
    }

    final int offset(int operand) {
        return FIRST + 2 * operand + 1;
    }

    final List<Expr> varying() {
        return order.stream().filter(this::varies).toList();
    }

    final List<Expr> invariant() {
        return order.stream().filter(part -> !varies(part)).toList();
    }

    private boolean varies(Expr part) {
        return part instanceof Expr.In(int index) ? key.kinds().get(index) == Kind.STREAM : part.children().stream().anyMatch(this::varies);
    }

    /** True if the value differs between the lanes of a channel block. */
    final boolean lanewise(Expr part) {
        return part instanceof Expr.In(int index) ? key.kinds().get(index) != Kind.SCALAR : part.children().stream().anyMatch(this::lanewise);
    }

    /** for (i = from; i < bound; i += step) body, with {@code from} what I holds. */
    final void loop(int bound, int step, Runnable body) {
        Label head = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(head).iload(I).iload(bound).if_icmpge(done);
        body.run();
        code.iinc(I, step).goto_(head).labelBinding(done);
    }

    final int length() {
        return LENGTH;
    }
}
