package hoag.engine.train;

import hoag.kernels.Expr;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015), as PyTorch computes it: the decay is part of the gradient (L2).
 *
 * @param amsgrad divide by the largest second moment so far (Reddi et al. 2018)
 */
public record Adam(double beta1, double beta2, double eps, double weightDecay, boolean amsgrad) implements AdamRule {
    /** Checks that every value is in its range. */
    public Adam {
        AdamRule.check("Adam", beta1, beta2, eps, weightDecay);
    }

    /** PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, no decay. */
    public Adam() {
        this(0.9, 0.999, 1e-8, 0, false);
    }

    @Override
    public List<String> slots() {
        return AdamRule.slots(amsgrad);
    }

    @Override
    public List<Expr> rule(double decay, double rateScale) {
        Expr gradient = Expr.in(1).plus(Expr.in(0).times(decay));
        return AdamRule.rule(Expr.in(0), gradient, beta1, beta2, eps, amsgrad, rateScale);
    }
}
