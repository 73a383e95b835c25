package hoag.engine.train;

import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradient over the root of the average of its squares (Tieleman and Hinton 2012), as PyTorch or as TensorFlow computes it.
 *
 * @param alpha factor of the old average
 * @param centered subtract the square of the average gradient (Graves 2013)
 * @param likeTensorFlow timm's RMSpropTF: the average starts at 1, eps stands inside the root, the rate goes into the momentum
 */
public record RmsProp(
        double alpha, double eps, double momentum, boolean centered, double weightDecay, boolean likeTensorFlow)
        implements Optimizer {
    /** Checks that every value is in its range. */
    public RmsProp {
        if (!(alpha >= 0 && alpha < 1 && eps > 0 && momentum >= 0 && weightDecay >= 0)) {
            throw new ConfigException("RMSprop: alpha " + alpha + " must be in 0 <= alpha < 1, eps " + eps
                    + " above 0, momentum " + momentum + " and weight decay " + weightDecay + " 0 or more");
        }
    }

    /** PyTorch's defaults: alpha 0.99, eps 1e-8, nothing else. */
    public RmsProp() {
        this(0.99, 1e-8, 0, false, 0, false);
    }

    @Override
    public List<String> slots() {
        List<String> slots = new ArrayList<>(List.of("square_avg"));
        if (momentum > 0) {
            slots.add("momentum_buffer");
        }
        if (centered) {
            slots.add("grad_avg");
        }
        return slots;
    }

    @Override
    public double start(String slot) {
        return likeTensorFlow && slot.equals("square_avg") ? 1 : 0;
    }

    @Override
    public List<Expr> rule(double decay, double rateScale) {
        Expr weight = Expr.in(0);
        int operands = 2 + slots().size();
        Expr rate = Expr.in(operands).times(rateScale);
        Expr gradient = Expr.in(1).plus(weight.times(decay));
        Expr squares = average(Expr.in(2), gradient.square());
        Expr mean = average(Expr.in(operands - 1), gradient);
        Expr spread = centered ? squares.minus(mean.square()) : squares;
        Expr divided = gradient.over(
                likeTensorFlow ? spread.plus(eps).sqrt() : spread.sqrt().plus(eps));
        List<Expr> rule = new ArrayList<>(List.of(squares));
        if (momentum > 0) {
            Expr buffer = Expr.in(3).times(momentum).plus(likeTensorFlow ? divided.times(rate) : divided);
            rule.add(buffer);
            rule.addFirst(weight.minus(likeTensorFlow ? buffer : buffer.times(rate)));
        } else {
            rule.addFirst(weight.minus(divided.times(rate)));
        }
        if (centered) {
            rule.add(mean);
        }
        return rule;
    }

    private Expr average(Expr old, Expr now) {
        return old.times(alpha).plus(now.times(1 - alpha));
    }
}
