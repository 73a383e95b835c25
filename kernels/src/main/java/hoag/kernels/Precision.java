package hoag.kernels;

/** How the operands of products and convolutions are rounded before they are multiplied. Sums, weights and everything else are float32. */
public enum Precision {
    /** Not at all: 23 bits of mantissa. */
    FP32,
    /** To 10 bits of mantissa. */
    TF32,
    /** To 7 bits of mantissa. */
    BF16;

    /** As an option spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
