package hoag.kernels;

/** Functions of one number: value in float64 and derivative as a formula. */
public enum Unary {
    NEG,
    ABS,
    SIGN,
    FLOOR,
    CEIL,
    ROUND_EVEN,
    EXP,
    EXPM1,
    LOG,
    LOG1P,
    SQRT,
    SIGMOID,
    LOG_SIGMOID,
    SOFTPLUS,
    TANH,
    SIN,
    COS,
    TAN,
    SINH,
    COSH,
    ATAN,
    ASINH,
    ERF,
    ERFC,
    LGAMMA,
    DIGAMMA,
    TRIGAMMA,
    /** Standard normal distribution function, Phi(x) = erfc(-x / sqrt 2) / 2, for GELU without cancellation. */
    NORMAL_CDF;

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
