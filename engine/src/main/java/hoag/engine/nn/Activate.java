package hoag.engine.nn;

import hoag.engine.Activation;
import hoag.engine.Tensor;

/** An activation function in a place of its own, where a checkpoint counts it. */
public record Activate(Activation activation) implements Module {
    @Override
    public Tensor forward(Tensor x, Trace trace) {
        return activation.of(x);
    }
}
