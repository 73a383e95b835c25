package hoag.engine;

import static hoag.kernels.Expr.in;
import static hoag.kernels.Expr.of;

import hoag.kernels.ConfigException;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;

/** Normalisations without running statistics. Weights and biases are vectors along one axis, and may be null. */
public final class Norms {
    private Norms() {}

    /**
     * (x - mean) / sqrt(variance + eps) weight + bias, mean and biased variance along {@code axis} (Ba et al. 2016).
     *
     * @param weight one number for each place along the axis
     * @param bias likewise
     * @param axis counted from 0, or from the end by negative numbers
     * @param eps added to the variance
     */
    public static Tensor layer(Tensor x, Tensor weight, Tensor bias, int axis, double eps) {
        return affine(standard(x, axis, eps), weight, bias, axis);
    }

    /**
     * The same over each of {@code groups} groups of channels and all that follows, weight and bias along axis 1 (Wu and He 2018).
     *
     * @param x (n, c, ...)
     * @param weight (c)
     * @param bias (c)
     * @param eps added to the variance
     * @throws ConfigException if the groups do not divide the channels
     */
    public static Tensor group(Tensor x, Tensor weight, Tensor bias, int groups, double eps) {
        Shape s = x.shape();
        if (groups < 1 || s.rank() < 2 || s.dim(1) % groups != 0) {
            throw new ConfigException("group norm: groups " + groups + " must divide the channels of " + s);
        }
        Tensor rows = x.reshape(s.dim(0), groups, s.size() / Math.max(1, s.dim(0) * groups));
        return affine(standard(rows, 2, eps).reshape(s), weight, bias, 1);
    }

    /**
     * x / sqrt(mean x^2 + eps) weight along {@code axis} (Zhang and Sennrich 2019).
     *
     * @param weight one number for each place along the axis
     * @param axis counted from 0, or from the end by negative numbers
     * @param eps added to the mean square
     */
    public static Tensor rms(Tensor x, Tensor weight, int axis, double eps) {
        return affine(x.div(x.square().mean(axis).add(eps).sqrt()), weight, null, axis);
    }

    /**
     * Global response normalisation: x + weight x g / (mean g + eps) + bias, g the length of a channel over its plane, the mean over channels
     * (Woo et al. 2023).
     *
     * @param x (n, h, w, c) if {@code channel} is 3, (n, c, h, w) if it is 1
     * @param weight (c)
     * @param bias (c)
     * @param channel the axis of channels, 1 or 3
     * @param eps added to the mean length
     */
    public static Tensor response(Tensor x, Tensor weight, Tensor bias, int channel, double eps) {
        Tensor g = (channel == 1 ? x.square().sum(2, 3) : x.square().sum(1, 2)).sqrt();
        return x.add(affine(x.mul(g.div(g.mean(channel).add(eps))), weight, bias, channel));
    }

    /**
     * x / max(|x|, eps), |x| the Euclidean length along {@code axis}.
     *
     * @param axis counted from 0, or from the end by negative numbers
     */
    public static Tensor unit(Tensor x, int axis, double eps) {
        return x.div(length(x, axis, eps));
    }

    /** max(|x|, eps) along {@code axis}, which stays with size 1. */
    public static Tensor length(Tensor x, int axis, double eps) {
        return x.square().sum(axis).sqrt().map(in(0).max(of(eps)));
    }

    /** Mean 0 and variance 1 along an axis, by the rule of {@link BatchNorm}, which has the short gradient. */
    private static Tensor standard(Tensor x, int axis, double eps) {
        Tensor moments = x.moments(axis);
        Shape kept = x.shape().with(axis, 1);
        return BatchNorm.of(
                x,
                moments.slice(0, 0, 1).reshape(kept),
                moments.slice(0, 1, 1).reshape(kept),
                Tensor.full(Shape.SCALAR, 1),
                Tensor.full(Shape.SCALAR, 0),
                eps);
    }

    private static Tensor affine(Tensor y, Tensor weight, Tensor bias, int axis) {
        Tensor scaled = weight == null ? y : y.mul(along(weight, axis, y.shape()));
        return bias == null ? scaled : scaled.add(along(bias, axis, y.shape()));
    }

    /** A vector with ones around it, so that it broadcasts along an axis. */
    private static Tensor along(Tensor vector, int axis, Shape of) {
        int at = Op.axis(of, axis);
        if (vector.shape().size() != of.dim(at)) {
            throw new ShapeException("norm: " + vector.shape() + " does not go along axis " + at + " of " + of
                    + "; it needs " + of.dim(at) + " values");
        }
        int[] ones = new int[of.rank() - at];
        java.util.Arrays.fill(ones, 1);
        ones[0] = of.dim(at);
        return vector.reshape(ones);
    }
}
