package hoag.engine;

import static hoag.kernels.Expr.in;
import static hoag.kernels.Expr.of;

import hoag.engine.train.Losses;
import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Unary;
import java.util.List;
import java.util.stream.IntStream;

/** Products, norms, folds and losses of the golden cases as nodes. */
final class GoldenNodes {
    private GoldenNodes() {}

    static Tensor product(GoldenCase c, List<Tensor> x) {
        if (c.op().equals("linear")) {
            Tensor y = x.get(0).linear(x.get(1));
            return x.size() == 2 ? y : y.add(x.get(2));
        }
        Tensor a = x.get(0).shape().rank() == 1
                ? x.get(0).reshape(1, x.get(0).shape().dim(0))
                : x.get(0);
        Tensor b =
                x.get(1).shape().rank() == 1 ? x.get(1).reshape(x.get(1).shape().dim(0), 1) : x.get(1);
        return (c.truth("transpose_a") ? turned(a) : a).matmul(c.truth("transpose_b") ? turned(b) : b);
    }

    private static Tensor turned(Tensor x) {
        int[] order = IntStream.range(0, x.shape().rank()).toArray();
        order[order.length - 1] = order.length - 2;
        order[order.length - 2] = order.length - 1;
        return x.permute(order);
    }

    static Tensor norm(GoldenCase c, List<Tensor> x) {
        Tensor a = x.getFirst();
        Tensor weight = x.size() > 1 ? x.get(1) : null;
        Tensor bias = x.size() > 2 ? x.get(2) : null;
        double eps = c.number("eps", 0);
        return switch (c.op()) {
            case "layer_norm", "layer_norm_2d" -> Norms.layer(a, weight, bias, c.whole("axis"), eps);
            case "group_norm" -> Norms.group(a, weight, bias, c.whole("groups"), eps);
            case "rms_norm" -> Norms.rms(a, weight, c.whole("axis"), eps);
            case "grn" -> Norms.response(a, weight, bias, c.truth("channels_last") ? 3 : 1, eps);
            case "normalize" -> Norms.unit(a, c.whole("axis"), eps);
            default -> throw new AssertionError(c.op());
        };
    }

    static Tensor reduce(GoldenCase c, Tensor x) {
        return switch (c.op()) {
            case "sum" -> x.sum(c.axes());
            case "mean" -> x.mean(c.axes());
            case "amax" -> x.max(c.axes());
            case "amin" -> x.min(c.axes());
            case "prod" -> x.fold(Fold.PROD, c.axes());
            case "norm1" -> x.map(Unary.ABS).sum(c.axes());
            case "norm2" -> x.square().sum(c.axes()).sqrt();
            case "logsumexp" -> c.axes().length == 1 ? x.logSumExp(c.axes()[0]) : logSumExp(x, c.axes());
            case "var" -> variance(c, x);
            case "std" -> variance(c, x).sqrt();
            case "argmax" -> x.fold(Fold.ARGMAX, c.whole("axis"));
            case "argmin" -> x.fold(Fold.ARGMIN, c.whole("axis"));
            default -> throw new AssertionError(c.op());
        };
    }

    private static Tensor logSumExp(Tensor x, int... axes) {
        Tensor top = x.max(axes).stopGradient();
        return x.sub(top).exp().sum(axes).log().add(top);
    }

    private static Tensor variance(GoldenCase c, Tensor x) {
        Tensor moments = x.moments(c.axes());
        double n = 2.0 * x.shape().size() / moments.shape().size();
        return moments.slice(0, 1, 1).mul(n / (n - c.number("correction", 0)));
    }

    static Tensor loss(GoldenCase c, List<Tensor> x) {
        return switch (c.op()) {
            case "cross_entropy", "nll" -> crossEntropy(c, x);
            case "cosine_similarity" ->
                x.get(0)
                        .mul(x.get(1))
                        .sum(1)
                        .div(Norms.length(x.get(0), 1, c.number("eps", 0)))
                        .div(Norms.length(x.get(1), 1, c.number("eps", 0)));
            default -> reduced(c, each(c, x));
        };
    }

