package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.ConfigException;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The memory of one thread's runs of a {@link Program}. Feed inputs, run, read outputs; running allocates nothing. Not shared between
 * threads. After {@link #close} it refuses work.
 */
public final class Workspace implements AutoCloseable {
    private final Program program;
    private final Map<Value, Buffer> buffers;
    private final Map<String, Value> inputs = new HashMap<>();
    private final List<Work> works = new ArrayList<>();
    private final Binding binding;
    private final Backend.Recorded all;
    private final Backend.Recorded computing;
    private final Backend.Recorded updating;
    private final RunState state = new RunState();
    private boolean closed;

    Workspace(Program program) {
        this.program = program;
        program.expect();
        program.refresh();
        buffers = new HashMap<>(program.fixedBuffers());
        for (Value value : program.plan.values()) {
            if (value.source instanceof Value.Fed(String name)) {
                inputs.put(name, value);
            }
        }
        binding = new Binding(program.backend, buffers, program.memory);
        try {
            binding.reserve();
            Buffer scratch = binding.allocate(program.scratch(program.launches));
            binding.bind(program.plan.steps(), program.launches, scratch, state, works);
        } catch (RuntimeException e) {
            binding.release();
            throw e;
        }
        all = program.backend.record(works);
        computing = program.backend.record(works.subList(0, program.computing));
        updating = program.backend.record(works.subList(program.computing, works.size()));
    }

    /** Names and shapes that must be fed before a run. */
    public Map<String, hoag.kernels.Shape> inputs() {
        Map<String, hoag.kernels.Shape> shapes = new java.util.TreeMap<>();
        inputs.forEach((name, value) -> shapes.put(name, value.shape));
        return shapes;
    }

    /**
     * Copies an input in; row-major, as many values as the shape holds.
     *
     * @return this workspace
     * @throws ConfigException if the program has no such input
     * @throws ShapeException if there are more or fewer
     */
    public Workspace feed(String name, float... values) {
        return feed(name, values, 0, values.length);
    }

    /**
     * Copies {@code count} values from {@code offset} on.
     *
     * @param offset first value that is copied
     * @param count as many as the input holds
     * @return this workspace
     * @throws ConfigException if the program has no such input
     * @throws ShapeException if the count is not the shape's
     */
    public Workspace feed(String name, float[] values, int offset, int count) {
        Value value = inputs.get(name);
        if (value == null) {
            throw new ConfigException("no input '" + name + "'; the program reads " + inputs.keySet());
        }
        if (count != value.shape.size()) {
            throw new ShapeException(
                    "input '" + name + "' " + value.shape + " wants " + value.shape.size() + " values, got " + count);
        }
        open();
        program.backend.write(values, offset, buffers.get(value), count);
        return this;
    }

    /**
     * Has an input (images, 3, size, size) computed on the device, from what its backend has {@link Backend#stage staged}.
     *
     * @throws ConfigException if the program has no such input
     * @throws ShapeException if the views are of another shape
     */
    public Workspace feed(String name, Backend.Staged pictures) {
        Value value = inputs.get(name);
        Shape shape = pictures.shape();
        if (value == null) {
            throw new ConfigException("no input '" + name + "'; the program reads " + inputs.keySet());
        }
        if (!value.shape.equals(shape)) {
            throw new ShapeException("input '" + name + "' " + value.shape + " cannot be views of " + shape);
        }
        open();
        program.backend.sample(pictures, buffers.get(value));
        return this;
    }

    /** Copies in a value of shape (). */
    public Workspace feed(String name, float value) {
        one[0] = value;
        return feed(name, one, 0, 1);
    }

    /** True if the program reads this input. */
    public boolean reads(String name) {
        return inputs.containsKey(name);
    }

    /**
     * One run. Random numbers are a function of the seed, the step, and each node's own number.
     *
     * @param seed of the run
     * @param step the same (seed, step) draws the same numbers
     * @return this workspace
     * @throws hoag.kernels.DeviceException if the device was lost
     */
    public Workspace run(long seed, long step) {
        begin(seed, step);
        all.run();
        end();
        return this;
    }

    /**
     * {@link #run(long, long)}, but updates are carried out only if these outputs, of one element each, are finite: a batch that gives a NaN leaves
     * every variable as it was.
     *
     * @param outputs names of the outputs that must be finite
     * @return whether they were
     * @throws ShapeException if one of the outputs has more than one element
     */
    public boolean runIfFinite(long seed, long step, String... outputs) {
        compute(seed, step);
        if (!finite(outputs)) {
            return false;
        }
        update();
        return true;
    }

    /** The part of a run before its updates. */
    void compute(long seed, long step) {
        begin(seed, step);
        computing.run();
    }

    /** Whether these outputs, of one element each, are neither infinite nor NaN. */
    boolean finite(String... outputs) {
        return java.util.Arrays.stream(outputs).allMatch(output -> Float.isFinite(scalar(output)));
    }

    /** The rest of the run. */
    void update() {
        updating.run();
        end();
    }

    private void begin(long seed, long step) {
        open();
        program.refresh();
        state.seed = seed;
        state.step = step;
    }

    private void end() {
        if (!program.written.isEmpty()) {
            program.store();
            program.wrote();
        }
    }

    /** Runs the program with seed 0 and step 0. */
    public Workspace run() {
        return run(0, 0);
    }

    /** A copy of an output, row-major. */
    public float[] output(String name) {
        float[] values = new float[value(name).shape.size()];
        read(name, values, 0);
        return values;
    }

    /**
     * Copies an output, row-major, into {@code to} from {@code offset} on.
     *
     * @param to with room for the output behind the offset
     */
    public void read(String name, float[] to, int offset) {
        open();
        Value value = value(name);
        program.backend.read(buffers.get(value), to, offset, value.shape.size());
    }

    /** An output in float64: all digits on the reference backend. */
    public double[] output64(String name) {
        open();
        Value value = value(name);
        return program.backend.read(buffers.get(value), value.shape.size());
    }

    /**
     * The one value of an output of size 1.
     *
     * @throws ShapeException if it has more than one
     */
    public float scalar(String name) {
        open();
        Value value = value(name);
        if (value.shape.size() != 1) {
            throw new ShapeException("output '" + name + "' " + value.shape + " has more than one value");
        }
        program.backend.read(buffers.get(value), one, 0, 1);
        return one[0];
    }

    private final float[] one = new float[1];

    private Value value(String name) {
        Value value = program.plan.outputs().get(name);
        if (value == null) {
            throw new ConfigException("no output '" + name + "'; the program computes "
                    + program.plan.outputs().keySet());
        }
        return value;
    }

    Optional<NotFinite> check(List<Tensor> traced, Function<Tensor, String> places) {
        open();
        return new NodeCheck(program.backend, this::fed, places, state.seed, state.step).of(traced);
    }

    private float[] fed(Leaf.Input input) {
        float[] values = new float[input.of().size()];
        Value value = inputs.get(input.name());
        if (value != null) { // else nothing that is computed depends on it
            program.backend.read(buffers.get(value), values, 0, values.length);
        }
        return values;
    }

    /** Whole runs with seed 0 and step 0; the median of the milliseconds of each launch. */
    double[] times(int rounds) {
        double[][] ms = new double[rounds][];
        for (int round = 0; round < rounds; round++) {
            begin(0, 0);
            ms[round] = program.backend.timed(works);
            end();
        }
        return Explain.medians(ms);
    }

    /** Copies an output of another device's workspace into an input of this one; through the host where these devices cannot do without. */
    void feed(String input, Workspace other, String output) {
        Buffer from = other.buffers.get(other.value(output));
        Buffer to = buffers.get(inputs.get(input));
        if (to != null && !program.backend.copy(other.program.backend, from, to)) {
            feed(input, other.output(output));
        }
    }

    Buffer buffer(Value value) {
        return buffers.get(value);
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("this workspace is closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            program.settle();
            List.of(all, computing, updating).forEach(Backend.Recorded::close);
            binding.release();
        }
        works.clear();
        buffers.clear();
    }
}
