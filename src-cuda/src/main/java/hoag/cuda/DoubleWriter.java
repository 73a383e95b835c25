package hoag.cuda;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Unary;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Formulas in float64, for functions that have no float32 form; what is not arithmetic is a call of {@code functions.cu}. */
final class DoubleWriter {
    private final FormulaWriter writer;
    private final Map<Expr, String> values = new HashMap<>();

    DoubleWriter(FormulaWriter writer) {
        this.writer = writer;
    }

    void write() {
        for (Expr formula : writer.slot().formulas()) {
            formula.inOrder().forEach(part -> values.computeIfAbsent(part, this::value));
            writer.result(writer.put("cvt.rn.f32.f64", writer.register('f'), values.get(formula)));
        }
    }

    private String value(Expr part) {
        return switch (part) {
            case Expr.In(int number) -> writer.put("cvt.f64.f32", writer.register('g'), writer.operand(number));
            case Expr.Const(double constant) -> FormulaWriter.constant(constant);
            case Expr.Apply1(Unary op, Expr x) -> unary(op, values.get(x));
            case Expr.Apply2(Binary op, Expr a, Expr b) -> binary(op, values.get(a), values.get(b));
            case Expr.Where(Expr condition, Expr yes, Expr no) ->
                choose(
                        compare("setp.neu.f64", values.get(condition), FormulaWriter.constant(0.0)),
                        values.get(yes),
                        values.get(no));
        };
    }

    private String unary(Unary op, String x) {
        return switch (op) {
            case NEG -> make("neg.f64", x);
            case ABS -> make("abs.f64", x);
            case SQRT -> make("sqrt.rn.f64", x);
            default -> call(op, x);
        };
    }

    private String binary(Binary op, String a, String b) {
        return switch (op) {
            case ADD -> make("add.rn.f64", a, b);
            case SUB -> make("sub.rn.f64", a, b);
            case MUL -> make("mul.rn.f64", a, b);
            case DIV -> make("div.rn.f64", a, b);
            case MAX -> extreme("max.f64", a, b);
            case MIN -> extreme("min.f64", a, b);
            case LT -> truth("setp.lt.f64", a, b);
            case LE -> truth("setp.le.f64", a, b);
            case EQ -> truth("setp.eq.f64", a, b);
            case NE -> truth("setp.neu.f64", a, b);
            case POW, ATAN2, RISING, DIGAMMA_RISING -> call(op, a, b);
        };
    }

    private String make(String instruction, String... from) {
        String[] operands = new String[from.length + 1];
        operands[0] = writer.register('g');
        System.arraycopy(from, 0, operands, 1, from.length);
        return writer.put(instruction, operands);
    }

    private String compare(String instruction, String a, String b) {
        return writer.put(instruction, writer.register('p'), a, b);
    }

    private String choose(String predicate, String yes, String no) {
        return writer.put("selp.f64", writer.register('g'), yes, no, predicate);
    }

    private String truth(String instruction, String a, String b) {
        return choose(compare(instruction, a, b), FormulaWriter.constant(1.0), FormulaWriter.constant(0.0));
    }

    private String extreme(String instruction, String a, String b) {
        String larger = make(instruction, a, b);
        return choose(compare("setp.nan.f64", a, b), FormulaWriter.constant(Double.NaN), larger);
    }

    private String call(Enum<?> function, String... arguments) {
        String name = "hoag_" + function.name().toLowerCase(Locale.ROOT);
        String result = writer.register('g');
        writer.call(name, result, arguments);
        return result;
    }
}
