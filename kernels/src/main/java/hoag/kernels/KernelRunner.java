package hoag.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs one kernel on one backend from row-major float arrays to row-major float arrays, with the relayouts that the backend wishes for:
 * for tests, benchmarks and first steps. A program does the same for many kernels, and keeps the memory.
 */
public final class KernelRunner implements AutoCloseable {
    private final Backend backend;
    private final Kernel kernel;
    private final Backend.Wish wish;
    private final Launch launch;
    private final RunState state = new RunState();
    private final List<Buffer> operands = new ArrayList<>();
    private final List<Work> work;

    /** Prepares {@code kernel} for the layouts that {@code backend} wishes for when offered row-major inputs. */
    public KernelRunner(Backend backend, Kernel kernel) {
        this(backend, kernel, wish(backend, kernel, Layout.PLAIN));
    }

    /** The same in given layouts. */
    public KernelRunner(Backend backend, Kernel kernel, Backend.Wish wish) {
        this.backend = backend;
        this.kernel = kernel;
        this.wish = wish;
        this.launch = backend.prepare(kernel, wish);
        for (int i = 0; i < kernel.inputs().size(); i++) {
            operands.add(
                    backend.allocate(wish.inputs().get(i).floats(kernel.inputs().get(i))));
        }
        for (int o = 0; o < kernel.outputs().size(); o++) {
            operands.add(backend.allocate(
                    wish.outputs().get(o).floats(kernel.outputs().get(o))));
        }
        work = List.of(bind(launch, operands));
    }

    /** One run from beginning to end. */
    public static float[][] run(Backend backend, Kernel kernel, float[]... inputs) {
        try (var runner = new KernelRunner(backend, kernel)) {
            runner.write(inputs);
            runner.run();
            return runner.read();
        }
    }

    /** What {@code backend} wishes for when images (inputs with four axes) come in this layout, and all else row-major. */
    public static Backend.Wish wish(Backend backend, Kernel kernel, Layout images) {
        return backend.wish(
                kernel,
                kernel.inputs().stream()
                        .map(shape -> shape.rank() == 4 ? images : Layout.PLAIN)
                        .toList());
    }

    private Work bind(Launch bound, List<Buffer> buffers) {
        long scratch = bound.scratch(backend.workers());
        return bound.bind(buffers, scratch == 0 ? null : backend.allocate(scratch), state);
    }

    /** Seed and step of random kernels. */
    public RunState state() {
        return state;
    }

    /** What runs. */
    public Launch launch() {
        return launch;
    }

    /** The layouts of operands and results. */
    public Backend.Wish wish() {
        return wish;
    }

    /** Puts row-major values into the inputs, relaid as wished. */
    public void write(float[]... inputs) {
        if (inputs.length != kernel.inputs().size()) {
            throw new ShapeException(
                    inputs.length + " arrays for the " + kernel.inputs().size() + " inputs of " + kernel);
        }
        for (int i = 0; i < inputs.length; i++) {
            Shape shape = kernel.inputs().get(i);
            if (inputs[i].length != shape.size()) {
                throw new ShapeException("input " + i + " has " + inputs[i].length + " values, its shape " + shape
                        + " wants " + shape.size());
            }
            write(inputs[i], shape, operands.get(i), wish.inputs().get(i));
        }
    }

    private void write(float[] values, Shape shape, Buffer to, Layout layout) {
        if (layout.equals(Layout.PLAIN)) {
            backend.write(values, 0, to, values.length);
            return;
        }
        Buffer plain = backend.allocate(values.length);
        backend.write(values, 0, plain, values.length);
        relayout(shape, plain, Layout.PLAIN, to, layout);
    }

    /** Fills operands and results with NaN: what a kernel does not write, or reads beyond the values, then shows. */
    void poison() {
        for (Buffer operand : operands) {
            float[] nothing = new float[operand.length()];
            java.util.Arrays.fill(nothing, Float.NaN);
            backend.write(nothing, 0, operand, nothing.length);
        }
    }

    /** The kernel alone; allocates nothing. */
    public void run() {
        backend.run(work);
    }

    /** The results, row-major. */
    public float[][] read() {
        float[][] outputs = new float[kernel.outputs().size()][];
        for (int o = 0; o < outputs.length; o++) {
            outputs[o] = read(
                    kernel.outputs().get(o),
                    operands.get(kernel.inputs().size() + o),
                    wish.outputs().get(o));
        }
        return outputs;
    }

    private float[] read(Shape shape, Buffer from, Layout layout) {
        Buffer plain = from;
        if (!layout.equals(Layout.PLAIN)) {
            plain = backend.allocate(shape.size());
            relayout(shape, from, layout, plain, Layout.PLAIN);
        }
        float[] values = new float[shape.size()];
        backend.read(plain, values, 0, values.length);
        return values;
    }

    private void relayout(Shape shape, Buffer from, Layout is, Buffer to, Layout becomes) {
        var relayout = new Kernel.Relayout(shape, is, becomes);
        var same = new Backend.Wish(List.of(is), List.of(becomes));
        backend.run(List.of(bind(backend.prepare(relayout, same), List.of(from, to))));
    }

    /** Gives the memory back; leaves the backend open: it belongs to the caller. */
    @Override
    public void close() {
        operands.forEach(backend::release);
        operands.clear();
    }
}
