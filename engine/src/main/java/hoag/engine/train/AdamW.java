package hoag.engine.train;

import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import java.util.List;
import java.util.function.ObjDoubleConsumer;

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019), as PyTorch computes it. */
public record AdamW(double beta1, double beta2, double eps, double weightDecay) implements Optimizer {
    private static final String FIRST = "optimizer.correction1";
    private static final String SECOND = "optimizer.correction2";

    public AdamW {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && eps > 0 && weightDecay >= 0)) {
            throw new ConfigException("AdamW: beta1 " + beta1 + " and beta2 " + beta2
                    + " must be in 0 <= beta < 1, eps " + eps + " above 0, weight decay " + weightDecay + " 0 or more");
        }
    }

    /** PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, weight decay 0.01. */
    public AdamW() {
        this(0.9, 0.999, 1e-8, 0.01);
    }

    @Override
    public List<String> slots() {
        return List.of("exp_avg", "exp_avg_sq");
    }

    @Override
    public List<String> scalars() {
        return List.of(FIRST, SECOND);
    }

    @Override
    public void feed(long step, ObjDoubleConsumer<String> to) {
        to.accept(FIRST, 1 / (1 - Math.pow(beta1, step)));
        to.accept(SECOND, 1 / Math.sqrt(1 - Math.pow(beta2, step)));
    }

    @Override
    public List<Expr> rule(double decay, double rateScale) {
        Expr weight = Expr.in(0);
        Expr gradient = Expr.in(1);
        Expr rate = Expr.in(4).times(rateScale);
        Expr first = Expr.in(2).times(beta1).plus(gradient.times(1 - beta1));
        Expr second = Expr.in(3).times(beta2).plus(gradient.square().times(1 - beta2));
        Expr denominator = second.sqrt().times(Expr.in(6)).plus(eps);
        Expr decayed = weight.times(Expr.of(1).minus(rate.times(decay)));
        return List.of(decayed.minus(rate.times(Expr.in(5)).times(first).over(denominator)), first, second);
    }
}
