package hoag.engine.train;

import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjDoubleConsumer;

/** What Adam, AdamW and LAMB share: two moments with bias corrections. Operands: weight, gradient, moments, rate, the two corrections. */
sealed interface AdamRule extends Optimizer permits Adam, AdamW, Lamb {
    /** Input: what the first moment is multiplied by, {@code 1 / (1 - beta1^step)}. */
    String FIRST = "optimizer.correction1";

    /** Input: the same for the root of the second. */
    String SECOND = "optimizer.correction2";

    /** How much of the first moment stays in a step. */
    double beta1();

    /** The same of the second. */
    double beta2();

    @Override
    default List<String> scalars() {
        return List.of(FIRST, SECOND);
    }

    @Override
    default void feed(long step, ObjDoubleConsumer<String> to) {
        to.accept(FIRST, 1 / (1 - Math.pow(beta1(), step)));
        to.accept(SECOND, 1 / Math.sqrt(1 - Math.pow(beta2(), step)));
    }

    static void check(String name, double beta1, double beta2, double eps, double weightDecay) {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && eps > 0 && weightDecay >= 0)) {
            throw new ConfigException(name + ": beta1 " + beta1 + " and beta2 " + beta2
                    + " must be in 0 <= beta < 1, eps " + eps + " above 0, weight decay " + weightDecay + " 0 or more");
        }
    }

    static List<String> slots(boolean amsgrad) {
        return amsgrad ? List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq") : List.of("exp_avg", "exp_avg_sq");
    }

    static Expr first(double beta1, Expr gradient) {
        return Expr.in(2).times(beta1).plus(gradient.times(1 - beta1));
    }

    static Expr second(double beta2, Expr gradient) {
        return Expr.in(3).times(beta2).plus(gradient.square().times(1 - beta2));
    }

    /** The weight goes from {@code decayed} against the first moment over the root of the second, or of its largest value so far. */
    static List<Expr> rule(
            Expr decayed, Expr gradient, double beta1, double beta2, double eps, boolean amsgrad, double rateScale) {
        int rate = amsgrad ? 5 : 4;
        Expr first = first(beta1, gradient);
        Expr second = second(beta2, gradient);
        List<Expr> slots = new ArrayList<>(List.of(first, second));
        if (amsgrad) {
            slots.add(Expr.in(4).max(second));
        }
        Expr denominator = slots.getLast().sqrt().times(Expr.in(rate + 2)).plus(eps);
        Expr step = Expr.in(rate).times(rateScale).times(Expr.in(rate + 1)).times(first);
        slots.addFirst(decayed.minus(step.over(denominator)));
        return slots;
    }
}
