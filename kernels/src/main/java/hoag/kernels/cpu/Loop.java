package hoag.kernels.cpu;

/**
 * Formulas over a run of neighbouring floats, made by {@link Loops}. {@code arrays[i]} from {@code offsets[i]} on is operand i: the inputs in
 * order, then one result for each formula.
 */
@FunctionalInterface
interface Loop {
    void run(float[][] arrays, int[] offsets, int length);
}
