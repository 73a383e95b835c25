package hoag.kernels.cpu;

import java.util.Arrays;

/**
 * A loop's plain twin, and from when it pays its vectors: the twin serves until it has done enough elements to make C2's work on the vectors
 * worth its while, and until that work is done.
 */
final class WarmingLoop implements Loop {
    /** Elements times steps after which vectors are wanted, counted as {@link Worth} does. */
    private static final long WORTH = 40_000_000;

    /** Short calls: C2 counts these too. Of 16 to 512 floats 128 made seven loops fast soonest (1.2 s in all, 0.5 s of it for the first). */
    private static final int TRIAL = 128;

    private static final int CALLS = 4;

    private final Loops.Key key;
    private final Lowering.Program program;
    private final int cost;
    private final Worth worth;
    private Loop now;

    WarmingLoop(Loops.Key key, Lowering.Program program) {
        this.key = key;
        this.program = program;
        this.cost = program.steps().stream().mapToInt(WarmingLoop::cost).sum()
                + key.kinds().size()
                + key.formulas().size();
        this.now = Loops.plain(key, program);
        this.worth = new Worth(WORTH, this::warm);
    }

    /** In multiplications. */
    private static int cost(Steps.Step step) {
        return switch (step.op()) {
            case CONSTANT, INT_CONSTANT, INPUT -> 0;
            case DIV, SQRT -> 16;
            default -> 1;
        };
    }

    @Override
    public void run(float[][] arrays, int[] offsets, int length) {
        worth.count((long) length * cost);
        now.run(arrays, offsets, length);
    }

    /** The trial takes every branch, so that none is new to the compiled code later. */
    private void warm() {
        if (!Loops.compiles(key, program)) {
            return;
        }
        Loop vectors = Loops.vectors(key, program);
        int trial = key.keepsLost() ? Math.max(TRIAL, 2 * StepWriter.group(key) + 16) : TRIAL;
        float[] array = new float[trial + Partials.SIZE];
        float[][] arrays = new float[key.kinds().size() + key.formulas().size()][];
        Arrays.fill(arrays, array);
        for (int f = key.kinds().size(); f < arrays.length; f++) {
            arrays[f] = new float[trial + Partials.SIZE];
        }
        int[] offsets = new int[arrays.length];
        int tail = key.kinds().contains(Loops.Kind.LANES) ? trial : trial - 7;
        Warmup.submit(
                2.0 * CALLS * trial * cost,
                () -> {
                    for (int call = 0; call < CALLS; call++) {
                        vectors.run(arrays, offsets, trial);
                    }
                    vectors.run(arrays, offsets, tail);
                },
                () -> now = vectors);
    }
}
