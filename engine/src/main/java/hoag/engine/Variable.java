package hoag.engine;

import hoag.engine.files.TensorData;
import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;

/**
 * A tensor that outlives programs: a parameter, a running statistic, an optimizer's moment. Programs read it and, through {@link Update},
 * write it in place. Not safe for a program that updates it and another thread that reads it at the same time.
 */
public final class Variable {
    /** Floats skipped so that data stand at a 64-byte boundary, see {@code CpuBackend}. */
    static final int SKIP = 12;

    private static final int SPARE = 32;

    private final String name;
    private final Shape shape;
    private final boolean trainable;
    private final float[] storage;
    private final Tensor node;
    private volatile long version;
    /** A device that wrote the newest values; null if they are here. */
    private volatile Elsewhere newest;

    /** Where values lie on a device. */
    interface Elsewhere {
        /** Copies them to {@link #stale}. */
        void bring();

        /** Copies them to memory of a backend's, if that can do so without the host. */
        boolean copy(Backend backend, Buffer to);
    }

    private Variable(String name, Shape shape, boolean trainable) {
        this.name = name;
        this.shape = shape;
        this.trainable = trainable;
        this.storage = new float[SKIP + shape.size() + SPARE];
        this.node = new Tensor(new Leaf.Of(this), java.util.List.of());
    }

    /**
     * A trainable weight, zeros at first.
     *
     * @param name what it is called in messages; its key in a file comes from the module that holds it
     */
    public static Variable parameter(String name, Shape shape) {
        return new Variable(name, shape, true);
    }

    /** State that no gradient flows to: running statistics, moments. */
    public static Variable buffer(String name, Shape shape) {
        return new Variable(name, shape, false);
    }

    /** What it is called in messages. */
    public String name() {
        return name;
    }

    /** The shape of its values. */
    public Shape shape() {
        return shape;
    }

    /** Whether optimizers may change it. */
    public boolean trainable() {
        return trainable;
    }

    /** Counts the writes, so that programs know when what they derived from it is stale. */
    public long version() {
        return version;
    }

    void written() {
        version++;
    }

    /** The memory of the host with the newest values. */
    float[] storage() {
        if (newest != null) {
            bring();
        }
        return storage;
    }

    private synchronized void bring() {
        Elsewhere from = newest;
        if (from != null) {
            from.bring();
            newest = null;
        }
    }

    /** The newest values are on a device. */
    void lieElsewhere(Elsewhere where) {
        newest = where;
    }

    /** Copies the newest values to memory of a backend's, from the device that wrote them where it can. */
    void copy(Backend backend, Buffer to) {
        Elsewhere from = newest;
        if (from == null || !from.copy(backend, to)) {
            backend.write(storage(), SKIP, to, shape.size());
        }
    }

    /** The memory of the host as it is. */
    float[] stale() {
        return storage;
    }

    /** A copy of the values, row-major. */
    public float[] values() {
        float[] values = new float[shape.size()];
        System.arraycopy(storage(), SKIP, values, 0, values.length);
        return values;
    }

    /**
     * Replaces the values.
     *
     * @param values row-major; copied
     * @return this variable
     * @throws ShapeException if there are more or fewer than the shape holds
     */
    public Variable set(float... values) {
        if (values.length != shape.size()) {
            throw new ShapeException(name + " " + shape + " wants " + shape.size() + " values, got " + values.length);
        }
        newest = null;
        System.arraycopy(values, 0, storage, SKIP, values.length);
        written();
        return this;
    }

    /**
     * Replaces the values by a tensor's of a file, straight into this variable's memory.
     *
     * @return this variable
     * @throws ShapeException if there are more or fewer than the shape holds
     * @throws hoag.kernels.FormatException for eight-bit floats
     */
    public Variable set(TensorData values) {
        if (values.count() != shape.size()) {
            throw new ShapeException(name + " " + shape + " wants " + shape.size() + " values, got " + values.count());
        }
        newest = null;
        values.read(storage, SKIP);
        written();
        return this;
    }

    /** This variable as a node, always the same one. */
    public Tensor tensor() {
        return node;
    }

    @Override
    public String toString() {
        return name + " " + shape;
    }
}
