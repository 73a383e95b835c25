package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Kernel;
import hoag.kernels.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks the backend how each kernel wants its operands to lie and puts conversions where that changes; each conversion is made once. */
final class Layouts {
    private record Converted(Value value, Layout to) {}

    private final Backend backend;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Value, Value> now = new HashMap<>();
    private final Map<Converted, Value> conversions = new HashMap<>();

    private Layouts(Backend backend) {
        this.backend = backend;
    }

    static Plan of(Plan plan, Backend backend) {
        Layouts pass = new Layouts(backend);
        plan.steps().forEach(pass::place);
        Map<String, Value> outputs = new LinkedHashMap<>();
        plan.outputs().forEach((name, value) -> outputs.put(name, pass.as(pass.current(value), Layout.PLAIN)));
        return new Plan(pass.steps, outputs);
    }

    private Value current(Value value) {
        return now.getOrDefault(value, value);
    }

    private void place(Step step) {
        List<Value> in = step.in().stream().map(this::current).toList();
        if (step.isView()) {
            Value out = Value.made(step.out().getFirst().shape);
            steps.add(Step.view(as(in.getFirst(), Layout.PLAIN), out, step.offset()));
            now.put(step.out().getFirst(), out);
            return;
        }
        Backend.Wish wish = backend.wish(
                step.kernel(), in.stream().map(value -> value.layout).toList());
        List<Value> wanted = new ArrayList<>();
        for (int i = 0; i < in.size(); i++) {
            wanted.add(as(in.get(i), wish.inputs().get(i)));
        }
        List<Value> out = new ArrayList<>();
        for (int i = 0; i < step.out().size(); i++) {
            Value old = step.out().get(i);
            Value placed = old.isMade() ? Value.made(old.shape, wish.outputs().get(i)) : old;
            now.put(old, placed);
            out.add(placed);
        }
        steps.add(new Step(step.kernel(), wanted, out));
    }

    private Value as(Value value, Layout to) {
        if (value.layout.equals(to)) {
            return value;
        }
        return conversions.computeIfAbsent(new Converted(value, to), ignored -> convert(value, to));
    }

    private Value convert(Value value, Layout to) {
        Value out = Value.made(value.shape, to);
        boolean sameBytes = sameBytes(value, to)
                || to == Layout.PLAIN && value.layout instanceof Layout.Blocked && sameBytes(out, value.layout);
        steps.add(
                sameBytes
                        ? Step.view(value, out, 0)
                        : new Step(new Kernel.Relayout(value.shape, value.layout, to), List.of(value), List.of(out)));
        return out;
    }

    /** One pixel an image and whole blocks of channels: (N, C, 1, 1) lies alike in both layouts. */
    private static boolean sameBytes(Value plain, Layout to) {
        return to instanceof Layout.Blocked(int block)
                && plain.shape.rank() == 4
                && plain.shape.dim(1) % block == 0
                && plain.shape.dim(2) * plain.shape.dim(3) == 1;
    }
}
