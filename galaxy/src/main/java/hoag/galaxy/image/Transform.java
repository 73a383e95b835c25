package hoag.galaxy.image;

/** From a picture to the numbers that a model reads: (channels, size, size), row by row. Safe for many threads, each with its own scratch. */
public interface Transform {
    /** Channels of the result. */
    int channels();

    /** Height and width of the result in pixels. */
    int size();

    /** Which planes of a FITS file to read. */
    Bands bands();

    /** How much of a picture this can see, for a {@link PictureCache}; null where everything is needed. */
    default Kept kept() {
        return null;
    }

    /** How many numbers a picture becomes. */
    default int length() {
        return channels() * size() * size();
    }

    /**
     * @param epoch which pass over the galaxies this is; the same (epoch, index) gives the same numbers
     * @param index which galaxy
     * @param out where to, {@link #length} numbers from the offset
     * @throws hoag.kernels.DataException when the picture does not have what the model wants
     */
    void apply(Picture picture, long epoch, int index, float[] out, int offset, Scratch scratch);
}
