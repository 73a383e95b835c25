package hoag.engine.train;

import hoag.kernels.Expr;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), as PyTorch computes it.
 *
 * @param amsgrad divide by the largest second moment so far (Reddi et al. 2018)
 */
public record AdamW(double beta1, double beta2, double eps, double weightDecay, boolean amsgrad) implements AdamRule {
    /** Checks that every value is in its range. */
    public AdamW {
        AdamRule.check("AdamW", beta1, beta2, eps, weightDecay);
    }

    /** Without the largest second moment of AMSGrad. */
    public AdamW(double beta1, double beta2, double eps, double weightDecay) {
        this(beta1, beta2, eps, weightDecay, false);
    }

    /** PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, weight decay 0.01. */
    public AdamW() {
        this(0.9, 0.999, 1e-8, 0.01);
    }

    @Override
    public List<String> slots() {
        return AdamRule.slots(amsgrad);
    }

    @Override
    public List<Expr> rule(double decay, double rateScale) {
        Expr rate = Expr.in(amsgrad ? 5 : 4).times(rateScale);
        Expr decayed = Expr.in(0).times(Expr.of(1).minus(rate.times(decay)));
        return AdamRule.rule(decayed, Expr.in(1), beta1, beta2, eps, amsgrad, rateScale);
    }
}
