package hoag.kernels;

/** What changes from run to run beside the inputs: the keys of the random numbers. One per workspace. */
public final class RunState {
    /** Of dropout and of everything else random. */
    public long seed;
    /** Which step this is: the same (seed, step) draws the same numbers. */
    public long step;

    /** Seed 0, step 0. */
    public RunState() {}
}
