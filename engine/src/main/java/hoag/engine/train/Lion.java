package hoag.engine.train;

import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import hoag.kernels.Unary;
import java.util.List;

/** The sign of an average gradient (Chen et al. 2023), with decoupled decay, as timm computes it. */
public record Lion(double beta1, double beta2, double weightDecay) implements Optimizer {
    /** Checks that every value is in its range. */
    public Lion {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && weightDecay >= 0)) {
            throw new ConfigException("Lion: beta1 " + beta1 + " and beta2 " + beta2
                    + " must be in 0 <= beta < 1, weight decay " + weightDecay + " 0 or more");
        }
    }

    /** timm's defaults: betas 0.9 and 0.99, no decay. */
    public Lion() {
        this(0.9, 0.99, 0);
    }

    @Override
    public List<String> slots() {
        return List.of("exp_avg");
    }

    @Override
    public List<Expr> rule(double decay, double rateScale) {
        Expr gradient = Expr.in(1);
        Expr rate = Expr.in(3).times(rateScale);
        Expr direction = Expr.in(2).times(beta1).plus(gradient.times(1 - beta1)).apply(Unary.SIGN);
        Expr decayed = Expr.in(0).times(Expr.of(1).minus(rate.times(decay)));
        return List.of(
                decayed.minus(rate.times(direction)), Expr.in(2).times(beta2).plus(gradient.times(1 - beta2)));
    }
}
