package hoag.engine;

import hoag.engine.nn.Init;
import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.Shape;
import hoag.kernels.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A random chain of operations on random variables, small enough for differences in float64. */
final class RandomGraph {
    /** The name of what is fed: the values of the first variable. */
    static final String FED = "fed";

    private static final int LARGEST = 3000;
    private static final List<Activation> SMOOTH =
            List.of(Activation.SIGMOID, Activation.TANH, Activation.SILU, Activation.GELU);
    private static final List<Activation> ANY =
            List.of(Activation.SIGMOID, Activation.RELU, Activation.RELU6, Activation.SILU, Activation.GELU);

    private final Draw draw;
    private final boolean smooth;
    private final Init init = new Init(5);
    final List<Variable> variables = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    final Tensor result;

    /** @param smooth without kinks, so that differences are near slopes */
    RandomGraph(Draw draw, boolean smooth) {
        this(draw, smooth, false);
    }

    /** @param fed the first operand is fed, so that what follows is computed at each run */
    RandomGraph(Draw draw, boolean smooth, boolean fed) {
        this.draw = draw;
        this.smooth = smooth;
        Tensor y = variable(shape());
        if (fed) {
            y = Tensor.input(FED, y.shape());
        }
        for (int left = draw.between(1, 5); left > 0; left--) {
            Tensor next = operation(y);
            y = next.shape().size() > 0 && next.shape().size() <= LARGEST ? next : y;
        }
        result = y;
    }

