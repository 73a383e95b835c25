package hoag.engine;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Unary;
import java.util.Locale;
import java.util.Map;

/** A formula as a person writes it: operands are a, b, c ... */
final class Formulas {
    private static final Map<Binary, String> SIGNS =
            Map.of(Binary.ADD, " + ", Binary.SUB, " - ", Binary.MUL, " * ", Binary.DIV, " / ", Binary.LT, " < ");

    private Formulas() {}

    static String text(Expr formula) {
        return switch (formula) {
            case Expr.In(int index) -> letter(index);
            case Expr.Const(double value) ->
                value == Math.rint(value) && Math.abs(value) < 1e6
                        ? Long.toString((long) value)
                        : Double.toString(value);
            case Expr.Apply1(Unary op, Expr x) when op == Unary.NEG -> "-" + factor(x);
            case Expr.Apply1(Unary op, Expr x) -> op.name().toLowerCase(Locale.ROOT) + "(" + text(x) + ")";
            case Expr.Apply2(Binary op, Expr a, Expr b)
            when SIGNS.containsKey(op) -> factor(a) + SIGNS.get(op) + factor(b);
            case Expr.Apply2(Binary op, Expr a, Expr b) ->
                op.name().toLowerCase(Locale.ROOT) + "(" + text(a) + ", " + text(b) + ")";
            case Expr.Where(Expr condition, Expr yes, Expr no) ->
                "where(" + text(condition) + ", " + text(yes) + ", " + text(no) + ")";
        };
    }

    private static String factor(Expr x) {
        boolean open = x instanceof Expr.Apply2(Binary op, Expr ignored, Expr alsoIgnored) && SIGNS.containsKey(op);
        return open ? "(" + text(x) + ")" : text(x);
    }

    /** The name of operand {@code index}: a to z, then a1. */
    static String letter(int index) {
        return (char) ('a' + index % 26) + (index < 26 ? "" : Integer.toString(index / 26));
    }
}
