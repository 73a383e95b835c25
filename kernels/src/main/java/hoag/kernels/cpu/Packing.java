package hoag.kernels.cpu;

/**
 * An arrangement of weights that {@link CpuRelayout} can make from row-major ones: implemented by the key records of
 * {@link hoag.kernels.Layout.Packed}.
 */
interface Packing {
    /** Independent pieces, each written by one task; together they write the whole target. */
    int pieces();

    void pack(int piece, float[] from, int fromOffset, float[] to, int toOffset);
}
