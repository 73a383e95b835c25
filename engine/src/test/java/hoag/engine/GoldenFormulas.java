package hoag.engine;

import static hoag.kernels.Expr.in;
import static hoag.kernels.Expr.of;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Unary;

/** The pointwise cases as formulas of their inputs in the order of the file. Plain ones are the operation itself, others are put together. */
final class GoldenFormulas {
    private static final Expr X = in(0);
    private static final Expr Y = in(1);

    private GoldenFormulas() {}

    static Expr formula(GoldenCase c) {
        return switch (c.op()) {
            case "relu" -> Activation.RELU.formula();
            case "relu6" -> Activation.RELU6.formula();
            case "silu" -> Activation.SILU.formula();
            case "gelu" -> Activation.GELU.formula();
            case "sigmoid" -> Activation.SIGMOID.formula();
            case "tanh" -> Activation.TANH.formula();
            case "gelu_tanh" ->
                X.times(X.plus(X.square().times(X).times(0.044715))
                        .times(2 * Math.sqrt(2 / Math.PI))
                        .sigmoid());
            case "quick_gelu" -> X.times(X.times(1.702).sigmoid());
            case "hard_swish" -> X.times(clamp(X.plus(3), 0, 6)).times(1 / 6.0);
            case "hard_sigmoid" -> clamp(X.plus(3), 0, 6).times(1 / 6.0);
            case "hardtanh" -> clamp(X, -1, 1);
            case "clamp" ->
                clamp(X, c.number("min", Double.NEGATIVE_INFINITY), c.number("max", Double.POSITIVE_INFINITY));
            case "softplus" ->
                X.times(c.number("beta", 1)).apply(Unary.SOFTPLUS).times(1 / c.number("beta", 1));
            case "elu" -> positive(X, X.apply(Unary.EXPM1).times(c.number("alpha", 1)));
            case "selu" ->
                positive(X, X.apply(Unary.EXPM1).times(1.6732632423543772)).times(1.0507009873554805);
            case "leaky_relu" -> positive(X, X.times(c.number("negative_slope", 0.01)));
            case "prelu" -> positive(X, X.times(Y));
            case "mish" -> X.times(X.apply(Unary.SOFTPLUS).apply(Unary.TANH));
            case "softsign" -> X.over(X.apply(Unary.ABS).plus(1));
            case "log2" -> X.log().times(1 / Math.log(2));
            case "log10" -> X.log().times(1 / Math.log(10));
            case "rsqrt" -> of(1).over(X.sqrt());
            case "square" -> X.square();
            case "reciprocal" -> of(1).over(X);
            case "round" -> X.apply(Unary.ROUND_EVEN);
            case "maximum" -> X.max(Y);
            case "minimum" -> X.min(Y);
            case "pow_scalar" -> X.apply(Binary.POW, of(c.number("exponent", 1)));
            case "where" -> Expr.where(X, Y, in(2));
            case "gt" -> Y.apply(Binary.LT, X);
            case "ge" -> Y.apply(Binary.LE, X);
            case "add", "sub", "mul", "div", "pow", "atan2", "eq", "ne", "lt", "le" ->
                X.apply(Binary.valueOf(c.op().toUpperCase(java.util.Locale.ROOT)), Y);
            default -> X.apply(Unary.valueOf(c.op().toUpperCase(java.util.Locale.ROOT)));
        };
    }

    private static Expr positive(Expr x, Expr otherwise) {
        return Expr.where(of(0).apply(Binary.LT, x), x, otherwise);
    }

    /** Cut to the range, by comparisons; slope 0 at both ends, as {@link Tensor#clamp}. */
    private static Expr clamp(Expr x, double low, double high) {
        Expr below = Expr.where(of(high).apply(Binary.LE, x), of(high), x);
        return Expr.where(x.apply(Binary.LE, of(low)), of(low), below);
    }
}
