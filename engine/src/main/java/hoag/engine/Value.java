package hoag.engine;

import hoag.kernels.Layout;
import hoag.kernels.Shape;

/** One tensor of a {@link Plan}: what the steps pass on. Identity is its name. */
final class Value {
    /** Where a value comes from. */
    sealed interface Source permits Fed, Held, Fixed, Made {}

    /** Fed by name at each run. */
    record Fed(String name) implements Source {}

    record Held(Variable variable) implements Source {}

    record Fixed(float[] values) implements Source {}

    /** Written by a step. */
    record Made() implements Source {}

    final Source source;
    final Shape shape;
    final Layout layout;

    Value(Source source, Shape shape, Layout layout) {
        this.source = source;
        this.shape = shape;
        this.layout = layout;
    }

    static Value made(Shape shape, Layout layout) {
        return new Value(new Made(), shape, layout);
    }

    static Value made(Shape shape) {
        return made(shape, Layout.PLAIN);
    }

    boolean isMade() {
        return source instanceof Made;
    }

    /** Floats of storage, in whole vectors. */
    long floats() {
        return (layout.floats(shape) + 15) / 16 * 16;
    }

    @Override
    public String toString() {
        return shape + (layout == Layout.PLAIN ? "" : " " + layout);
    }
}
