package hoag.galaxy.simulate;

/** How a simulated galaxy is kept. */
public enum PictureKind {
    /** Eight bits in red, green and blue, as surveys show colour. */
    PNG,
    /** Counts of g, r and z, sky taken off, an extension each. */
    FITS;

    String ending() {
        return this == PNG ? ".png" : ".fits";
    }
}
