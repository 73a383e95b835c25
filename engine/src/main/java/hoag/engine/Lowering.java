package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nodes to a plan: equal computations are shared, reshapes become views, updates go to the end. */
final class Lowering {
    private record Key(Op op, List<Value> in) {}

    private final Map<Tensor, Value> values = new HashMap<>();
    private final Map<Key, Value> known = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Step> updates = new ArrayList<>();

    private Lowering() {}

    static Plan of(Map<String, Tensor> outputs, List<Tensor> updates) {
        Lowering lowering = new Lowering();
        List<Tensor> roots = new ArrayList<>(outputs.values());
        roots.addAll(updates);
        Gradients.reachable(roots).forEach(lowering::lower);
        Map<String, Value> named = new LinkedHashMap<>();
        outputs.forEach((name, tensor) -> named.put(name, lowering.result(lowering.values.get(tensor), named)));
        lowering.addUpdates();
        return new Plan(lowering.steps, named);
    }

    private void lower(Tensor node) {
        List<Value> in = node.inputs().stream().map(values::get).toList();
        if (node.op() instanceof Update update) {
            update(update, node, in);
            return;
        }
        Value value = known.get(new Key(node.op(), in));
        if (value == null) {
            value = make(node, in);
            known.put(new Key(node.op(), in), value);
        }
        values.put(node, value);
    }

    private void update(Update update, Tensor node, List<Value> in) {
        List<Value> targets = update.targets().stream().map(v -> held(v)).toList();
        updates.add(new Step(update.kernel(in.stream().map(v -> v.shape).toList(), node.shape()), in, targets));
        values.put(node, targets.getFirst());
    }

    /** Updates last; one that reads what another writes gets a copy from before. */
    private void addUpdates() {
        Map<Value, Step> writer = new HashMap<>();
        updates.forEach(step -> step.out().forEach(target -> writer.put(target, step)));
        List<Step> ready = new ArrayList<>();
        for (Step step : updates) {
            List<Value> in = step.in().stream()
                    .map(value -> writer.getOrDefault(value, step) == step ? value : copy(value))
                    .toList();
            ready.add(new Step(step.kernel(), in, step.out()));
        }
        steps.addAll(ready);
    }

    /** Outputs are made by a step, each by its own. */
    private Value result(Value value, Map<String, Value> named) {
        return value.isMade() && !named.containsValue(value) ? value : copy(value);
    }

    private Value copy(Value value) {
        Value copy = Value.made(value.shape);
        steps.add(new Step(
                new Kernel.Pointwise(value.shape, List.of(value.shape), List.of(hoag.kernels.Expr.in(0))),
                List.of(value),
                List.of(copy)));
        return copy;
    }

    private Value held(Variable variable) {
        return known.computeIfAbsent(
                new Key(new Leaf.Of(variable), List.of()),
                ignored -> new Value(new Value.Held(variable), variable.shape(), Layout.PLAIN));
    }

    private Value make(Tensor node, List<Value> in) {
        return switch (node.op()) {
            case Leaf.Input input -> new Value(new Value.Fed(input.name()), input.of(), Layout.PLAIN);
            case Leaf.Constant constant -> new Value(new Value.Fixed(constant.values()), constant.of(), Layout.PLAIN);
            case Leaf.Of of -> held(of.variable());
            case StopGradient ignored -> in.getFirst();
            case Reshape reshape -> view(in.getFirst(), reshape.to(), 0);
            case Move(Mover.Slice(int axis, int start, int step, int size))
            when step == 1 && leading(in.getFirst().shape, axis) ->
                view(
                        in.getFirst(),
                        node.shape(),
                        start
                                * (in.getFirst().shape.size()
                                        / in.getFirst().shape.dim(axis)));
            default -> launch(node, in);
        };
    }

    /** True if all axes before this one have size 1, so that a slice is one stretch of memory. */
    private static boolean leading(Shape shape, int axis) {
        for (int i = 0; i < axis; i++) {
            if (shape.dim(i) != 1) {
                return false;
            }
        }
        return true;
    }

    private Value view(Value of, Shape shape, int offset) {
        Value value = Value.made(shape);
        steps.add(Step.view(of, value, offset));
        return value;
    }

    private Value launch(Tensor node, List<Value> in) {
        Kernel kernel = node.op().kernel(in.stream().map(value -> value.shape).toList(), node.shape());
        Value value = Value.made(node.shape());
        steps.add(new Step(kernel, in, List.of(value)));
        return value;
    }
}
