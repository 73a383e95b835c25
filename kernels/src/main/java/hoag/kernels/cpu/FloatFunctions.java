package hoag.kernels.cpu;

import hoag.kernels.Unary;
import hoag.kernels.cpu.Steps.Value;

/**
 * Functions as steps in float32, to 1-4 units in the last place. Why not the JDK's vector library (SVML): there a method gives other last
 * bits before C2 has compiled it than after, and other bits on other machines. Polynomials are Chebyshev fits (error below 1e-8 of the value).
 */
final class FloatFunctions {
    /** Added to a small number it leaves the number rounded to a whole one, in the low bits. */
    private static final double ROUND = 0x1.8p23;

    private static final int ROUND_BITS = 0x4b400000;
    private static final int ONE_BITS = 0x3f800000;
    private static final int ROOT_HALF_BITS = 0x3f3504f3;
    private static final double LN2_HIGH = (float) Math.log(2);
    private static final double LN2_LOW = Math.log(2) - LN2_HIGH;
    /** Ten bits, so that a product with a small whole number is exact. */
    private static final double LN2_SHORT = 0.693359375;

    private FloatFunctions() {}

    /** Null if only float64 will do. */
    static Value of(Unary op, Value x) {
        return switch (op) {
            case NEG -> x.negate();
            case ABS -> x.abs();
            case SQRT -> x.apply(Steps.Op.SQRT);
            case SIGN -> x.unless(x.above(0), 1).unless(x.less(0), -1);
            case FLOOR -> floor(x);
            case CEIL -> floor(x.negate()).negate();
            case ROUND_EVEN -> round(x);
            case EXP -> exp(x);
            case EXPM1 -> expm1(x.atLeast(-18).atMost(89));
            case LOG -> log(x);
            case LOG1P -> log1p(x);
            case SIGMOID -> sigmoid(x);
            case SOFTPLUS -> softplus(x);
            case LOG_SIGMOID -> softplus(x.negate()).negate();
            case TANH -> tanh(x);
            case COSH -> cosh(x);
            case ERF -> erf(x);
            case ERFC -> x.less(0).choose(x.steps().of(2).minus(erfcTail(x)), erfcTail(x));
            case NORMAL_CDF -> normalCdf(x);
            case SIN, COS, TAN, SINH, ATAN, ASINH, LGAMMA, DIGAMMA, TRIGAMMA -> null;
        };
    }

    /** To even at a tie; the sign of zero stays. */
    private static Value round(Value x) {
        Value whole = x.abs().plus(0x1p23).minus(0x1p23).withSignOf(x);
        return x.abs().less(0x1p23).choose(whole, x);
    }

    private static Value floor(Value x) {
        Value near = round(x);
        return x.less(near).choose(near.minus(1), near);
    }

    /** x = n ln 2 + r, |r| up to ln 2 / 2. */
    private record Reduced(Value n, Value r) {
        static Reduced of(Value x) {
            Value shifted = x.fma(1 / Math.log(2), ROUND);
            Value whole = shifted.minus(ROUND);
            return new Reduced(shifted.bits(), whole.fma(-LN2_LOW, whole.fma(-LN2_HIGH, x)));
        }

        /** e^r - 1 */
        Value expm1() {
            Value q = r.polynomial(0.0013926926614, 0.00836377387441, 0.0416665501103, 0.166665733819, 0.5);
            return q.fma(r.times(r), r);
        }

        /** value * 2^n in two factors, as 2^n alone may be too large or too small. */
        Value scale(Value value) {
            Value half = n.shiftRight(1);
            return value.times(power(half)).times(power(n.minusInt(half)));
        }

        private static Value power(Value exponent) {
            return exponent.shiftLeft(23).plusInt(ONE_BITS).asFloat();
        }
    }

    private static Value exp(Value x) {
        return expBelow(x.atMost(89));
    }

    /** x up to 89. */
    private static Value expBelow(Value x) {
        Reduced reduced = Reduced.of(x.atLeast(-104));
        return reduced.scale(reduced.expm1().plus(1));
    }

