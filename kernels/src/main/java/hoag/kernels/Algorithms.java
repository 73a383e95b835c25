package hoag.kernels;

/** Whose kernels compute products and convolutions. */
public enum Algorithms {
    /** Hoag's own: the same sums on every device. */
    OWN,
    /** Those of a vendor's libraries (cuBLAS, cuDNN) wherever they can; the rest is Hoag's own. */
    CUDNN,
    /** For each shape whichever is faster here: both are timed once. Libraries that are not there are passed over. */
    AUTO;

    /** As an option spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
