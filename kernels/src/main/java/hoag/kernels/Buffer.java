package hoag.kernels;

/**
 * A stretch of a backend's memory. {@code offset} and {@code length} count elements of the storage.
 *
 * @param storage an array, or what a device has for one
 * @param offset first element of the stretch
 * @param length elements in it
 */
public record Buffer(Object storage, int offset, int length) {
    /** The storage of a CPU buffer. */
    public float[] floats() {
        return (float[]) storage;
    }

    /** The storage of a buffer of the reference backend. */
    public double[] doubles() {
        return (double[]) storage;
    }

    /**
     * A part of this buffer, in the same memory.
     *
     * @param from first element, counted from the start of this one
     * @param count elements
     * @throws ShapeException if it reaches beyond this buffer
     */
    public Buffer slice(int from, int count) {
        if (from < 0 || count < 0 || from + count > length) {
            throw new ShapeException("slice [" + from + ", " + (from + count) + ") of a buffer of " + length);
        }
        return new Buffer(storage, offset + from, count);
    }
}
