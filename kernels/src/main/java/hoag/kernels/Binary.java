package hoag.kernels;

/** Functions of two numbers: value in float64 and derivatives as formulas. Comparisons give 1 or 0. */
public enum Binary {
    /** a + b. */
    ADD,
    /** a - b. */
    SUB,
    /** a b. */
    MUL,
    /** a / b. */
    DIV,
    /** The larger. */
    MAX,
    /** The smaller. */
    MIN,
    /** a to the power of b. */
    POW,
    /** The angle of the point (b, a), radians. */
    ATAN2,
    /** 1 where a is below b, else 0. */
    LT,
    /** 1 where a is at most b, else 0. */
    LE,
    /** 1 where a is b, else 0; NaN equals nothing. */
    EQ,
    /** 1 where a is not b, else 0. */
    NE,
    /** RISING(a, k) = lgamma(a + k) - lgamma(a) without cancellation: the term of the Dirichlet-multinomial. */
    RISING,
    /** DIGAMMA_RISING(a, k) = digamma(a + k) - digamma(a): the derivative of RISING in a. */
    DIGAMMA_RISING;

    /** The value in float64: the truth that kernels are held to. */
    public double evaluate(double a, double b) {
        return switch (this) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case POW -> Math.pow(a, b);
            case ATAN2 -> Math.atan2(a, b);
            case LT -> a < b ? 1 : 0;
            case LE -> a <= b ? 1 : 0;
            case EQ -> a == b ? 1 : 0;
            case NE -> a != b ? 1 : 0;
            case RISING -> Special.rising(a, b);
            case DIGAMMA_RISING -> Special.digammaRising(a, b);
        };
    }

    Expr simplified(Expr a, Expr b) {
        return switch (this) {
            case ADD -> a.plus(b);
            case SUB -> a.minus(b);
            case MUL -> a.times(b);
            case DIV -> a.over(b);
            default -> a.apply(this, b);
        };
    }

    Expr derivativeA(Expr a, Expr b, Expr y) {
        return switch (this) {
            case ADD, SUB -> Expr.of(1);
            case MUL -> b;
            case DIV -> Expr.of(1).over(b);
            case MAX -> share(b, a);
            case MIN -> share(a, b);
            case POW -> b.times(a.apply(POW, b.minus(1)));
            case ATAN2 -> b.over(a.square().plus(b.square()));
            case LT, LE, EQ, NE -> Expr.of(0);
            case RISING -> a.apply(DIGAMMA_RISING, b);
            case DIGAMMA_RISING -> a.plus(b).apply(Unary.TRIGAMMA).minus(a.apply(Unary.TRIGAMMA));
        };
    }

    Expr derivativeB(Expr a, Expr b, Expr y) {
        return switch (this) {
            case ADD -> Expr.of(1);
            case SUB -> Expr.of(-1);
            case MUL -> a;
            case DIV -> y.over(b).negate();
            case MAX -> share(a, b);
            case MIN -> share(b, a);
            case POW -> Expr.where(a.apply(EQ, Expr.of(0)), Expr.of(0), y.times(a.log()));
            case ATAN2 -> a.over(a.square().plus(b.square())).negate();
            case LT, LE, EQ, NE -> Expr.of(0);
            case RISING -> a.plus(b).apply(Unary.DIGAMMA);
            case DIGAMMA_RISING -> a.plus(b).apply(Unary.TRIGAMMA);
        };
    }

    /** 1 where small is below large, 1/2 at a tie, 0 elsewhere. */
    private static Expr share(Expr small, Expr large) {
        return small.apply(LT, large).plus(small.apply(EQ, large).times(0.5));
    }
}