    /**
     * 1 / (1 + e^-x), zero where that is no normal number. The steps count, for half of EfficientNet's time beside convolutions is this: no
     * second factor for the power of two, no low part of ln 2 (4 units in the last place where the result is below 1e-37, less than one where it
     * is above 1e-6). Measured on a Xeon of the Sapphire Rapids class, x * sigmoid(x) in L1, a thread: 0.23 ns an element; by {@link #exp} 0.36. Lost: e^-|x| and a reciprocal by
     * a cubic and Halley's rule instead of the division, 0.42.
     */
    private static Value sigmoid(Value x) {
        Value inside = x.atMost(87).atLeast(-89);
        Value shifted = inside.fma(-1 / Math.log(2), ROUND);
        Value r = shifted.minus(ROUND).fma(LN2_HIGH, inside); // e^-x = 2^n e^-r
        Value p =
                r.polynomial(-0.008297647834, 0.04191543143, -0.1666757509, 0.4999889441, -0.9999996918, 1.0000000717);
        Value power = shifted.bits().shiftLeft(23).plusInt(ONE_BITS).asFloat();
        return x.steps().of(1).over(p.fma(power, 1));
    }

    /** x from -18 to 89. */
    private static Value expm1(Value x) {
        Reduced reduced = Reduced.of(x);
        Value half = Reduced.power(reduced.n.plusInt(-1)); // 2^(n - 1)
        Value result = half.fma(reduced.expm1(), half.minus(0.5));
        return result.plus(result);
    }

    private static Value cosh(Value x) {
        Reduced reduced = Reduced.of(x.abs().atMost(90));
        Value half = reduced.scale(reduced.expm1().fma(0.5, 0.5));
        return half.plus(x.steps().of(0.25).over(half));
    }

    private static Value tanh(Value x) {
        Value t = expm1(x.abs().atMost(10).times(2));
        return t.over(t.plus(2)).withSignOf(x);
    }

    /** ln(1 + f), f from sqrt(1/2) - 1 to sqrt(2) - 1. */
    private static Value logNearOne(Value f) {
        Value p = f.polynomial(
                0.0698983447481,
                -0.115094276644,
                0.116927295192,
                -0.124223659772,
                0.142480396803,
                -0.166679007915,
                0.200007455122,
                -0.249999962835,
                0.333333310624);
        return p.fma(f, -0.5).fma(f.times(f), f);
    }

    /** u = 2^k m, m from sqrt(1/2) to sqrt(2). */
    private record Split(Value k, Value m) {
        static Split of(Value u) {
            Value bits = u.bits();
            Value k = bits.plusInt(-ROOT_HALF_BITS).shiftRight(23);
            return new Split(k, bits.minusInt(k.shiftLeft(23)).asFloat());
        }

        /** k ln 2 + more */
        Value log(Value more, Value bias) {
            Value k = k().plusInt(ROUND_BITS).asFloat().minus(ROUND).plus(bias);
            return k.fma(LN2_HIGH, k.fma(LN2_LOW, more));
        }
    }

    private static Value log(Value x) {
        Value tiny = x.less(Float.MIN_NORMAL);
        Split split = Split.of(tiny.choose(x.times(0x1p23), x));
        Value result = split.log(
                logNearOne(split.m.minus(1)),
                tiny.choose(x.steps().of(-23), x.steps().of(0)));
        return endsOfLog(result, x, 0);
    }

    private static Value log1p(Value x) {
        Value u = x.plus(1);
        Split split = Split.of(u);
        Value lost = x.above(1).choose(x.steps().of(1).minus(u.minus(x)), x.minus(u.minus(1)));
        Value scale = x.steps().ofInt(ONE_BITS).minusInt(split.k.shiftLeft(23)).asFloat(); // 2^-k
        Value more = lost.times(scale).unless(u.above(0x1p60), 0);
        Value result =
                split.log(logNearOne(split.m.minus(1).plus(more)), x.steps().of(0));
        return endsOfLog(result, x, -1);
    }

    /** Infinite at the pole and at infinity; NaN below the pole and where x is. */
    private static Value endsOfLog(Value result, Value x, double pole) {
        Value inside = x.steps().of(pole).apply(Steps.Op.LE, x);
        return inside.choose(result, x.steps().of(Double.NaN))
                .unless(x.equal(pole), Double.NEGATIVE_INFINITY)
                .unless(x.equal(Double.POSITIVE_INFINITY), Double.POSITIVE_INFINITY);
    }

    /** max(x, 0) + ln(1 + e^-|x|) */
    private static Value softplus(Value x) {
        Value e = expBelow(x.abs().negate());
        Value large = e.above(Math.sqrt(2) - 1); // 1 + e = 2 (1 + f) with f = (e - 1) / 2
        Value f = large.choose(e.fma(0.5, -0.5), e);
        Value log = logNearOne(f)
                .plus(large.choose(x.steps().of(LN2_HIGH), x.steps().of(0)));
        return x.unless(x.less(0), 0).plus(log);
    }

