package hoag.cuda;

import hoag.kernels.cpu.Lowering;
import hoag.kernels.cpu.Steps;
import java.util.ArrayList;
import java.util.List;

/** The CPU's float32 steps, one instruction each: nothing is contracted or flushed to zero, so every result has the CPU's bits. */
final class SingleWriter {
    private final FormulaWriter writer;
    private final List<String> values = new ArrayList<>();

    SingleWriter(FormulaWriter writer) {
        this.writer = writer;
    }

    void write(Lowering.Program program) {
        program.steps().forEach(step -> values.add(value(step)));
        program.results().forEach(at -> writer.result(values.get(at)));
    }

    private String value(Steps.Step step) {
        return switch (step.op()) {
            case INPUT -> writer.operand(step.bits());
            case CONSTANT -> FormulaWriter.constant(Float.intBitsToFloat(step.bits()));
            case INT_CONSTANT -> FormulaWriter.number(step.bits());
            case ADD -> make("add.rn.f32", step);
            case SUB -> make("sub.rn.f32", step);
            case MUL -> make("mul.rn.f32", step);
            case DIV -> make("div.rn.f32", step);
            case FMA -> make("fma.rn.f32", step);
            case NEG -> make("neg.f32", step);
            case ABS -> make("abs.f32", step);
            case SQRT -> make("sqrt.rn.f32", step);
            case MIN -> extreme("min.f32", step);
            case MAX -> extreme("max.f32", step);
            case LT -> make("setp.lt.f32", step);
            case LE -> make("setp.le.f32", step);
            case EQ -> make("setp.eq.f32", step);
            case NE -> make("setp.neu.f32", step);
            case SELECT -> writer.put("selp.f32", writer.register('f'), from(step, 1), from(step, 2), from(step, 0));
            case AS_INT, AS_FLOAT -> make("mov.b32", step);
            case INT_ADD -> make("add.s32", step);
            case INT_SUB -> make("sub.s32", step);
            case INT_AND -> make("and.b32", step);
            case INT_OR -> make("or.b32", step);
            case SHIFT_LEFT -> shift("shl.b32", step);
            case SHIFT_RIGHT -> shift("shr.s32", step);
        };
    }

    private String from(Steps.Step step, int which) {
        return values.get(step.from().get(which));
    }

    private String make(String instruction, Steps.Step step) {
        var operands = new ArrayList<String>();
        operands.add(writer.register(kind(step.op().type)));
        step.from().forEach(at -> operands.add(values.get(at)));
        return writer.put(instruction, operands.toArray(String[]::new));
    }

    private static char kind(Steps.Type type) {
        return switch (type) {
            case FLOAT -> 'f';
            case INT -> 'r';
            case MASK -> 'p';
        };
    }

    private String shift(String instruction, Steps.Step step) {
        return writer.put(instruction, writer.register('r'), from(step, 0), FormulaWriter.number(step.bits()));
    }

    /** A NaN on either side is the result, as in Java; the instruction alone would drop it. */
    private String extreme(String instruction, Steps.Step step) {
        String a = from(step, 0);
        String b = from(step, 1);
        String larger = writer.put(instruction, writer.register('f'), a, b);
        String nan = writer.put("setp.nan.f32", writer.register('p'), a, b);
        return writer.put("selp.f32", writer.register('f'), FormulaWriter.constant(Float.NaN), larger, nan);
    }
}
