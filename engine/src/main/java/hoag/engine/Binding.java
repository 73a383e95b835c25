package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gives the values of a plan their buffers and ties launches to them. */
final class Binding {
    private final Backend backend;
    private final Map<Value, Buffer> buffers;
    private final MemoryPlan memory;
    private final List<Buffer> stretches = new ArrayList<>();
    private final List<Buffer> owned = new ArrayList<>();

    /** @param buffers where values lie that are placed already; new ones are added */
    Binding(Backend backend, Map<Value, Buffer> buffers, MemoryPlan memory) {
        this.backend = backend;
        this.buffers = buffers;
        this.memory = memory;
    }

    /** Takes the memory of the plan. */
    void reserve() {
        memory.stretches().forEach(floats -> stretches.add(allocate(floats)));
    }

    /** Memory that {@link #release} gives back. */
    Buffer allocate(long elements) {
        Buffer made = backend.allocate(elements);
        owned.add(made);
        return made;
    }

    /** Gives back all memory that was reserved here. */
    void release() {
        owned.forEach(backend::release);
        owned.clear();
    }

    void bind(List<Step> steps, List<Launch> launches, Buffer scratch, RunState state, List<Work> works) {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            step.in().forEach(this::leaf);
            if (step.isView()) {
                Value out = step.out().getFirst();
                buffers.put(out, leaf(step.in().getFirst()).slice(step.offset(), (int) out.layout.floats(out.shape)));
            } else {
                List<Buffer> operands = new ArrayList<>();
                step.in().forEach(value -> operands.add(leaf(value)));
                step.out().forEach(value -> operands.add(leaf(value)));
                works.add(launches.get(i).bind(operands, scratch, state));
            }
        }
    }

    /** The buffer of a value: known, a variable's own memory, a constant's copy, or its place in the plan. */
    Buffer leaf(Value value) {
        Buffer known = buffers.get(value);
        if (known != null) {
            return known;
        }
        Buffer made = switch (value.source) {
            case Value.Held(Variable variable) ->
                backend.share(
                                variable.storage(),
                                Variable.SKIP,
                                variable.shape().size())
                        .orElseGet(() -> allocate(value.floats()));
            case Value.Fixed(float[] values) -> constant(value, values);
            case Value.Fed ignored -> placed(value);
            case Value.Made ignored -> placed(value);
        };
        if (made != null) {
            buffers.put(value, made);
        }
        return made;
    }

    private Buffer constant(Value value, float[] values) {
        Buffer buffer = allocate(value.floats());
        backend.write(values, 0, buffer, values.length);
        return buffer;
    }

    private Buffer placed(Value value) {
        MemoryPlan.Place place = memory.places().get(value);
        return place == null
                ? null
                : stretches.get(place.stretch()).slice((int) place.offset(), (int) value.layout.floats(value.shape));
    }
}
