package hoag.kernels.cpu;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** What every form of an emitted {@link Loop} has: operands in local variables, new locals, and one counted loop. */
class LoopFrame {
    static final ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();
    static final MethodTypeDesc RUN = MethodTypeDesc.of(
            ConstantDescs.CD_void, FLOATS.arrayType(), ConstantDescs.CD_int.arrayType(), ConstantDescs.CD_int);
    static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    static final int I = 4;
    static final int LENGTH = 3;
    private static final int ARRAYS = 1;
    private static final int OFFSETS = 2;
    private static final int FIRST = 5;

    final Loops.Key key;
    final CodeBuilder code;
    final int inputs;
    private int locals;

    LoopFrame(Loops.Key key, CodeBuilder code) {
        this.key = key;
        this.code = code;
        this.inputs = key.kinds().size();
        this.locals = FIRST + 2 * operands();
    }

    private int operands() {
        return inputs + key.formulas().size();
    }

    /** A new local variable of one or two slots. */
    final int local(int slots) {
        int mine = locals;
        locals += slots;
        return mine;
    }

    final void loadOperands() {
        for (int i = 0; i < operands(); i++) {
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

    /** while (i &lt; length) body */
    final void whileMore(Runnable body) {
        Label head = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(head).iload(I).iload(LENGTH).if_icmpge(done);
        body.run();
        code.goto_(head).labelBinding(done);
    }

    /** for (; i &lt; bound; i += step) body */
    final void loop(int bound, int step, Runnable body) {
        Label head = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(head).iload(I).iload(bound).if_icmpge(done);
        body.run();
        code.iinc(I, step).goto_(head).labelBinding(done);
    }
}
