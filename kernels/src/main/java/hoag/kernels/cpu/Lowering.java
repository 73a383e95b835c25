package hoag.kernels.cpu;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Unary;
import hoag.kernels.cpu.Steps.Op;
import hoag.kernels.cpu.Steps.Value;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Formulas to {@link Steps}. A product that is used once, as a term of a sum, becomes one fused multiply-add with it. Other devices print the
 * same steps in their own language and get the CPU's bits.
 */
public final class Lowering {
    private final Steps steps = new Steps();
    private final Map<Expr, Integer> uses = new HashMap<>();
    private final Map<Expr, Value> values = new HashMap<>();

    /**
     * A straight line of steps.
     *
     * @param results for each formula the step that holds its value
     */
    public record Program(List<Steps.Step> steps, List<Integer> results) {}

    private Lowering() {}

    /** HotSpot compiles no method of more than 8000 bytes; a step takes some ten. */
    private static final int MOST_STEPS = 500;

    /** Empty if a function in the formulas has no float32 form, or if they are too many for one method. */
    public static Optional<Program> of(List<Expr> formulas) {
        return vectorised(formulas)
                ? Optional.of(new Lowering().lower(formulas)).filter(program -> program.steps.size() <= MOST_STEPS)
                : Optional.empty();
    }

    private static boolean vectorised(List<Expr> formulas) {
        var x = new Steps().input(0);
        return parts(formulas).stream().noneMatch(part -> switch (part) {
            case Expr.Apply1(Unary op, Expr ignored) -> FloatFunctions.of(op, x) == null;
            case Expr.Apply2(Binary op, Expr ignored, Expr power) ->
                switch (op) {
                    case POW ->
                        !(power instanceof Expr.Const(double value)
                                && (value == 2 || value == 3 || value == -1 || value == -2));
                    case ATAN2, RISING, DIGAMMA_RISING -> true;
                    default -> false;
                };
            default -> false;
        });
    }

    private static Set<Expr> parts(List<Expr> formulas) {
        var parts = new LinkedHashSet<Expr>();
        formulas.forEach(formula -> parts.addAll(formula.inOrder()));
        return parts;
    }

    private Program lower(List<Expr> formulas) {
        Set<Expr> parts = parts(formulas);
        formulas.forEach(formula -> uses.merge(formula, 1, Integer::sum));
        parts.forEach(part -> part.children().forEach(child -> uses.merge(child, 1, Integer::sum)));
        return new Program(
                steps.steps(),
                formulas.stream().map(formula -> value(formula).at()).toList());
    }

    private Value value(Expr part) {
        Value known = values.get(part);
        if (known == null) {
            known = make(part);
            values.put(part, known);
        }
        return known;
    }

    private Value make(Expr part) {
        return switch (part) {
            case Expr.In(int index) -> steps.input(index);
            case Expr.Const(double value) -> steps.of(value);
            case Expr.Apply1(Unary op, Expr x) -> FloatFunctions.of(op, value(x));
            case Expr.Apply2(Binary op, Expr a, Expr b) -> operation(op, a, b);
            case Expr.Where(Expr condition, Expr yes, Expr no) ->
                mask(condition).choose(value(yes), value(no));
        };
    }

    private Value operation(Binary op, Expr a, Expr b) {
        return switch (op) {
            case ADD -> sum(a, b);
            case SUB -> value(a).minus(value(b));
            case MUL -> isGelu(a, b) ? FloatFunctions.gelu(value(a)) : value(a).times(value(b));
            case DIV -> value(a).over(value(b));
            case MAX -> extreme(Op.MAX, a, b);
            case MIN -> extreme(Op.MIN, a, b);
            case POW -> power(value(a), ((Expr.Const) b).value());
            case LT, LE, EQ, NE -> compared(op, a, b).choose(steps.of(1), steps.of(0));
            case ATAN2, RISING, DIGAMMA_RISING -> throw new IllegalStateException("no float32 form of " + op);
        };
    }

    private Value sum(Expr a, Expr b) {
        if (onlyProduct(a)) {
            return fused((Expr.Apply2) a, b);
        }
        return onlyProduct(b) ? fused((Expr.Apply2) b, a) : value(a).plus(value(b));
    }

    private Value fused(Expr.Apply2 product, Expr term) {
        return value(product.a()).fma(value(product.b()), value(term));
    }

    /** x times the normal distribution at x, which nothing else asks for. */
    private boolean isGelu(Expr x, Expr other) {
        return other instanceof Expr.Apply1(Unary op, Expr at)
                && op == Unary.NORMAL_CDF
                && at.equals(x)
                && uses.get(other) == 1;
    }

    private boolean onlyProduct(Expr part) {
        return part instanceof Expr.Apply2(Binary op, Expr a, Expr b)
                && op == Binary.MUL
                && !isGelu(a, b)
                && uses.get(part) == 1;
    }

    /** A comparison with a constant is cheaper than the vector maximum, which has to care for NaN and the sign of zero. */
    private Value extreme(Op op, Expr a, Expr b) {
        if (a instanceof Expr.Const && !(b instanceof Expr.Const)) {
            return extreme(op, b, a);
        }
        if (b instanceof Expr.Const(double bound) && !Double.isNaN(bound)) {
            Value x = value(a);
            return op == Op.MAX ? x.atLeast(bound) : x.atMost(bound);
        }
        return value(a).apply(op, value(b));
    }

    private Value power(Value x, double exponent) {
        Value square = x.times(x);
        return switch ((int) exponent) {
            case 2 -> square;
            case 3 -> square.times(x);
            case -1 -> steps.of(1).over(x);
            default -> steps.of(1).over(square);
        };
    }

    private Value mask(Expr condition) {
        return condition instanceof Expr.Apply2(Binary op, Expr a, Expr b)
                        && (op == Binary.LT || op == Binary.LE || op == Binary.EQ || op == Binary.NE)
                ? compared(op, a, b)
                : value(condition).apply(Op.NE, steps.of(0));
    }

    private Value compared(Binary op, Expr a, Expr b) {
        return value(a).apply(Op.valueOf(op.name()), value(b));
    }
}
