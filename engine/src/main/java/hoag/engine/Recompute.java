package hoag.engine;

import hoag.kernels.Backend;

/**
 * When a program makes values a second time where they are read long after they were made, instead of keeping them: the activations of a training step
 * that a formula gives from what is kept anyway. The bits are the same; it costs one more run of each such formula and spares its memory between the two.
 *
 * @param above bytes of values alive at once above which the largest are made again, as few as bring it below, or all that help
 */
public record Recompute(long above) {
    /** Everything is kept. */
    public static final Recompute NEVER = new Recompute(Long.MAX_VALUE);

    /** As far as it goes. */
    public static final Recompute ALWAYS = new Recompute(0);

    /** Above 2 GiB, on a device that computes in the host's memory; what a program does if nothing else is asked for. */
    public static final Recompute WHERE_LARGE = new Recompute(2L << 30);

    Plan of(Plan plan, Backend backend) {
        boolean never =
                above == Long.MAX_VALUE || equals(WHERE_LARGE) && backend.free().isPresent();
        return never ? plan : new Remake(plan).below(above / Float.BYTES);
    }
}