    /** erfc(z) e^(z^2), z from 0 to 10.2. */
    private static Value scaledErfc(Value z) {
        Value left = z.plus(2);
        Value right = z.fma(2, 1);
        Value both = z.steps().of(1).over(left.times(right));
        Value t = z.minus(2).times(right).times(both);
        Value p = t.polynomial(
                8.31847184669e-5,
                0.000176483197244,
                -0.000401831043671,
                -0.00142878094912,
                0.00125105660131,
                0.00871228862936,
                -0.00802997729946,
                -0.0542183620762,
                0.164050906199,
                -0.16603048913,
                -0.0927638157479,
                1.27697838235);
        return p.times(left).times(both);
    }

    /** e^(-x^2), with what the square loses in float32. */
    private static Value gauss(Value x) {
        Value square = x.times(x);
        Value lost = x.fma(x, square.negate());
        Value e = expBelow(square.negate());
        return e.fma(lost.negate(), e);
    }

    /** erfc(|x|) */
    private static Value erfcTail(Value x) {
        Value z = x.abs().atMost(10.1);
        return gauss(z).times(scaledErfc(z));
    }

    private static Value erf(Value x) {
        Value square = x.times(x);
        Value near = square.polynomial(
                        7.87587506269e-5,
                        -0.000801686428717,
                        0.00518908742343,
                        -0.0268542120106,
                        0.112835947152,
                        -0.376126266667,
                        1.12837916585)
                .times(x);
        Value far = x.steps().of(1).minus(erfcTail(x)).withSignOf(x);
        return x.abs().less(1).choose(near, far);
    }

    /**
     * e^(-z^2 / 2) times the tail of the normal distribution over it, a polynomial of (z - 4) / (z + 4) over z + 4; z up to 13.1, so that one factor
     * does for the power of two. The square is never rounded: fma(-z/2, z, -n ln 2's high part, which is exact). Measured as {@link #sigmoid}: GELU
     * by {@link #gauss} and {@link #scaledErfc} 0.93 ns an element, by this 0.54.
     */
    private static Value normalCdf(Value x) {
        Value z = x.abs().atMost(13.1);
        Value half = z.times(-0.5);
        Value shifted = half.times(z).fma(1 / Math.log(2), ROUND);
        Value whole = shifted.minus(ROUND);
        Value r = whole.fma(LN2_SHORT - Math.log(2), half.fma(z, whole.times(-LN2_SHORT)));
        Value power = shifted.bits().shiftLeft(23).plusInt(ONE_BITS).asFloat();
        Value e = r.polynomial(0.0013926926614, 0.00836377387441, 0.0416665501103, 0.166665733819, 0.5, 1, 1)
                .times(power);
        Value over = x.steps().of(1).over(z.plus(4));
        Value t = z.minus(4).times(over);
        Value ratio = t.polynomial(
                        -0.00012449393949,
                        0.000195874257987,
                        0.00157672146784,
                        -0.00351948038066,
                        -0.00752989650243,
                        0.0604045875313,
                        -0.186522731303,
                        0.387136883279,
                        -0.607896614145,
                        0.755285135421)
                .times(over);
        Value tail = e.times(ratio);
        return x.less(0).choose(tail, x.steps().of(1).minus(tail));
    }

    /**
     * x times the normal distribution at x, within 1e-6 (2e-7 of x), as PyTorch's 1 + erf is: where x is far below zero most of it rounds away. One rational function, as in Eigen's erf;
     * {@link #normalCdf}, which keeps the tail's digits, takes 0.54 ns an element in the same place, this 0.31.
     */
    static Value gelu(Value x) {
        Value inside = x.atLeast(-5.6).atMost(5.6);
        Value square = inside.times(inside);
        Value p = square.polynomial(
                2.21443432e-8, 6.35645527e-6, 0.000173854414, 0.00470728143, 0.0343765796, 0.398942222);
        Value q = square.polynomial(1.18017768e-6, 7.51025473e-5, 0.00191300004, 0.02894034, 0.25283502, 1);
        Value cdf = p.times(inside).over(q).plus(0.5);
        return x.times(cdf.unless(x.less(-5.6), 0));
    }
}
