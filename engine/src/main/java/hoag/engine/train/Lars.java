package hoag.engine.train;

import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import java.util.List;
import java.util.function.ObjDoubleConsumer;

/**
 * SGD with a rate for each weight in proportion to its norm over its gradient's (You et al. 2017), as timm computes it: weights without
 * decay are not scaled unless {@code alwaysAdapt}.
 *
 * @param sgd the rule whose gradient is scaled, and the decay
 * @param trust factor of the ratio
 * @param alwaysAdapt scale weights without decay too
 */
public record Lars(Sgd sgd, double trust, double eps, boolean alwaysAdapt) implements Optimizer {
    /** Checks that every value is in its range. */
    public Lars {
        if (!(trust > 0 && eps >= 0)) {
            throw new ConfigException("LARS: trust " + trust + " must be above 0, eps " + eps + " 0 or more");
        }
    }

    /** timm's defaults: trust 0.001, eps 1e-8. */
    public Lars(Sgd sgd) {
        this(sgd, 1e-3, 1e-8, false);
    }

    @Override
    public double weightDecay() {
        return sgd.weightDecay();
    }

    @Override
    public List<String> slots() {
        return sgd.slots();
    }

    @Override
    public List<String> scalars() {
        return sgd.scalars();
    }

    @Override
    public void feed(long step, ObjDoubleConsumer<String> to) {
        sgd.feed(step, to);
    }

    private boolean adapts(double decay) {
        return decay != 0 || alwaysAdapt;
    }

    @Override
    public List<Expr> normed(double decay, double rateScale) {
        return adapts(decay) ? List.of(Expr.in(0), Expr.in(1)) : List.of();
    }

    @Override
    public List<Expr> rule(double decay, double rateScale) {
        int norms = sgd.momentum() == 0 ? 3 : 5;
        Expr weight = Expr.in(norms);
        Expr gradient = Expr.in(norms + 1);
        Expr ratio = weight.times(trust).over(gradient.plus(weight.times(decay)).plus(eps));
        Expr decayed = Expr.in(1).plus(Expr.in(0).times(decay));
        Expr scaled = adapts(decay) ? decayed.times(Trust.or1(weight, gradient, ratio)) : decayed;
        return sgd.rule(0, rateScale).stream()
                .map(formula -> formula.substitute(i -> i == 1 ? scaled : Expr.in(i)))
                .toList();
    }
}
