package hoag.galaxy.learn;

import hoag.engine.Recompute;

/** Whether a training step keeps its activations for the gradients, or makes them again where a formula can; the weights are the same to the bit. */
public enum Remaking {
    /** Everything is kept. */
    NEVER(Recompute.NEVER),
    /** The largest are made again where all together are large; see {@link Recompute#WHERE_LARGE}. */
    LARGE(Recompute.WHERE_LARGE),
    /** All that can be made again are: half the memory of a convolutional network. */
    ALWAYS(Recompute.ALWAYS);

    private final Recompute policy;

    Remaking(Recompute policy) {
        this.policy = policy;
    }

    /** For {@link hoag.engine.Program#compile(hoag.kernels.Backend, java.util.Map, java.util.List, Recompute)}. */
    public Recompute policy() {
        return policy;
    }
}
