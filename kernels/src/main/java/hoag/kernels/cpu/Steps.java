package hoag.kernels.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Formulas as a straight line of float32 operations, each exactly defined by IEEE 754: vectors of any width and plain Java compute the same
 * bits from it. Equal steps appear once.
 */
public final class Steps {
    Steps() {}

    /** What a step's value is. */
    public enum Type {
        FLOAT,
        INT,
        /** A comparison's result. */
        MASK
    }

    /** One operation; floats are IEEE 754 single precision, rounded to nearest. */
    public enum Op {
        INPUT(Type.FLOAT),
        CONSTANT(Type.FLOAT),
        ADD(Type.FLOAT),
        SUB(Type.FLOAT),
        MUL(Type.FLOAT),
        DIV(Type.FLOAT),
        MIN(Type.FLOAT),
        MAX(Type.FLOAT),
        /** a * b + c, rounded once. */
        FMA(Type.FLOAT),
        NEG(Type.FLOAT),
        ABS(Type.FLOAT),
        SQRT(Type.FLOAT),
        LT(Type.MASK),
        LE(Type.MASK),
        EQ(Type.MASK),
        NE(Type.MASK),
        /** a ? b : c */
        SELECT(Type.FLOAT),
        /** The bits of a float, and back. */
        AS_INT(Type.INT),
        AS_FLOAT(Type.FLOAT),
        INT_CONSTANT(Type.INT),
        INT_ADD(Type.INT),
        INT_SUB(Type.INT),
        INT_AND(Type.INT),
        INT_OR(Type.INT),
        SHIFT_LEFT(Type.INT),
        /** Keeps the sign. */
        SHIFT_RIGHT(Type.INT);

        /** Of the result. */
        public final Type type;

        Op(Type type) {
            this.type = type;
        }
    }

    /**
     * One step.
     *
     * @param bits input number, bits of a constant, or distance of a shift
     * @param from the steps whose values it reads
     */
    public record Step(Op op, int bits, List<Integer> from) {}

    private final List<Step> steps = new ArrayList<>();
    private final Map<Step, Integer> places = new HashMap<>();

    List<Step> steps() {
        return steps;
    }

    private Value put(Op op, int bits, Value... from) {
        var step =
                new Step(op, bits, java.util.Arrays.stream(from).map(Value::at).toList());
        int at = places.computeIfAbsent(step, made -> {
            steps.add(made);
            return steps.size() - 1;
        });
        return new Value(at);
    }

    Value input(int index) {
        return put(Op.INPUT, index);
    }

    Value of(double value) {
        return put(Op.CONSTANT, Float.floatToIntBits((float) value));
    }

    Value ofInt(int value) {
        return put(Op.INT_CONSTANT, value);
    }

    /** The result of a step. */
    final class Value {
        private final int at;

        private Value(int at) {
            this.at = at;
        }

        int at() {
            return at;
        }

        Steps steps() {
            return Steps.this;
        }

        Value apply(Op op, Value... others) {
            var all = new Value[others.length + 1];
            all[0] = this;
            System.arraycopy(others, 0, all, 1, others.length);
            return put(op, 0, all);
        }

        Value plus(Value other) {
            return apply(Op.ADD, other);
        }

        Value plus(double other) {
            return plus(of(other));
        }

        Value minus(Value other) {
            return apply(Op.SUB, other);
        }

        Value minus(double other) {
            return minus(of(other));
        }

        Value times(Value other) {
            return apply(Op.MUL, other);
        }

        Value times(double other) {
            return times(of(other));
        }

        Value over(Value other) {
            return apply(Op.DIV, other);
        }

        /** this * factor + term */
        Value fma(Value factor, Value term) {
            return apply(Op.FMA, factor, term);
        }

        Value fma(double factor, Value term) {
            return fma(of(factor), term);
        }

        Value fma(Value factor, double term) {
            return fma(factor, of(term));
        }

        Value fma(double factor, double term) {
            return fma(of(factor), of(term));
        }

        Value negate() {
            return apply(Op.NEG);
        }

        Value abs() {
            return apply(Op.ABS);
        }

        Value less(Value other) {
            return apply(Op.LT, other);
        }

        Value less(double other) {
            return less(of(other));
        }

        Value above(double other) {
            return of(other).less(this);
        }

        Value equal(double other) {
            return apply(Op.EQ, of(other));
        }

        /** This is a mask. */
        Value choose(Value yes, Value no) {
            return apply(Op.SELECT, yes, no);
        }

        /** {@code other} where {@code mask}, else this. */
        Value unless(Value mask, double other) {
            return mask.choose(of(other), this);
        }

        Value atLeast(double low) {
            return unless(less(low), low);
        }

        Value atMost(double high) {
            return unless(above(high), high);
        }

        Value bits() {
            return apply(Op.AS_INT);
        }

        Value asFloat() {
            return apply(Op.AS_FLOAT);
        }

        Value plusInt(int other) {
            return apply(Op.INT_ADD, ofInt(other));
        }

        Value minusInt(Value other) {
            return apply(Op.INT_SUB, other);
        }

        Value and(int other) {
            return apply(Op.INT_AND, ofInt(other));
        }

        Value or(Value other) {
            return apply(Op.INT_OR, other);
        }

        Value shiftLeft(int distance) {
            return put(Op.SHIFT_LEFT, distance, this);
        }

        Value shiftRight(int distance) {
            return put(Op.SHIFT_RIGHT, distance, this);
        }

        /** The absolute value of this with the sign of {@code other}. */
        Value withSignOf(Value other) {
            return bits().and(0x7fffffff).or(other.bits().and(0x80000000)).asFloat();
        }

        /** Horner's rule, highest power first. */
        Value polynomial(double... coefficients) {
            Value sum = of(coefficients[0]);
            for (int i = 1; i < coefficients.length; i++) {
                sum = sum.fma(this, coefficients[i]);
            }
            return sum;
        }
    }
}
