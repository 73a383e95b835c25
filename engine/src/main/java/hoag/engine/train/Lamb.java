package hoag.engine.train;

import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import java.util.List;

/**
 * Adam's step scaled to the norm of the weight it changes (You et al. 2020), as timm computes it: gradients are clipped to one norm first,
 * and weights without decay are not scaled unless {@code alwaysAdapt}.
 *
 * @param maxNorm largest norm of all gradients together; infinity for no clipping
 * @param alwaysAdapt scale weights without decay too
 * @param decoupled let the decay shrink the weight instead of adding to the step
 */
public record Lamb(
        double beta1,
        double beta2,
        double eps,
        double weightDecay,
        double maxNorm,
        boolean alwaysAdapt,
        boolean decoupled)
        implements AdamRule {
    /** Checks that every value is in its range. */
    public Lamb {
        AdamRule.check("LAMB", beta1, beta2, eps, weightDecay);
        if (!(maxNorm > 0)) {
            throw new ConfigException("LAMB: maxNorm " + maxNorm + " must be above 0, infinity for no clipping");
        }
    }

    /** timm's defaults: betas 0.9 and 0.999, eps 1e-6, decay 0.01, gradients clipped to norm 1. */
    public Lamb() {
        this(0.9, 0.999, 1e-6, 0.01, 1, false, false);
    }

    @Override
    public Clip clip() {
        return maxNorm == Double.POSITIVE_INFINITY ? Clip.NONE : new Clip.Norm(maxNorm, 2, 0);
    }

    @Override
    public List<String> slots() {
        return AdamRule.slots(false);
    }

    private boolean adapts(double decay) {
        return decay != 0 || alwaysAdapt;
    }

    private Expr weight(double decay, double rateScale) {
        Expr kept = Expr.of(1).minus(Expr.in(4).times(rateScale * decay));
        return decoupled ? Expr.in(0).times(kept) : Expr.in(0);
    }

    private Expr direction(double decay) {
        Expr denominator =
                AdamRule.second(beta2, Expr.in(1)).sqrt().times(Expr.in(6)).plus(eps);
        Expr adam = AdamRule.first(beta1, Expr.in(1)).times(Expr.in(5)).over(denominator);
        return decoupled ? adam : adam.plus(Expr.in(0).times(decay));
    }

    @Override
    public List<Expr> normed(double decay, double rateScale) {
        return adapts(decay) ? List.of(weight(decay, rateScale), direction(decay)) : List.of();
    }

    @Override
    public List<Expr> rule(double decay, double rateScale) {
        Expr trust =
                adapts(decay) ? Trust.or1(Expr.in(7), Expr.in(8), Expr.in(7).over(Expr.in(8))) : Expr.of(1);
        Expr step = Expr.in(4).times(rateScale).times(trust).times(direction(decay));
        return List.of(
                weight(decay, rateScale).minus(step),
                AdamRule.first(beta1, Expr.in(1)),
                AdamRule.second(beta2, Expr.in(1)));
    }
}