    /** One number: the results by fixed weights. */
    Tensor loss() {
        float[] weights = new float[result.shape().size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) Math.cos(1 + i);
        }
        return result.mul(Tensor.constant(result.shape(), weights)).sum().reshape(Shape.SCALAR);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** Multiples of 1/256, so that small steps from them are exact. */
    private Tensor variable(Shape shape) {
        Variable variable = init.normal("v" + variables.size(), shape, 1);
        float[] values = variable.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(values[i] * 256) / 256f;
        }
        variables.add(variable.set(values));
        text.append(" v").append(shape);
        return variable.tensor();
    }

    private int size() {
        return draw.below(6) == 5 ? draw.between(15, 19) : draw.between(1, 7);
    }

    private Shape shape() {
        int[] dims = new int[draw.below(3) == 0 ? draw.between(1, 3) : 4];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = size();
        }
        Shape shape = Shape.of(dims);
        return shape.size() <= LARGEST ? shape : shape.with(0, 1).with(-1, 2);
    }

    private int axis(Tensor y) {
        return draw.below(y.shape().rank());
    }

    private Tensor operation(Tensor y) {
        if (y.shape().rank() == 0) {
            return y.reshape(1);
        }
        return switch (draw.below(18)) {
            case 0 -> said("activation", draw.of(smooth ? SMOOTH : ANY).of(y));
            case 1 -> said("binary", binary(y));
            case 2 -> said("reduce", reduce(y));
            case 3 -> said("permute", permute(y));
            case 4 -> said("slice", slice(y));
            case 5 -> said("pad", y.pad(axis(y), draw.below(3), draw.below(3)));
            case 6 -> said("concat", concat(y));
            case 7 -> said("matmul", matmul(y));
            case 8 -> said("conv", conv(image(y)));
            case 9 -> said("pool", pool(image(y)));
            case 10 -> said("softmax", draw.flip() ? y.softmax(axis(y)) : y.logSoftmax(axis(y)));
            case 11 ->
                said(
                        "reshape",
                        y.reshape(y.shape().dim(0), y.shape().size() / y.shape().dim(0)));
            case 12 -> said("dropout", dropout(y));
            case 13 -> said("batch norm", batchNorm(image(y)));
            case 14 -> said("attention", attention(y));
            case 15 -> said("layer norm", layerNorm(y));
            case 16 -> said("bottleneck", bottleneck(image(y)));
            default -> said("reused", y.mul(0.5).add(y.square().mul(0.25)));
        };
    }

    private Tensor said(String what, Tensor result) {
        text.append(' ').append(what).append(result.shape());
        return result;
    }

    /** Another variable that y's shape or a part of it broadcasts with. */
    private Tensor binary(Tensor y) {
        int[] dims = y.shape().toArray();
        int from = draw.below(dims.length + 1);
        int[] own = java.util.Arrays.copyOfRange(dims, from, dims.length);
        for (int i = 0; i < own.length; i++) {
            own[i] = draw.flip() ? 1 : own[i];
        }
        Tensor other = variable(Shape.of(own));
        return switch (draw.below(smooth ? 4 : 6)) {
            case 0 -> y.add(other);
            case 1 -> y.mul(other);
            case 2 -> other.sub(y);
            case 3 -> y.div(other.square().add(1));
            case 4 -> y.map(Binary.MAX, other);
            default -> y.map(Expr.where(Expr.in(0).apply(Binary.LT, Expr.in(1)), Expr.in(1), Expr.in(0)), other);
        };
    }

    private Tensor reduce(Tensor y) {
        int[] axes =
                IntStream.range(0, y.shape().rank()).filter(axis -> draw.flip()).toArray();
        return switch (draw.below(smooth ? 2 : 4)) {
            case 0 -> y.sum(axes);
            case 1 -> y.mean(axes);
            case 2 -> y.fold(Fold.MAX, axes);
            default -> y.fold(Fold.MIN, axes);
        };
    }

    private Tensor permute(Tensor y) {
        List<Integer> left =
                new ArrayList<>(IntStream.range(0, y.shape().rank()).boxed().toList());
        int[] order = new int[left.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = left.remove(draw.below(left.size()));
        }
        return y.permute(order);
    }

    private Tensor slice(Tensor y) {
        int axis = axis(y);
        int size = y.shape().dim(axis);
        int count = draw.between(1, size);
        int step = count == 1 ? 1 : draw.between(1, Math.max(1, (size - 1) / (count - 1)));
        int first = draw.below(size - (count - 1) * step);
        boolean back = draw.flip();
        return y.slice(axis, back ? first + (count - 1) * step : first, back ? -step : step, count);
    }

    private Tensor concat(Tensor y) {
        int axis = axis(y);
        Tensor other = variable(y.shape().with(axis, draw.between(1, 4)));
        return draw.flip() ? Tensor.concat(axis, other, y) : Tensor.concat(axis, y, other, y);
    }

    private Tensor matmul(Tensor y) {
        Tensor rows = y.shape().rank() < 2 ? y.reshape(1, y.shape().size()) : y;
        int k = rows.shape().dim(-1);
        int n = size();
        return draw.flip()
                ? rows.matmulTransposed(variable(Shape.of(n, k))).mul(0.5)
                : rows.matmul(variable(Shape.of(k, n))).mul(0.5);
    }

    /** With four axes. */
    private static Tensor image(Tensor y) {
        return y.shape().rank() > 4
                ? y.reshape(1, 1, 1, y.shape().size())
                : y.reshape(y.shape().padded(4));
    }

    private Tensor conv(Tensor y) {
        int c = y.shape().dim(1);
        int groups = draw.of(
                IntStream.rangeClosed(1, c).filter(g -> c % g == 0).boxed().toList());
        int k = groups * draw.between(1, groups > 4 ? 1 : 5);
        int[] dilation = {draw.between(1, 2), draw.between(1, 2)};
        int[] padding = {draw.below(3), draw.below(3), draw.below(3), draw.below(3)};
        int kh = kernel(y.shape().dim(2) + padding[0] + padding[2], dilation[0]);
        int kw = kernel(y.shape().dim(3) + padding[1] + padding[3], dilation[1]);
        Tensor filter = variable(Shape.of(k, c / groups, kh, kw));
        return y.conv2d(filter, new int[] {draw.between(1, 3), draw.between(1, 3)}, padding, dilation, groups)
                .mul(0.5);
    }

    private int kernel(int room, int dilation) {
        return draw.between(1, Math.min(5, (room - 1) / dilation + 1));
    }

    private Tensor pool(Tensor y) {
        PoolMode mode = draw.of(
                smooth
                        ? List.of(PoolMode.AVERAGE, PoolMode.AVERAGE_WITH_PADDING)
                        : List.of(PoolMode.AVERAGE, PoolMode.MAX, PoolMode.AVERAGE_WITH_PADDING));
        int kh = draw.between(1, Math.min(4, y.shape().dim(2)));
        int kw = draw.between(1, Math.min(4, y.shape().dim(3)));
        int[] padding = {draw.below(kh), draw.below(kw), draw.below(kh), draw.below(kw)};
        return y.pool(
                mode, new int[] {kh, kw}, new int[] {draw.between(1, 3), draw.between(1, 3)}, padding, new int[] {1, 1
                });
    }

    private Tensor dropout(Tensor y) {
        Tensor chance = Tensor.uniform(y.shape(), variables.size());
        return y.map(
                Expr.where(
                        Expr.in(1).apply(Binary.LT, Expr.of(0.25)),
                        Expr.of(0),
                        Expr.in(0).times(4 / 3.0)),
                chance);
    }

    private Tensor batchNorm(Tensor y) {
        int c = y.shape().dim(1);
        Shape channel = Shape.of(1, c, 1, 1);
        Tensor moments = y.moments(0, 2, 3);
        return BatchNorm.of(
                y,
                moments.slice(0, 0, 1).reshape(channel),
                moments.slice(0, 1, 1).reshape(channel),
                variable(channel),
                variable(channel),
                0.5);
    }

    /** As transformers have it, or cut and seen in ways that they have not. */
    private Tensor attention(Tensor y) {
        Tensor rows = y.reshape(y.shape().dim(0), y.shape().size() / y.shape().dim(0));
        int most = smooth ? 8 : 40; // differences run the graph four times for each variable
        Tensor some = rows.shape().dim(0) > most ? rows.slice(0, 0, most) : rows;
        int n = some.shape().dim(0) % 2 == 0 && draw.flip() ? 2 : 1;
        int heads = draw.between(1, 3);
        int width = size();
        Tensor qkv = some.matmul(variable(Shape.of(some.shape().dim(1), 3 * heads * width)))
                .mul(1 / Math.sqrt(some.shape().dim(1)))
                .reshape(n, some.shape().dim(0) / n, 3 * heads * width);
        List<Tensor> parts = draw.flip() ? Attention.splitHeadFirst(qkv, heads) : Attention.split(qkv, heads);
        Tensor scores = parts.get(0).matmulTransposed(parts.get(1)).mul(0.5);
        Tensor said = mixed(draw.flip() ? biased(scores) : scores, parts.get(2));
        return switch (draw.below(3)) {
            case 0 -> Attention.join(said);
            case 1 -> said;
            default ->
                said.reshape(said.shape().dim(0), said.shape().dim(2), heads, width)
                        .permute(0, 2, 1, 3);
        };
    }

    /** Scores (n, heads, queries, keys) plus a bias that any of the axes may lack. */
    private Tensor biased(Tensor scores) {
        Shape s = scores.shape();
        if (draw.below(4) == 0 && s.dim(2) % 2 == 0) {
            Tensor halves = scores.reshape(s.size() / s.dim(3) / 2, 2, s.dim(3));
            return halves.add(variable(Shape.of(2, s.dim(3)))).softmax(-1).reshape(s);
        }
        int[] dims = s.toArray();
        for (int i = 0; i < dims.length; i++) {
            dims[i] = draw.below(3) == 0 ? 1 : dims[i];
        }
        return scores.add(variable(Shape.of(dims)));
    }

    private Tensor mixed(Tensor scores, Tensor v) {
        Shape s = scores.shape();
        int all = s.size() / s.dim(-1);
        return switch (draw.below(6)) {
            case 0 ->
                scores.reshape(s.dim(0), s.size() / s.dim(0))
                        .softmax(-1)
                        .reshape(s)
                        .matmul(v);
            case 1 -> scores.softmax(-2).matmul(v);
            case 2 -> {
                Tensor one = v.slice(0, 0, 1)
                        .slice(1, 0, 1)
                        .reshape(1, v.shape().dim(2), v.shape().dim(3));
                yield scores.softmax(-1)
                        .reshape(1, all, s.dim(-1))
                        .matmul(one)
                        .reshape(s.dim(0), s.dim(1), s.dim(2), v.shape().dim(3));
            }
            default -> scores.softmax(-1).matmul(v);
        };
    }

    private Tensor layerNorm(Tensor y) {
        int axis = axis(y);
        Shape along = Shape.of(y.shape().dim(axis));
        Tensor weight = draw.flip() ? variable(along) : null;
        Tensor bias = draw.flip() ? variable(along) : null;
        return draw.below(4) == 0 ? crossed(y, axis) : Norms.layer(y, weight, bias, axis, 0.5);
    }

    /** By the mean and deviation of another row where there is a square, or by deviations that were summed. */
    private Tensor crossed(Tensor y, int axis) {
        Shape one = y.shape().with(axis, 1);
        Tensor moments = y.moments(axis);
        Tensor mean = moments.slice(0, 0, 1).reshape(one);
        Tensor scale = moments.slice(0, 1, 1)
                .reshape(one)
                .map(Expr.of(1).over(Expr.in(0).plus(0.5).apply(Unary.SQRT)));
        if (draw.flip()) {
            return y.sub(mean).mul(scale.sum((axis + 1) % y.shape().rank()).mul(0.5));
        }
        int[] dims = y.shape().toArray();
        int other = (axis + 1) % dims.length;
        Shape turned = dims[axis] == dims[other] ? y.shape().with(other, 1) : one;
        return y.sub(mean.reshape(turned)).mul(scale.reshape(turned));
    }

    /** Expansion, depthwise convolution, gate: what becomes one launch. */
    private Tensor bottleneck(Tensor y) {
        int c = y.shape().dim(1);
        int k = draw.between(1, Math.clamp(LARGEST / Math.max(1, y.shape().size() / c), 1, smooth ? 4 : 20));
        int stride = draw.between(1, 2);
        int[] none = new int[4];
        Tensor wide = y.conv2d(variable(Shape.of(k, c, 1, 1)), new int[] {1, 1}, none, new int[] {1, 1}, 1)
                .silu();
        Tensor deep = wide.conv2d(
                variable(Shape.of(k, 1, 3, 3)),
                new int[] {stride, stride},
                new int[] {1, 1, 1, 1},
                new int[] {1, 1},
                k);
        Tensor active = draw.flip() ? deep.silu() : deep;
        return active.mul(active.mean(2, 3).sigmoid());
    }
}
