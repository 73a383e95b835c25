package hoag.kernels;

/** What changes from run to run beside the inputs: the keys of the random numbers. One per workspace. */
public final class RunState {
    public long seed;
    public long step;
}
