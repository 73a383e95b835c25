package hoag.kernels;

/** Functions of one number: value in float64 and derivative as a formula. */
public enum Unary {
    /** -x. */
    NEG,
    /** The amount of x. */
    ABS,
    /** -1, 0 or 1. */
    SIGN,
    /** The next whole number below. */
    FLOOR,
    /** The next whole number above. */
    CEIL,
    /** The nearest whole number, halves to the even one. */
    ROUND_EVEN,
    /** e to the power of x. */
    EXP,
    /** exp(x) - 1, exact near 0. */
    EXPM1,
    /** The natural logarithm. */
    LOG,
    /** ln(1 + x), exact near 0. */
    LOG1P,
    /** The square root. */
    SQRT,
    /** 1 / (1 + exp(-x)). */
    SIGMOID,
    /** ln(sigmoid(x)), without overflow. */
    LOG_SIGMOID,
    /** ln(1 + exp(x)), without overflow. */
    SOFTPLUS,
    /** The hyperbolic tangent. */
    TANH,
    /** The sine, radians. */
    SIN,
    /** The cosine, radians. */
    COS,
    /** The tangent, radians. */
    TAN,
    /** The hyperbolic sine. */
    SINH,
    /** The hyperbolic cosine. */
    COSH,
    /** The arc tangent, radians. */
    ATAN,
    /** The inverse hyperbolic sine. */
    ASINH,
    /** The error function. */
    ERF,
    /** 1 - erf(x), exact far out. */
    ERFC,
    /** The logarithm of the gamma function. */
    LGAMMA,
    /** The derivative of lgamma. */
    DIGAMMA,
    /** The derivative of digamma. */
    TRIGAMMA,
    /** Standard normal distribution function, Phi(x) = erfc(-x / sqrt 2) / 2, for GELU without cancellation. */
    NORMAL_CDF;

    /** The value in float64: the truth that kernels are held to. */
    public double evaluate(double x) {
        return switch (this) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND_EVEN -> Math.rint(x);
            case EXP -> Math.exp(x);
            case EXPM1 -> Math.expm1(x);
            case LOG -> Math.log(x);
            case LOG1P -> Math.log1p(x);
            case SQRT -> Math.sqrt(x);
            case SIGMOID -> Special.sigmoid(x);
            case LOG_SIGMOID -> -Special.softplus(-x);
            case SOFTPLUS -> Special.softplus(x);
            case TANH -> Math.tanh(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TAN -> Math.tan(x);
            case SINH -> Math.sinh(x);
            case COSH -> Math.cosh(x);
            case ATAN -> Math.atan(x);
            case ASINH -> Special.asinh(x);
            case ERF -> Special.erf(x);
            case ERFC -> Special.erfc(x);
            case LGAMMA -> Special.lgamma(x);
            case DIGAMMA -> Special.digamma(x);
            case TRIGAMMA -> Special.trigamma(x);
            case NORMAL_CDF -> 0.5 * Special.erfc(-x * Math.sqrt(0.5));
        };
    }

    /** d f(x) / d x as a formula of x and of y = f(x). */
    Expr derivative(Expr x, Expr y) {
        return switch (this) {
            case NEG -> Expr.of(-1);
            case ABS -> x.apply(SIGN);
            case SIGN, FLOOR, CEIL, ROUND_EVEN -> Expr.of(0);
            case EXP -> y;
            case EXPM1 -> x.exp();
            case LOG -> Expr.of(1).over(x);
            case LOG1P -> Expr.of(1).over(x.plus(1));
            case SQRT -> Expr.of(0.5).over(y);
            case SIGMOID -> y.times(x.negate().sigmoid());
            case LOG_SIGMOID -> x.negate().sigmoid();
            case SOFTPLUS -> x.sigmoid();
            case TANH -> Expr.of(1).over(x.apply(COSH).square());
            case SIN -> x.apply(COS);
            case COS -> x.apply(SIN).negate();
            case TAN -> y.square().plus(1);
            case SINH -> x.apply(COSH);
            case COSH -> x.apply(SINH);
            case ATAN -> Expr.of(1).over(x.square().plus(1));
            case ASINH -> Expr.of(1).over(x.square().plus(1).sqrt());
            case ERF -> x.square().negate().exp().times(2 / Math.sqrt(Math.PI));
            case ERFC -> x.square().negate().exp().times(-2 / Math.sqrt(Math.PI));
            case LGAMMA -> x.apply(DIGAMMA);
            case DIGAMMA -> x.apply(TRIGAMMA);
            case TRIGAMMA ->
                throw new ConfigException(
                        "trigamma has no derivative here; the third derivative of lgamma is not offered");
            case NORMAL_CDF -> x.square().times(-0.5).exp().times(1 / Math.sqrt(2 * Math.PI));
        };
    }
}