    /** Pixels are samples too: classes go last, and every pixel becomes a row. */
    private static Tensor crossEntropy(GoldenCase c, List<Tensor> x) {
        Tensor last = x.get(0).shape().rank() == 4 ? x.get(0).permute(0, 2, 3, 1) : x.get(0);
        Tensor logits = last.reshape(
                last.shape().size() / last.shape().dim(-1), last.shape().dim(-1));
        Tensor weights = x.size() > 2 ? x.get(2) : null;
        double smoothing = c.number("label_smoothing", 0);
        if (c.has("target") && c.text("target").equals("probabilities")) {
            return reduced(c, Losses.crossEntropySoft(logits, x.get(1), weights, smoothing));
        }
        Tensor target = x.get(1).reshape(logits.shape().dim(0));
        return c.text("reduction").equals("mean")
                ? Losses.crossEntropy(logits, target, weights, smoothing)
                : reduced(c, Losses.crossEntropyEach(logits, target, weights, smoothing));
    }

    private static Tensor reduced(GoldenCase c, Tensor y) {
        return switch (c.text("reduction")) {
            case "mean" -> y.mean();
            case "sum" -> y.sum();
            case "batchmean" -> y.sum().mul(1.0 / y.shape().dim(0));
            default -> y;
        };
    }

    private static Tensor each(GoldenCase c, List<Tensor> x) {
        Tensor a = x.get(0);
        Tensor t = x.get(1);
        return switch (c.op()) {
            case "bce_with_logits" -> x.size() == 2 ? Losses.binaryCrossEntropy(a, t) : weighted(x);
            case "bce" ->
                a.map(
                        in(1).times(in(0).log())
                                .plus(of(1).minus(in(1))
                                        .times(of(1).minus(in(0)).log()))
                                .negate(),
                        t);
            case "mse" -> Losses.squared(a, t);
            case "l1" -> Losses.absolute(a, t);
            case "smooth_l1" -> a.map(bend(c.number("beta", 1)).over(c.number("beta", 1)), t);
            case "huber" -> a.map(bend(c.number("delta", 1)), t);
            case "gaussian_nll" -> gaussian(c, x);
            case "kl_div" ->
                a.map(
                        (c.truth("log_target")
                                ? in(1).exp().times(in(1).minus(in(0)))
                                : in(1).times(in(1).log().minus(in(0)))),
                        t);
            default -> throw new AssertionError(c.op());
        };
    }

    /** weight [(1 - t) x + (1 + (positive weight - 1) t) softplus(-x)]. */
    private static Tensor weighted(List<Tensor> x) {
        Expr t = in(1);
        Expr positive = of(1).plus(in(3).minus(1).times(t)).times(in(0).negate().apply(Unary.SOFTPLUS));
        return x.get(0).map(in(2).times(of(1).minus(t).times(in(0)).plus(positive)), x.get(1), x.get(2), x.get(3));
    }

    /** d^2 / 2 below the bend, bend (|d| - bend / 2) above. */
    private static Expr bend(double at) {
        Expr d = in(0).minus(in(1));
        Expr size = d.apply(Unary.ABS);
        return Expr.where(
                size.apply(Binary.LT, of(at)),
                d.square().times(0.5),
                size.minus(at / 2).times(at));
    }

    private static Tensor gaussian(GoldenCase c, List<Tensor> x) {
        Expr spread = in(2).max(of(c.number("eps", 0)));
        Expr y = spread.log().plus(in(0).minus(in(1)).square().over(spread)).times(0.5);
        return x.get(0).map(c.truth("full") ? y.plus(0.5 * Math.log(2 * Math.PI)) : y, x.get(1), x.get(2));
    }
}
