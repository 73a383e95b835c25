package hoag.engine.onnx;

import hoag.kernels.Binary;
import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import hoag.kernels.Unary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A formula as elementary nodes; what it uses twice is there once. */
final class OnnxFormula {
    private final OnnxGraph graph;
    private final List<String> operands;
    private final Map<Expr, String> known = new HashMap<>();

    OnnxFormula(OnnxGraph graph, List<String> operands) {
        this.graph = graph;
        this.operands = operands;
    }

    /** The name of what holds the formula's value. */
    String of(Expr formula) {
        String name = known.get(formula);
        if (name == null) {
            name = made(formula);
            known.put(formula, name);
        }
        return name;
    }

    private String made(Expr formula) {
        return switch (formula) {
            case Expr.In(int index) -> operands.get(index);
            case Expr.Const(double value) -> graph.number(value);
            case Expr.Apply1(Unary op, Expr x) -> unary(op, of(x));
            case Expr.Apply2(Binary op, Expr a, Expr b) ->
                isComparison(op) ? graph.cast(truth(formula), OnnxGraph.FLOAT) : binary(op, of(a), of(b));
            case Expr.Where where -> clipped(where);
        };
    }

    /** max(x, low) and min(max(x, low), high) are written as choices, for their slopes' sake. */
    private String clipped(Expr.Where where) {
        Expr.Const low = limit(where, true);
        if (low == null || !(where.condition() instanceof Expr.Apply2(Binary ignored, Expr x, Expr limit))) {
            return graph.node("Where", truth(where.condition()), of(where.yes()), of(where.no()));
        }
        if (where.no().equals(x)) {
            return low.value() == 0 ? graph.node("Relu", of(x)) : graph.node("Clip", of(x), of(low));
        }
        Expr.Const high = where.no() instanceof Expr.Where inner && inner.no().equals(x) ? limit(inner, false) : null;
        return high == null
                        || !((Expr.Where) where.no())
                                .condition()
                                .equals(Expr.of(high.value()).apply(Binary.LE, x))
                ? graph.node("Where", truth(where.condition()), of(where.yes()), of(where.no()))
                : graph.node("Clip", of(x), of(low), of(high));
    }

    /** The limit of {@code x <= limit ? limit : ...}, or of {@code limit <= x ? limit : x}; null if it is neither. */
    private static Expr.Const limit(Expr.Where where, boolean below) {
        return where.condition() instanceof Expr.Apply2(Binary op, Expr a, Expr b)
                        && op == Binary.LE
                        && (below ? b : a) instanceof Expr.Const limit
                        && limit.equals(where.yes())
                ? limit
                : null;
    }

    /** A condition as ONNX has it, true or false. */
    private String truth(Expr condition) {
        return condition instanceof Expr.Apply2(Binary op, Expr a, Expr b) && isComparison(op)
                ? compared(op, of(a), of(b))
                : graph.cast(of(condition), OnnxGraph.BOOL);
    }

    private static boolean isComparison(Binary op) {
        return op == Binary.LT || op == Binary.LE || op == Binary.EQ || op == Binary.NE;
    }

    private String compared(Binary op, String a, String b) {
        return switch (op) {
            case LT -> graph.node("Less", a, b);
            case LE -> graph.node("LessOrEqual", a, b);
            case NE -> graph.node("Not", graph.node("Equal", a, b));
            default -> graph.node("Equal", a, b);
        };
    }

    private String binary(Binary op, String a, String b) {
        return switch (op) {
            case ADD -> graph.node("Add", a, b);
            case SUB -> graph.node("Sub", a, b);
            case MUL -> graph.node("Mul", a, b);
            case DIV -> graph.node("Div", a, b);
            case MAX -> graph.node("Max", a, b);
            case MIN -> graph.node("Min", a, b);
            case POW -> graph.node("Pow", a, b);
            case LT, LE, EQ, NE -> graph.cast(compared(op, a, b), OnnxGraph.FLOAT);
            case ATAN2, RISING, DIGAMMA_RISING -> throw missing(op.name());
        };
    }

    private String unary(Unary op, String x) {
        return switch (op) {
            case NEG -> graph.node("Neg", x);
            case ABS -> graph.node("Abs", x);
            case SIGN -> graph.node("Sign", x);
            case FLOOR -> graph.node("Floor", x);
            case CEIL -> graph.node("Ceil", x);
            case ROUND_EVEN -> graph.node("Round", x);
            case EXP -> graph.node("Exp", x);
            case EXPM1 -> graph.node("Sub", graph.node("Exp", x), graph.number(1));
            case LOG -> graph.node("Log", x);
            case LOG1P -> graph.node("Log", graph.node("Add", x, graph.number(1)));
            case SQRT -> graph.node("Sqrt", x);
            case SIGMOID -> graph.node("Sigmoid", x);
            case LOG_SIGMOID -> graph.node("Neg", graph.node("Softplus", graph.node("Neg", x)));
            case SOFTPLUS -> graph.node("Softplus", x);
            case TANH -> graph.node("Tanh", x);
            case SIN -> graph.node("Sin", x);
            case COS -> graph.node("Cos", x);
            case TAN -> graph.node("Tan", x);
            case SINH -> graph.node("Sinh", x);
            case COSH -> graph.node("Cosh", x);
            case ATAN -> graph.node("Atan", x);
            case ASINH -> graph.node("Asinh", x);
            case ERF -> graph.node("Erf", x);
            case ERFC -> graph.node("Sub", graph.number(1), graph.node("Erf", x));
            case NORMAL_CDF -> normal(x);
            case LGAMMA, DIGAMMA, TRIGAMMA -> throw missing(op.name());
        };
    }

    private String normal(String x) {
        String erf = graph.node("Erf", graph.node("Mul", x, graph.number(Math.sqrt(0.5))));
        return graph.node("Mul", graph.node("Add", erf, graph.number(1)), graph.number(0.5));
    }

    private static ConfigException missing(String what) {
        return new ConfigException("ONNX has no " + what.toLowerCase(java.util.Locale.ROOT)
                + "; a model that computes it cannot be written as .onnx");
    }
}
