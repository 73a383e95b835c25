package hoag.engine;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import hoag.kernels.Unary;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * An immutable node: an {@link Op}, its inputs, a shape. Making one checks the shapes and computes nothing; {@link Program#compile} turns
 * nodes into something that runs. Elements are float32; labels and indices are whole numbers, exact up to 2^24.
 */
public final class Tensor {
    private static final AtomicLong COUNT = new AtomicLong();

    private final Op op;
    private final List<Tensor> inputs;
    private final Shape shape;
    private final long order = COUNT.getAndIncrement();

    Tensor(Op op, List<Tensor> inputs) {
        this.op = op;
        this.inputs = List.copyOf(inputs);
        this.shape = op.shape(inputs.stream().map(Tensor::shape).toList());
    }

    Tensor(Leaf leaf) {
        this(leaf, List.of());
    }

    /** What computes this node. */
    public Op op() {
        return op;
    }

    /** What it computes from. */
    public List<Tensor> inputs() {
        return inputs;
    }

    /** The shape of its values. */
    public Shape shape() {
        return shape;
    }

    /** Inputs have smaller numbers than what uses them. */
    long order() {
        return order;
    }

    /** Fed by name at each run. */
    public static Tensor input(String name, Shape shape) {
        return new Tensor(new Leaf.Input(name, shape));
    }

    /**
     * Numbers that never change, row-major.
     *
     * @param values as many as the shape holds; copied
     * @throws ShapeException if there are more or fewer
     */
    public static Tensor constant(Shape shape, float... values) {
        if (values.length != shape.size()) {
            throw new ShapeException("constant " + shape + " wants " + shape.size() + " values, got " + values.length);
        }
        return new Tensor(new Leaf.Constant(shape, values.clone()));
    }

    /** A number without axes. */
    public static Tensor scalar(double value) {
        return constant(Shape.SCALAR, (float) value);
    }

    /** Zeros. */
    public static Tensor zeros(Shape shape) {
        return full(shape, 0);
    }

    /** The same number everywhere. */
    public static Tensor full(Shape shape, double value) {
        return new Tensor(new Pointwise(Expr.of(value), shape), List.of());
    }

    /** 0, 1, 2, ... (count). */
    public static Tensor range(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return new Tensor(new Leaf.Constant(Shape.of(count), values));
    }

    /** Uniform numbers in [0, 1), keyed by the run's seed and step and by {@code node}. */
    public static Tensor uniform(Shape shape, long node) {
        return new Tensor(new Random(shape, node), List.of());
    }

    // ---- pointwise

    /**
     * formula(this, others...), broadcast.
     *
     * @param formula of In(0), this, and In(1).., the others
     * @return of the shape to which all broadcast
     * @throws ShapeException if they do not broadcast
     */
    public Tensor map(Expr formula, Tensor... others) {
        Tensor[] all = new Tensor[others.length + 1];
        all[0] = this;
        System.arraycopy(others, 0, all, 1, others.length);
        return Pointwise.of(formula, List.of(all));
    }

    /** The function of every element. */
    public Tensor map(Unary function) {
        return map(Expr.in(0).apply(function));
    }

    /**
     * The function of every pair of elements; shapes broadcast as NumPy's.
     *
     * @throws ShapeException if the shapes do not broadcast
     */
    public Tensor map(Binary function, Tensor other) {
        return map(Expr.in(0).apply(function, Expr.in(1)), other);
    }

    /**
     * The sum; shapes broadcast as NumPy's.
     *
     * @throws ShapeException if they do not
     */
    public Tensor add(Tensor other) {
        return map(Binary.ADD, other);
    }

    /**
     * The difference; shapes broadcast as NumPy's.
     *
     * @throws ShapeException if they do not
     */
    public Tensor sub(Tensor other) {
        return map(Binary.SUB, other);
    }

    /**
     * The product of elements; shapes broadcast as NumPy's.
     *
     * @throws ShapeException if they do not
     */
    public Tensor mul(Tensor other) {
        return map(Binary.MUL, other);
    }

    /**
     * The quotient of elements; shapes broadcast as NumPy's.
     *
     * @throws ShapeException if they do not
     */
    public Tensor div(Tensor other) {
        return map(Binary.DIV, other);
    }

    /** Every element plus a number. */
    public Tensor add(double other) {
        return map(Expr.in(0).plus(other));
    }

    /** Every element times a number. */
    public Tensor mul(double other) {
        return other == 0 ? zeros(shape) : map(Expr.in(0).times(other));
    }

    /** Minus every element. */
    public Tensor neg() {
        return map(Unary.NEG);
    }

    /** e to the power of every element. */
    public Tensor exp() {
        return map(Unary.EXP);
    }

    /** The natural logarithm of every element. */
    public Tensor log() {
        return map(Unary.LOG);
    }

    /** The square root of every element. */
    public Tensor sqrt() {
        return map(Unary.SQRT);
    }

    /** Every element times itself. */
    public Tensor square() {
        return map(Expr.in(0).square());
    }

    /** 1 / (1 + exp(-x)) of every element. */
    public Tensor sigmoid() {
        return map(Unary.SIGMOID);
    }

    /** The hyperbolic tangent of every element. */
    public Tensor tanh() {
        return map(Unary.TANH);
    }

    /** max(x, 0), slope 0 at 0. */
    public Tensor relu() {
        return map(Activation.RELU.formula());
    }

    /** x sigmoid(x). */
    public Tensor silu() {
        return map(Activation.SILU.formula());
    }

    /** min(max(x, low), high); slope 0 at both ends and beyond, NaN stays NaN. */
    public Tensor clamp(double low, double high) {
        Expr below = Expr.where(Expr.of(high).apply(Binary.LE, Expr.in(0)), Expr.of(high), Expr.in(0));
        return map(Expr.where(Expr.in(0).apply(Binary.LE, Expr.of(low)), Expr.of(low), below));
    }

    /** 1 where equal, else 0. */
    public Tensor equal(Tensor other) {
        return map(Binary.EQ, other);
    }

    /** {@code this != 0 ? yes : no}. */
    public Tensor where(Tensor yes, Tensor no) {
        return map(Expr.where(Expr.in(0), Expr.in(1), Expr.in(2)), yes, no);
    }

    /**
     * Repeated along axes of size 1 (and new leading axes).
     *
     * @param to of at least as many axes
     * @throws ShapeException if this does not broadcast to it
     */
    public Tensor expand(Shape to) {
        if (shape.equals(to)) {
            return this;
        }
        if (!shape.broadcastsTo(to)) {
            throw new ShapeException("expand: " + shape + " does not broadcast to " + to);
        }
        return new Tensor(new Pointwise(Expr.in(0), to), List.of(this));
    }

    /**
     * The adjoint of {@link #expand}: summed over what was repeated.
     *
     * @param to a shape that broadcasts to this one
     */
    public Tensor sumTo(Shape to) {
        if (shape.equals(to)) {
            return this;
        }
        Shape padded = to.padded(shape.rank());
        int[] axes = IntStream.range(0, shape.rank())
                .filter(axis -> padded.dim(axis) == 1 && shape.dim(axis) != 1)
                .toArray();
        return (axes.length == 0 ? this : Reduce.of(Fold.SUM, this, axes)).reshape(to);
    }

    // ---- folds; without axes, over all

    /**
     * Sum over axes, which stay with size 1.
     *
     * @param axes counted from 0, or from the end by negative numbers; none: all
     */
    public Tensor sum(int... axes) {
        return Reduce.of(Fold.SUM, this, all(axes));
    }

    /**
     * The mean over the axes, kept as axes of 1; over all if none is named.
     *
     * @param axes counted from 0, or from the end by negative numbers
     */
    public Tensor mean(int... axes) {
        double count = Arrays.stream(all(axes)).mapToDouble(shape::dim).reduce(1, (a, b) -> a * b);
        return sum(axes).mul(1 / count);
    }

    /**
     * The largest over the axes, kept as axes of 1; over all if none is named.
     *
     * @param axes counted from 0, or from the end by negative numbers
     */
    public Tensor max(int... axes) {
        return Reduce.of(Fold.MAX, this, all(axes));
    }

    /**
     * The smallest over the axes, kept as axes of 1; over all if none is named.
     *
     * @param axes counted from 0, or from the end by negative numbers
     */
    public Tensor min(int... axes) {
        return Reduce.of(Fold.MIN, this, all(axes));
    }

    /**
     * Any fold; see {@link Fold}.
     *
     * @param axes counted from 0, or from the end by negative numbers; none: all; exactly one for the index of an extreme
     */
    public Tensor fold(Fold fold, int... axes) {
        return Reduce.of(fold, this, all(axes));
    }

    private int[] all(int... axes) {
        return axes.length > 0 ? axes : IntStream.range(0, shape.rank()).toArray();
    }

    /**
     * ln sum exp over one axis, which stays with size 1.
     *
     * @param axis counted from 0, or from the end by negative numbers
     */
    public Tensor logSumExp(int axis) {
        Tensor top = max(axis).stopGradient();
        return sub(top).exp().sum(axis).log().add(top);
    }

    /** x - ln sum exp(x) along the axis, without overflow. */
    public Tensor logSoftmax(int axis) {
        return sub(logSumExp(axis));
    }

    /** exp(x) / sum exp(x) along the axis, without overflow. */
    public Tensor softmax(int axis) {
        return Softmax.of(this, axis);
    }

    /**
     * (2, kept...): mean and biased variance over axes.
     *
     * @param axes counted from 0, or from the end by negative numbers
     * @return row 0 the mean, row 1 the variance, over the axes that are kept
     */
    public Tensor moments(int... axes) {
        return Moments.of(this, axes);
    }

    // ---- products, convolutions, pools

    /**
     * PyTorch's matmul for 2 and more axes: the last two multiply, the leading ones broadcast.
     *
     * @param other (..., k, n) for this (..., m, k)
     * @return (..., m, n)
     * @throws ShapeException if k differs, or the leading axes do not broadcast
     */
    public Tensor matmul(Tensor other) {
        return matmul(other, false);
    }

    /** this x other', the last two axes of {@code other} turned: (..., m, k) and (..., n, k) -> (..., m, n). */
    public Tensor matmulTransposed(Tensor other) {
        return matmul(other, true);
    }

    private Tensor matmul(Tensor other, boolean turned) {
        Shape a = shape;
        Shape b = other.shape;
        if (a.rank() < 2 || b.rank() < 2) {
            throw new ShapeException("matmul: " + a + " and " + b + " must have 2 or more axes");
        }
        Shape lead = Shape.broadcast(leading(a), leading(b));
        Tensor result = Product.of(flat(lead), false, other.flat(lead), turned);
        int[] dims = Arrays.copyOf(lead.toArray(), lead.rank() + 2);
        dims[lead.rank()] = a.dim(-2);
        dims[lead.rank() + 1] = b.dim(turned ? -2 : -1);
        return result.reshape(dims);
    }

    private static Shape leading(Shape s) {
        return Shape.of(Arrays.copyOf(s.toArray(), s.rank() - 2));
    }

    /** (batch or 1, rows, columns), with the leading axes expanded where they only partly agree. */
    private Tensor flat(Shape lead) {
        Shape mine = leading(shape);
        Tensor wide = mine.size() == 1 || mine.equals(lead)
                ? this
                : expand(Shape.of(
                        IntStream.concat(Arrays.stream(lead.toArray()), IntStream.of(shape.dim(-2), shape.dim(-1)))
                                .toArray()));
        return wide.reshape(leading(wide.shape).size(), shape.dim(-2), shape.dim(-1));
    }

    /**
     * x W' for W (out, in) over the last axis, as PyTorch's linear without bias.
     *
     * @return this shape with {@code out} as its last axis
     * @throws ShapeException if the last axis is not {@code in}
     */
    public Tensor linear(Tensor weight) {
        int in = shape.dim(-1);
        if (weight.shape.rank() != 2 || weight.shape.dim(1) != in) {
            throw new ShapeException("linear: input " + shape + " has " + in + " features, weight " + weight.shape
                    + " wants " + weight.shape.dim(-1));
        }
        Tensor rows = reshape(1, in == 0 ? 0 : shape.size() / in, in);
        Tensor y = Product.of(rows, false, weight.reshape(1, weight.shape.dim(0), in), true);
        return y.reshape(shape.with(-1, weight.shape.dim(0)));
    }

    /**
     * (n, c, h, w) with (k, c/groups, kh, kw); padding is top, left, bottom, right.
     *
     * @param filter (k, c/groups, kh, kw)
     * @param stride down, right
     * @param padding zeros at the top, left, bottom and right
     * @param dilation down, right; 1: neighbours
     * @param groups divides c and k
     * @return (n, k, oh, ow), see {@link hoag.kernels.Conv2dShape}
     * @throws ShapeException if sizes do not belong together
     */
    public Tensor conv2d(Tensor filter, int[] stride, int[] padding, int[] dilation, int groups) {
        return Conv2d.of(this, filter, stride, padding, dilation, groups);
    }

    /**
     * The adjoint of conv2d as an operation of its own: (n, k, h, w) with (k, c/groups, kh, kw); padding is top, left, bottom, right of the
     * result. {@code extra} rows and columns are added at its bottom and right, where the stride leaves the size open.
     *
     * @param filter (k, c/groups, kh, kw), k the channels of this
     * @param stride down, right
     * @param padding cut off the result at the top, left, bottom and right
     * @param extra rows, columns
     * @param dilation down, right
     * @param groups divides c and k
     * @return (n, c, oh, ow)
     * @throws ShapeException if sizes do not belong together
     */
    public Tensor convTranspose2d(Tensor filter, int[] stride, int[] padding, int[] extra, int[] dilation, int groups) {
        return Conv2d.transposed(this, filter, stride, padding, extra, dilation, groups);
    }

    /**
     * Pools windows of the last two axes.
     *
     * @param kernel height, width of a window
     * @param stride down, right
     * @param padding top, left, bottom, right
     * @param dilation down, right; 1: neighbours
     * @return (n, c, oh, ow) of this (n, c, h, w)
     */
    public Tensor pool(PoolMode mode, int[] kernel, int[] stride, int[] padding, int[] dilation) {
        return Pool.of(this, mode, kernel, stride, padding, dilation);
    }

    // ---- moves

    /**
     * The same elements under another shape.
     *
     * @param dims whose product is the number of elements
     * @throws ShapeException if it is not
     */
    public Tensor reshape(int... dims) {
        return reshape(Shape.of(dims));
    }

    /** The same elements under another shape. */
    public Tensor reshape(Shape to) {
        return to.equals(shape) ? this : new Tensor(new Reshape(to), List.of(this));
    }

    /**
     * Result axis i is axis order[i].
     *
     * @param order each axis once
     */
    public Tensor permute(int... order) {
        return Move.of(this, new Mover.Permute(Arrays.stream(order).boxed().toList()));
    }

    /**
     * {@code size} elements from {@code start} along an axis.
     *
     * @param axis counted from 0, or from the end by negative numbers
     */
    public Tensor slice(int axis, int start, int size) {
        return slice(axis, start, 1, size);
    }

    /**
     * Every {@code step}-th of an axis, from {@code start}.
     *
     * @param axis counted from 0, or from the end by negative numbers
     * @param step negative: backwards
     * @param size how many are taken
     */
    public Tensor slice(int axis, int start, int step, int size) {
        int counted = Op.axis(shape, axis);
        return start == 0 && step == 1 && size == shape.dim(counted)
                ? this
                : Move.of(this, new Mover.Slice(counted, start, step, size));
    }

    /**
     * Zeros before and after along an axis.
     *
     * @param axis counted from 0, or from the end by negative numbers
     */
    public Tensor pad(int axis, int before, int after) {
        int counted = Op.axis(shape, axis);
        return before == 0 && after == 0
                ? this
                : Move.of(this, new Mover.Place(counted, before, 1, shape.dim(counted) + before + after));
    }

    /**
     * An axis from its end.
     *
     * @param axis counted from 0, or from the end by negative numbers
     */
    public Tensor flip(int axis) {
        int counted = Op.axis(shape, axis);
        return Move.of(this, new Mover.Slice(counted, shape.dim(counted) - 1, -1, shape.dim(counted)));
    }

    /**
     * Tensors behind one another along an axis.
     *
     * @param axis counted from 0, or from the end by negative numbers
     * @param parts alike but for that axis
     * @throws ShapeException if they are not
     */
    public static Tensor concat(int axis, Tensor... parts) {
        return Concat.of(axis, List.of(parts));
    }

    /**
     * Rows of this (rows, width) by index (count).
     *
     * @param indices whole numbers 0..rows - 1
     * @return (count, width)
     */
    public Tensor gather(Tensor indices) {
        return Gather.of(this, indices);
    }

    /** The same value; no gradient flows through. */
    public Tensor stopGradient() {
        return new Tensor(new StopGradient(), List.of(this));
    }

    /**
     * Compiles and runs up to this node on the CPU: for tests and for a shell. The node must not depend on inputs.
     *
     * @return row-major
     */
    public float[] values() {
        return Program.evaluate(this);
    }

    @Override
    public String toString() {
        return op + " " + shape;
    }
}
