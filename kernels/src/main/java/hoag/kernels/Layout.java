package hoag.kernels;

/** How a tensor's elements lie in its buffer. */
public sealed interface Layout {
    /** Row-major. */
    Plain PLAIN = new Plain();
    /** (N, ceil(C/16), H, W, 16): sixteen channels beside each other; what lies in lanes beyond C is never read as a value. */
    Blocked BLOCKED = new Blocked(16);

    /** Floats of storage for a tensor of this shape. */
    long floats(Shape shape);

    /** Row-major, nothing between the elements. */
    record Plain() implements Layout {
        @Override
        public long floats(Shape shape) {
            return shape.size();
        }

        @Override
        public String toString() {
            return "plain";
        }
    }

    /**
     * (N, C, H, W) stored as (N, ceil(C/block), H, W, block).
     *
     * @param block channels beside each other
     */
    record Blocked(int block) implements Layout {
        @Override
        public long floats(Shape shape) {
            int blocks = (shape.dim(1) + block - 1) / block;
            return (long) shape.dim(0) * blocks * block * shape.dim(2) * shape.dim(3);
        }

        @Override
        public String toString() {
            return "nChw" + block + "c";
        }
    }

    /**
     * A backend's own arrangement, for weights that are packed once and read often. {@code key} is a record of the backend that says
     * everything about the arrangement; equal keys mean the same bytes.
     *
     * @param floats of storage
     */
    record Packed(Record key, long floats) implements Layout {
        @Override
        public long floats(Shape shape) {
            return floats;
        }

        @Override
        public String toString() {
            return key.toString();
        }
    }
}
