package hoag.engine.train;

import hoag.engine.Tensor;
import hoag.kernels.Binary;
import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import hoag.kernels.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/** How gradients are kept from being too large, as nodes: nothing is decided outside the program. */
public sealed interface Clip {
    /** Gradients as they are. */
    Clip NONE = new None();

    /** The gradients after clipping, in the order of the weights. */
    List<Tensor> apply(List<Tensor> weights, List<Tensor> gradients);

    /** As they are. */
    record None() implements Clip {
        @Override
        public List<Tensor> apply(List<Tensor> weights, List<Tensor> gradients) {
            return gradients;
        }
    }

    /**
     * All gradients times min(1, max / (norm + eps)), norm that of all of them together (PyTorch's clip_grad_norm_).
     *
     * @param order 2, or infinity for the largest entry
     */
    record Norm(double max, double order, double eps) implements Clip {
        /** Checks that every value is in its range. */
        public Norm {
            if (!(max > 0 && eps >= 0) || order != 2 && order != Double.POSITIVE_INFINITY) {
                throw new ConfigException("clipping by norm: max " + max + " must be above 0, eps " + eps
                        + " 0 or more, order " + order + " 2 or infinity");
            }
        }

        /** The L2 norm and PyTorch's eps of 1e-6. */
        public Norm(double max) {
            this(max, 2, 1e-6);
        }

        @Override
        public List<Tensor> apply(List<Tensor> weights, List<Tensor> gradients) {
            Expr factor = Expr.of(1).min(Expr.of(max).over(Expr.in(0).plus(eps)));
            Tensor shared = norm(gradients, order).map(factor);
            return gradients.stream().map(gradient -> gradient.mul(shared)).toList();
        }
    }

    /** Each entry cut to -max .. max (PyTorch's clip_grad_value_). */
    record Value(double max) implements Clip {
        /** Checks that every value is in its range. */
        public Value {
            if (!(max > 0)) {
                throw new ConfigException("clipping by value: max " + max + " must be above 0");
            }
        }

        @Override
        public List<Tensor> apply(List<Tensor> weights, List<Tensor> gradients) {
            Expr cut = Expr.in(0).max(Expr.of(-max)).min(Expr.of(max));
            return gradients.stream().map(gradient -> gradient.map(cut)).toList();
        }
    }

    /**
     * Each unit's gradient (an output channel of a filter, a row of a matrix, a whole vector) to at most {@code factor} times the norm of
     * the unit's weights, which counts as {@code eps} at least (Brock et al. 2021, as timm's adaptive_clip_grad).
     */
    record Adaptive(double factor, double eps) implements Clip {
        /** Checks that every value is in its range. */
        public Adaptive {
            if (!(factor > 0 && eps > 0)) {
                throw new ConfigException(
                        "adaptive clipping: factor " + factor + " and eps " + eps + " must be above 0");
            }
        }

        /** timm's defaults: factor 0.01, eps 1e-3. */
        public Adaptive() {
            this(0.01, 1e-3);
        }

        @Override
        public List<Tensor> apply(List<Tensor> weights, List<Tensor> gradients) {
            List<Tensor> clipped = new ArrayList<>();
            for (int i = 0; i < weights.size(); i++) {
                clipped.add(clipped(weights.get(i), gradients.get(i)));
            }
            return clipped;
        }

        private Tensor clipped(Tensor weight, Tensor gradient) {
            Expr limit = Expr.in(1).max(Expr.of(eps)).times(factor);
            Expr shorter = Expr.in(0).times(limit.over(Expr.in(2).max(Expr.of(1e-6))));
            Expr kept = Expr.where(Expr.in(2).apply(Binary.LT, limit), Expr.in(0), shorter);
            return gradient.map(kept, unit(weight), unit(gradient));
        }

        private static Tensor unit(Tensor x) {
            int rank = x.shape().rank();
            int[] axes = rank <= 1 ? new int[0] : IntStream.range(1, rank).toArray();
            return x.square().sum(axes).sqrt();
        }
    }

    /** The norm of all gradients together, scalar; of order 2 or infinity. */
    static Tensor norm(List<Tensor> gradients, double order) {
        return order == 2
                ? folded(gradients.stream().map(g -> g.square().sum()).toList(), Tensor::add)
                        .sqrt()
                : folded(gradients.stream().map(g -> g.map(Unary.ABS).max()).toList(), (a, b) -> a.map(Binary.MAX, b));
    }

    private static Tensor folded(List<Tensor> each, BinaryOperator<Tensor> fold) {
        return each.stream().map(one -> one.reshape(Shape.SCALAR)).reduce(fold).orElse(Tensor.scalar(0));
    }
}
