package hoag.engine.train;

import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import java.util.List;
import java.util.function.ObjDoubleConsumer;

/** Stochastic gradient descent with momentum, as PyTorch computes it: the first step takes the gradient undamped. */
public record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay) implements Optimizer {
    private static final String TAKEN = "optimizer.taken";

    /** Checks that every value is in its range. */
    public Sgd {
        if (!(momentum >= 0 && weightDecay >= 0) || nesterov && (momentum == 0 || dampening != 0)) {
            throw new ConfigException("SGD: momentum " + momentum + " and weight decay " + weightDecay
                    + " must be 0 or more; nesterov wants momentum above 0 and dampening 0, not " + dampening);
        }
    }

    /** Without damping or Nesterov's look ahead. */
    public Sgd(double momentum, double weightDecay) {
        this(momentum, 0, false, weightDecay);
    }

    @Override
    public List<String> slots() {
        return momentum == 0 ? List.of() : List.of("momentum_buffer");
    }

    @Override
    public List<String> scalars() {
        return momentum == 0 ? List.of() : List.of(TAKEN);
    }

    @Override
    public void feed(long step, ObjDoubleConsumer<String> to) {
        if (momentum != 0) {
            to.accept(TAKEN, step == 1 ? 1 : 1 - dampening);
        }
    }

    @Override
    public List<Expr> rule(double decay, double rateScale) {
        Expr weight = Expr.in(0);
        Expr gradient = Expr.in(1).plus(weight.times(decay));
        if (momentum == 0) {
            return List.of(weight.minus(Expr.in(2).times(rateScale).times(gradient)));
        }
        Expr buffer = Expr.in(2).times(momentum).plus(gradient.times(Expr.in(4)));
        Expr direction = nesterov ? gradient.plus(buffer.times(momentum)) : buffer;
        return List.of(weight.minus(Expr.in(3).times(rateScale).times(direction)), buffer);
    }
}
