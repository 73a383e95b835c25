package hoag.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A pointwise formula as data: written once, differentiated symbolically, evaluated by {@link #evaluate} (the oracle), and emitted as
 * bytecode or PTX by the backends. Build formulas with the methods here; they simplify what is plain (x + 0, 1 * x, constants).
 */
public sealed interface Expr {
    /** The element of operand {@code index} at this place, broadcast where the operand is smaller. */
    record In(int index) implements Expr {
        @Override
        public String toString() {
            return ExprText.of(this);
        }
    }

    /** A number. */
    record Const(double value) implements Expr {
        @Override
        public String toString() {
            return ExprText.of(this);
        }
    }

    /** A function of one formula. */
    record Apply1(Unary op, Expr x) implements Expr {
        @Override
        public String toString() {
            return ExprText.of(this);
        }
    }

    /** A function of two formulas. */
    record Apply2(Binary op, Expr a, Expr b) implements Expr {
        @Override
        public String toString() {
            return ExprText.of(this);
        }
    }

    /** {@code condition != 0 ? yes : no}; a NaN condition counts as true. */
    record Where(Expr condition, Expr yes, Expr no) implements Expr {
        @Override
        public String toString() {
            return ExprText.of(this);
        }
    }

    /** Operand {@code index} of the kernel. */
    static Expr in(int index) {
        return new In(index);
    }

    /** A number as a formula. */
    static Expr of(double value) {
        return new Const(value);
    }

    /** {@code yes} where the condition is not 0, else {@code no}. */
    static Expr where(Expr condition, Expr yes, Expr no) {
        if (yes.equals(no)) {
            return yes;
        }
        return condition instanceof Const(double value) ? (value != 0 ? yes : no) : new Where(condition, yes, no);
    }

    /** The function of this. */
    default Expr apply(Unary op) {
        return this instanceof Const(double value) ? of(op.evaluate(value)) : new Apply1(op, this);
    }

    /** The function of this and another. */
    default Expr apply(Binary op, Expr other) {
        return this instanceof Const(double a) && other instanceof Const(double b)
                ? of(op.evaluate(a, b))
                : new Apply2(op, this, other);
    }

    /** Whether this is the number. */
    default boolean is(double value) {
        return this instanceof Const(double mine) && mine == value;
    }

    /** The sum. */
    default Expr plus(Expr other) {
        return is(0) ? other : other.is(0) ? this : apply(Binary.ADD, other);
    }

    /** The difference. */
    default Expr minus(Expr other) {
        return other.is(0) ? this : is(0) ? other.negate() : apply(Binary.SUB, other);
    }

    /** The product. */
    default Expr times(Expr other) {
        if (is(0) || other.is(0)) {
            return of(0);
        }
        if (is(-1) || other.is(-1)) {
            return (is(-1) ? other : this).negate();
        }
        return is(1) ? other : other.is(1) ? this : apply(Binary.MUL, other);
    }

    /** The quotient. */
    default Expr over(Expr other) {
        return is(0) || other.is(1) ? this : apply(Binary.DIV, other);
    }

    /** The sum with a number. */
    default Expr plus(double other) {
        return plus(of(other));
    }

    /** The difference to a number. */
    default Expr minus(double other) {
        return minus(of(other));
    }

    /** The product with a number. */
    default Expr times(double other) {
        return times(of(other));
    }

    /** The quotient by a number. */
    default Expr over(double other) {
        return over(of(other));
    }

    /** Minus this. */
    default Expr negate() {
        return this instanceof Apply1(Unary op, Expr x) && op == Unary.NEG ? x : apply(Unary.NEG);
    }

    /** e to the power of this. */
    default Expr exp() {
        return apply(Unary.EXP);
    }

    /** The natural logarithm. */
    default Expr log() {
        return apply(Unary.LOG);
    }

    /** The square root. */
    default Expr sqrt() {
        return apply(Unary.SQRT);
    }

    /** 1 / (1 + exp(-this)). */
    default Expr sigmoid() {
        return apply(Unary.SIGMOID);
    }

    /** This times this. */
    default Expr square() {
        return times(this);
    }

    /** The larger of two. */
    default Expr max(Expr other) {
        return apply(Binary.MAX, other);
    }

    /** The smaller of two. */
    default Expr min(Expr other) {
        return apply(Binary.MIN, other);
    }

    /** d this / d operand {@code index}; zero at kinks on the flat side, shared equally at ties of MAX and MIN. */
    default Expr derivative(int index) {
        return switch (this) {
            case In in -> of(in.index == index ? 1 : 0);
            case Const ignored -> of(0);
            case Apply1(Unary op, Expr x) -> chain(x.derivative(index), () -> op.derivative(x, this));
            case Apply2(Binary op, Expr a, Expr b) -> {
                Expr left = chain(a.derivative(index), () -> op.derivativeA(a, b, this));
                Expr right = chain(b.derivative(index), () -> op.derivativeB(a, b, this));
                yield left.plus(right);
            }
            case Where(Expr condition, Expr yes, Expr no) ->
                where(condition, yes.derivative(index), no.derivative(index));
        };
    }

    private static Expr chain(Expr inner, java.util.function.Supplier<Expr> outer) {
        return inner.is(0) ? inner : inner.times(outer.get());
    }

    /** The formula with every operand replaced, for fusing one formula into another. */
    default Expr substitute(IntFunction<Expr> operand) {
        return switch (this) {
            case In in -> operand.apply(in.index);
            case Const ignored -> this;
            case Apply1(Unary op, Expr x) -> {
                Expr inner = x.substitute(operand);
                yield op == Unary.NEG ? inner.negate() : inner.apply(op);
            }
            case Apply2(Binary op, Expr a, Expr b) -> op.simplified(a.substitute(operand), b.substitute(operand));
            case Where(Expr condition, Expr yes, Expr no) ->
                where(condition.substitute(operand), yes.substitute(operand), no.substitute(operand));
        };
    }

    /** The formulas that this one is made of. */
    default List<Expr> children() {
        return switch (this) {
            case In ignored -> List.of();
            case Const ignored -> List.of();
            case Apply1(Unary ignored, Expr x) -> List.of(x);
            case Apply2(Binary ignored, Expr a, Expr b) -> List.of(a, b);
            case Where(Expr condition, Expr yes, Expr no) -> List.of(condition, yes, no);
        };
    }

    /** Every distinct sub-formula, operands before what uses them; equal ones appear once. */
    default List<Expr> inOrder() {
        var seen = new java.util.LinkedHashSet<Expr>();
        collect(seen);
        return new ArrayList<>(seen);
    }

    private void collect(java.util.LinkedHashSet<Expr> seen) {
        if (!seen.contains(this)) {
            children().forEach(child -> child.collect(seen));
            seen.add(this);
        }
    }

    /** The value at one place in float64; {@code operand} gives the operands' elements. */
    default double evaluate(java.util.function.IntToDoubleFunction operand) {
        return switch (this) {
            case In in -> operand.applyAsDouble(in.index);
            case Const constant -> constant.value;
            case Apply1(Unary op, Expr x) -> op.evaluate(x.evaluate(operand));
            case Apply2(Binary op, Expr a, Expr b) -> op.evaluate(a.evaluate(operand), b.evaluate(operand));
            case Where(Expr condition, Expr yes, Expr no) ->
                (condition.evaluate(operand) != 0 ? yes : no).evaluate(operand);
        };
    }
}
