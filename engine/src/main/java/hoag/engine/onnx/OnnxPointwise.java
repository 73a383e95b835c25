package hoag.engine.onnx;

import hoag.engine.Tensor;
import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Unary;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/** What ONNX's elementary functions are here. Numbers that are known are worked out at once: shapes depend on them. */
final class OnnxPointwise {
    private static final Expr X = Expr.in(0);
    private static final Expr Y = Expr.in(1);

    private static final Map<String, Expr> ONE = Map.ofEntries(
            Map.entry("Neg", X.apply(Unary.NEG)),
            Map.entry("Abs", X.apply(Unary.ABS)),
            Map.entry("Sign", X.apply(Unary.SIGN)),
            Map.entry("Floor", X.apply(Unary.FLOOR)),
            Map.entry("Ceil", X.apply(Unary.CEIL)),
            Map.entry("Round", X.apply(Unary.ROUND_EVEN)),
            Map.entry("Exp", X.apply(Unary.EXP)),
            Map.entry("Log", X.apply(Unary.LOG)),
            Map.entry("Sqrt", X.apply(Unary.SQRT)),
            Map.entry("Reciprocal", Expr.of(1).over(X)),
            Map.entry("Sigmoid", X.apply(Unary.SIGMOID)),
            Map.entry("Softplus", X.apply(Unary.SOFTPLUS)),
            Map.entry("Tanh", X.apply(Unary.TANH)),
            Map.entry("Sin", X.apply(Unary.SIN)),
            Map.entry("Cos", X.apply(Unary.COS)),
            Map.entry("Tan", X.apply(Unary.TAN)),
            Map.entry("Sinh", X.apply(Unary.SINH)),
            Map.entry("Cosh", X.apply(Unary.COSH)),
            Map.entry("Atan", X.apply(Unary.ATAN)),
            Map.entry("Asinh", X.apply(Unary.ASINH)),
            Map.entry("Erf", X.apply(Unary.ERF)),
            Map.entry("Not", X.apply(Binary.EQ, Expr.of(0))),
            Map.entry("Softsign", X.over(X.apply(Unary.ABS).plus(1))),
            Map.entry("HardSwish", X.times(limited(X.times(1.0 / 6).plus(0.5), 0, 1))),
            Map.entry("Mish", X.times(X.apply(Unary.SOFTPLUS).apply(Unary.TANH))));

    private static final Map<String, Expr> TWO = Map.ofEntries(
            Map.entry("Add", X.apply(Binary.ADD, Y)),
            Map.entry("Sub", X.apply(Binary.SUB, Y)),
            Map.entry("Mul", X.apply(Binary.MUL, Y)),
            Map.entry("Div", X.apply(Binary.DIV, Y)),
            Map.entry("Pow", X.apply(Binary.POW, Y)),
            Map.entry("Max", X.apply(Binary.MAX, Y)),
            Map.entry("Min", X.apply(Binary.MIN, Y)),
            Map.entry("Equal", X.apply(Binary.EQ, Y)),
            Map.entry("Less", X.apply(Binary.LT, Y)),
            Map.entry("LessOrEqual", X.apply(Binary.LE, Y)),
            Map.entry("Greater", Y.apply(Binary.LT, X)),
            Map.entry("GreaterOrEqual", Y.apply(Binary.LE, X)),
            Map.entry("And", X.apply(Binary.MUL, Y)),
            Map.entry("Or", X.apply(Binary.MAX, Y)),
            Map.entry("PRelu", Expr.where(Expr.of(0).apply(Binary.LT, X), X, X.times(Y))));

    private OnnxPointwise() {}

    private static Expr limited(Expr x, double low, double high) {
        Expr below = Expr.where(Expr.of(high).apply(Binary.LE, x), Expr.of(high), x);
        return Expr.where(x.apply(Binary.LE, Expr.of(low)), Expr.of(low), below);
    }

