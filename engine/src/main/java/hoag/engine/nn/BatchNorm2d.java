package hoag.engine.nn;

import hoag.engine.Activation;
import hoag.engine.BatchNorm;
import hoag.engine.Tensor;
import hoag.engine.Update;
import hoag.engine.Variable;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import java.util.List;

/**
 * Batch normalisation over (n, h, w) of (n, c, h, w), followed by an activation (Ioffe and Szegedy 2015). Running statistics move by
 * {@code momentum} towards the batch's, the variance unbiased, as PyTorch does.
 */
public record BatchNorm2d(
        Variable weight,
        Variable bias,
        Variable running_mean,
        Variable running_var,
        double eps,
        double momentum,
        Activation activation)
        implements Module {
    /** Weights 1, biases 0, mean 0, variance 1. */
    public static BatchNorm2d of(Init init, int channels, double eps, Activation activation) {
        Shape shape = Shape.of(channels);
        return new BatchNorm2d(
                init.constant("weight", shape, 1),
                init.constant("bias", shape, 0),
                init.buffer("running_mean", shape, 0),
                init.buffer("running_var", shape, 1),
                eps,
                0.1,
                activation);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        boolean frozen = trace.isFrozen(weight) || trace.isFrozen(running_mean);
        return activation.of(trace.batchStatistics() && !frozen ? byBatch(x, trace) : byRunning(x));
    }

    private Tensor byRunning(Tensor x) {
        Expr y = Expr.in(0)
                .minus(Expr.in(1))
                .times(Expr.in(3).over(Expr.in(2).plus(eps).sqrt()))
                .plus(Expr.in(4));
        return x.map(
                y,
                channel(running_mean.tensor()),
                channel(running_var.tensor()),
                channel(weight.tensor()),
                channel(bias.tensor()));
    }

    private Tensor byBatch(Tensor x, Trace trace) {
        int c = weight.shape().size();
        Tensor moments = x.moments(0, 2, 3);
        Tensor mean = moments.slice(0, 0, 1).reshape(c);
        Tensor variance = moments.slice(0, 1, 1).reshape(c);
        double n = (double) x.shape().size() / c;
        trace.update(Update.of(
                List.of(running_mean, running_var),
                List.of(
                        Expr.in(0).times(1 - momentum).plus(Expr.in(1).times(momentum)),
                        Expr.in(2).times(1 - momentum).plus(Expr.in(3).times(momentum * n / Math.max(1, n - 1)))),
                running_mean.tensor(),
                mean,
                running_var.tensor(),
                variance));
        return BatchNorm.of(x, channel(mean), channel(variance), channel(weight.tensor()), channel(bias.tensor()), eps);
    }

    private static Tensor channel(Tensor perChannel) {
        return perChannel.reshape(1, perChannel.shape().size(), 1, 1);
    }
}
