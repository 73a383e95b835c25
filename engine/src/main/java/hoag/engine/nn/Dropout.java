package hoag.engine.nn;

import hoag.engine.Tensor;
import hoag.kernels.Binary;
import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import hoag.kernels.Shape;

/** Zeros a share {@code rate} of the units and scales the rest by 1 / (1 - rate) (Srivastava et al. 2014). */
public record Dropout(double rate) implements Module {
    /** Checks that every value is in its range. */
    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new ConfigException("dropout rate " + rate + " is outside 0 <= rate < 1");
        }
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        return drop(x, x.shape(), trace);
    }

    /** Drops whole samples instead of units: stochastic depth (Huang et al. 2016). */
    public Tensor dropPath(Tensor x, Trace trace) {
        Shape perSample = x.shape();
        for (int axis = 1; axis < perSample.rank(); axis++) {
            perSample = perSample.with(axis, 1);
        }
        return drop(x, perSample, trace);
    }

    private Tensor drop(Tensor x, Shape units, Trace trace) {
        if (rate == 0 || !trace.dropping()) {
            return x;
        }
        Expr dropped = Expr.in(1).apply(Binary.LT, Expr.of(rate));
        return x.map(
                Expr.where(dropped, Expr.of(0), Expr.in(0).times(1 / (1 - rate))),
                Tensor.uniform(units, trace.nextNode()));
    }
}