    /** The result, or null if the node is none of these. */
    static OnnxValue of(OnnxNode node) {
        Expr one = ONE.get(node.type());
        if (one != null) {
            return new OnnxValue.Node(node.x().map(one));
        }
        Expr two = TWO.get(node.type());
        if (two != null) {
            return folded(node, two);
        }
        return switch (node.type()) {
            case "Relu" -> new OnnxValue.Node(node.x().relu());
            case "LeakyRelu" -> positive(node, X.times(node.real("alpha", 0.01)));
            case "Elu" -> positive(node, X.apply(Unary.EXPM1).times(node.real("alpha", 1)));
            case "Selu" -> {
                double scale = node.real("gamma", 1.0507009873554805);
                yield new OnnxValue.Node(node.x()
                        .map(Expr.where(
                                Expr.of(0).apply(Binary.LT, X),
                                X.times(scale),
                                X.apply(Unary.EXPM1).times(scale * node.real("alpha", 1.6732632423543772)))));
            }
            case "HardSigmoid" ->
                new OnnxValue.Node(node.x()
                        .map(limited(X.times(node.real("alpha", 0.2)).plus(node.real("beta", 0.5)), 0, 1)));
            case "Gelu" -> gelu(node);
            case "Clip" -> clipped(node);
            case "Where" -> new OnnxValue.Node(node.x().where(node.tensor(1), node.tensor(2)));
            case "Sum" ->
                new OnnxValue.Node(node.all().stream()
                        .map(OnnxValue::tensor)
                        .reduce(Tensor::add)
                        .orElseThrow());
            default -> null;
        };
    }

    private static OnnxValue positive(OnnxNode node, Expr otherwise) {
        return new OnnxValue.Node(node.x().map(Expr.where(Expr.of(0).apply(Binary.LT, X), X, otherwise)));
    }

    private static OnnxValue gelu(OnnxNode node) {
        Expr inner = node.text("approximate", "none").equals("tanh")
                ? X.plus(X.times(X).times(X).times(0.044715))
                        .times(Math.sqrt(2 / Math.PI))
                        .apply(Unary.TANH)
                        .plus(1)
                        .times(0.5)
                : X.apply(Unary.NORMAL_CDF);
        return new OnnxValue.Node(node.x().map(X.times(inner)));
    }

    private static OnnxValue clipped(OnnxNode node) {
        double low = node.real(1, "min", Double.NEGATIVE_INFINITY);
        double high = node.real(2, "max", Double.POSITIVE_INFINITY);
        return new OnnxValue.Node(node.x().clamp(low, high));
    }

    /** Of more than two operands (Max, Min), one after the other. */
    private static OnnxValue folded(OnnxNode node, Expr formula) {
        OnnxValue result = node.in(0);
        for (int i = 1; i < Math.max(2, node.count()) && (node.count() > 1 || i == 1); i++) {
            if (node.count() == 1) {
                return result;
            }
            result = known(node.type(), result, node.in(i));
            if (result == null) {
                Tensor all = node.x();
                for (int k = 1; k < node.count(); k++) {
                    all = all.map(formula, node.tensor(k));
                }
                return new OnnxValue.Node(all);
            }
        }
        return result;
    }

    /** Arithmetic of known numbers with as many or one; null where a number is not known, or the function is none of arithmetic. */
    private static OnnxValue known(String type, OnnxValue a, OnnxValue b) {
        DoubleBinaryOperator function = switch (type) {
            case "Add" -> Double::sum;
            case "Sub" -> (x, y) -> x - y;
            case "Mul" -> (x, y) -> x * y;
            case "Div" -> (x, y) -> x == Math.rint(x) && y == Math.rint(y) && y != 0 ? Math.floor(x / y) : x / y;
            case "Max" -> Math::max;
            case "Min" -> Math::min;
            case "Equal" -> (x, y) -> x == y ? 1 : 0;
            default -> null;
        };
        if (function == null
                || !(a instanceof OnnxValue.Known(int[] da, double[] x))
                || !(b instanceof OnnxValue.Known(int[] db, double[] y))
                || !(x.length == y.length || x.length == 1 || y.length == 1)) {
            return null;
        }
        double[] numbers = new double[Math.max(x.length, y.length)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = function.applyAsDouble(x[x.length == 1 ? 0 : i], y[y.length == 1 ? 0 : i]);
        }
        return new OnnxValue.Known(x.length >= y.length && da.length >= db.length ? da : db, numbers);
    }
}
