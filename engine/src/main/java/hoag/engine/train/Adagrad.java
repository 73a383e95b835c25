package hoag.engine.train;

import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import java.util.List;
import java.util.function.ObjDoubleConsumer;

/**
 * The gradient over the root of the sum of all its squares (Duchi et al. 2011), as PyTorch computes it; the rate falls as 1 / (1 + (step - 1)
 * rateDecay).
 *
 * @param start what the sum of squares starts at
 */
public record Adagrad(double rateDecay, double eps, double weightDecay, double start) implements Optimizer {
    private static final String FALL = "optimizer.fall";

    /** Checks that every value is in its range. */
    public Adagrad {
        if (!(rateDecay >= 0 && eps > 0 && weightDecay >= 0 && start >= 0)) {
            throw new ConfigException("Adagrad: rate decay " + rateDecay + ", weight decay " + weightDecay
                    + " and start " + start + " must be 0 or more, eps " + eps + " above 0");
        }
    }

    /** PyTorch's defaults: no decays, eps 1e-10, start 0. */
    public Adagrad() {
        this(0, 1e-10, 0, 0);
    }

    @Override
    public List<String> slots() {
        return List.of("sum");
    }

    @Override
    public double start(String slot) {
        return start;
    }

    @Override
    public List<String> scalars() {
        return List.of(FALL);
    }

    @Override
    public void feed(long step, ObjDoubleConsumer<String> to) {
        to.accept(FALL, 1 / (1 + (step - 1) * rateDecay));
    }

    @Override
    public List<Expr> rule(double decay, double rateScale) {
        Expr gradient = Expr.in(1).plus(Expr.in(0).times(decay));
        Expr sum = Expr.in(2).plus(gradient.square());
        Expr rate = Expr.in(3).times(rateScale).times(Expr.in(4));
        return List.of(Expr.in(0).minus(rate.times(gradient).over(sum.sqrt().plus(eps))), sum);
    }
}
