package hoag.engine.train;

import hoag.engine.Tensor;
import hoag.engine.Update;
import hoag.engine.Variable;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The mean of the gradients of several batches, so that a step sees more galaxies than memory holds at once. One program adds up, fed with
 * {@link #CARRY} 0 for the first batch and 1 for those after it; another takes {@link #means} to {@link Optimizer#apply}.
 *
 * @param updates nodes that add a batch's gradients
 * @param means the gradients of the step, when every batch was added
 */
public record Accumulate(List<Tensor> updates, List<Tensor> means) {
    /** Name of the scalar input that is 0 for the first batch of a step, else 1. */
    public static final String CARRY = "accumulate.carry";

    /** @param batches whose mean is wanted */
    public static Accumulate of(List<Tensor> gradients, int batches) {
        List<Tensor> updates = new ArrayList<>();
        List<Tensor> means = new ArrayList<>();
        Expr sum = Expr.in(0).times(Expr.in(2)).plus(Expr.in(1).times(1.0 / batches));
        for (Tensor gradient : gradients) {
            Variable mean = Variable.buffer("accumulate/" + means.size(), gradient.shape());
            updates.add(
                    Update.of(List.of(mean), List.of(sum), mean.tensor(), gradient, Tensor.input(CARRY, Shape.SCALAR)));
            means.add(mean.tensor());
        }
        return new Accumulate(List.copyOf(updates), List.copyOf(means));
    }
}
