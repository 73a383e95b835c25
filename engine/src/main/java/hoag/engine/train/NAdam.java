package hoag.engine.train;

import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import java.util.List;
import java.util.function.ObjDoubleConsumer;

/**
 * Adam with Nesterov's momentum (Dozat 2016), as PyTorch computes it: the momentum of step t is beta1 (1 - 0.96^(t momentumDecay) / 2), the
 * decay is part of the gradient.
 */
public record NAdam(double beta1, double beta2, double eps, double weightDecay, double momentumDecay)
        implements Optimizer {
    private static final String GRADIENT = "optimizer.gradient";
    private static final String MOMENT = "optimizer.moment";
    private static final String SECOND = "optimizer.correction2";

    /** 1 - product is 1 in float64 from here on. */
    private static final double NOTHING = 1e-20;

    /** Checks that every value is in its range. */
    public NAdam {
        AdamRule.check("NAdam", beta1, beta2, eps, weightDecay);
        if (!(momentumDecay >= 0)) {
            throw new ConfigException("NAdam: momentum decay " + momentumDecay + " must be 0 or more");
        }
    }

    /** PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, no decay, momentum decay 4e-3. */
    public NAdam() {
        this(0.9, 0.999, 1e-8, 0, 4e-3);
    }

    @Override
    public List<String> slots() {
        return AdamRule.slots(false);
    }

    @Override
    public List<String> scalars() {
        return List.of(GRADIENT, MOMENT, SECOND);
    }

    private double momentum(long step) {
        return beta1 * (1 - 0.5 * Math.pow(0.96, step * momentumDecay));
    }

    /** The product of the momenta of steps 1 to {@code step}; 0 once it no longer counts. */
    public double momentumProduct(long step) {
        double product = 1;
        for (long each = 1; each <= step; each++) {
            product *= momentum(each);
            if (product < NOTHING) {
                return 0;
            }
        }
        return product;
    }

    @Override
    public void feed(long step, ObjDoubleConsumer<String> to) {
        double product = momentumProduct(step);
        double next = momentum(step + 1);
        to.accept(GRADIENT, (1 - momentum(step)) / (1 - product));
        to.accept(MOMENT, next / (1 - product * next));
        to.accept(SECOND, 1 / Math.sqrt(1 - Math.pow(beta2, step)));
    }

    @Override
    public List<Expr> rule(double decay, double rateScale) {
        Expr gradient = Expr.in(1).plus(Expr.in(0).times(decay));
        Expr first = AdamRule.first(beta1, gradient);
        Expr second = AdamRule.second(beta2, gradient);
        Expr denominator = second.sqrt().times(Expr.in(7)).plus(eps);
        Expr direction = gradient.times(Expr.in(5)).plus(first.times(Expr.in(6)));
        Expr step = Expr.in(4).times(rateScale).times(direction).over(denominator);
        return List.of(Expr.in(0).minus(step), first, second);
    }
}
