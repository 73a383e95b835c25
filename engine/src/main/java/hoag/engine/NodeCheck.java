package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs nodes one by one, nothing fused, and looks at every value: which is the first that is not finite though its operands were? A result
 * is forgotten when its last reader has run, so memory stays near that of a program.
 */
final class NodeCheck {
    private final Backend backend;
    private final Function<Leaf.Input, float[]> feeds;
    private final Function<Tensor, String> places;
    private final long seed;
    private final long step;
    private final Map<Tensor, float[]> values = new HashMap<>();
    private final Map<Tensor, Integer> readers = new HashMap<>();

    NodeCheck(
            Backend backend,
            Function<Leaf.Input, float[]> feeds,
            Function<Tensor, String> places,
            long seed,
            long step) {
        this.backend = backend;
        this.feeds = feeds;
        this.places = places;
        this.seed = seed;
        this.step = step;
    }

    /** The nodes whose values are looked at: an update's new values instead of the update. */
    static List<Tensor> roots(Iterable<Tensor> outputs, Iterable<Tensor> updates) {
        List<Tensor> roots = new ArrayList<>();
        outputs.forEach(roots::add);
        for (Tensor node : updates) {
            if (node.op() instanceof Update update) {
                update.formulas()
                        .forEach(formula -> roots.add(new Tensor(new Pointwise(formula, node.shape()), node.inputs())));
            } else {
                roots.add(node);
            }
        }
        return roots;
    }

    Optional<NotFinite> of(List<Tensor> roots) {
        List<Tensor> nodes = Gradients.reachable(roots);
        nodes.forEach(node -> node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum)));
        for (Tensor node : nodes) {
            float[] value = value(node);
            if (makes(node, value)) {
                return Optional.of(fault(node, value));
            }
            values.put(node, value);
            node.inputs().forEach(this::read);
        }
        return Optional.empty();
    }

    private void read(Tensor input) {
        if (readers.merge(input, -1, Integer::sum) == 0) {
            values.remove(input);
        }
    }

    private float[] value(Tensor node) {
        return switch (node.op()) {
            case Leaf.Input input -> feeds.apply(input);
            case Leaf.Constant constant -> constant.values();
            case Leaf.Of of -> of.variable().values();
            case Reshape ignored -> values.get(node.inputs().getFirst());
            case StopGradient ignored -> values.get(node.inputs().getFirst());
            default -> launched(node);
        };
    }

    private float[] launched(Tensor node) {
        Kernel kernel =
                node.op().kernel(node.inputs().stream().map(Tensor::shape).toList(), node.shape());
        try (KernelRunner runner = new KernelRunner(backend, kernel)) {
            runner.state().seed = seed;
            runner.state().step = step;
            runner.write(node.inputs().stream().map(values::get).toArray(float[][]::new));
            runner.run();
            return runner.read()[0];
        }
    }

    /** A NaN that no operand had, or an infinity where all operands were finite; in a leaf only NaN: an infinite mask is meant. */
    private boolean makes(Tensor node, float[] value) {
        boolean nan = has(value, true);
        boolean infinite = has(value, false);
        if (!nan && !infinite) {
            return false;
        }
        if (node.inputs().isEmpty()) {
            return nan && !(node.op() instanceof Leaf.Constant);
        }
        boolean nanBefore = node.inputs().stream().anyMatch(input -> has(values.get(input), true));
        boolean infiniteBefore = node.inputs().stream().anyMatch(input -> has(values.get(input), false));
        return nan && !nanBefore || infinite && !infiniteBefore && !nanBefore;
    }

    private static boolean has(float[] values, boolean nan) {
        for (float value : values) {
            if (nan ? value != value : Float.isInfinite(value)) {
                return true;
            }
        }
        return false;
    }

    private NotFinite fault(Tensor node, float[] value) {
        boolean nan = has(value, true);
        int first = -1;
        int count = 0;
        for (int i = 0; i < value.length; i++) {
            if (!Float.isFinite(value[i])) {
                count++;
                first = first < 0 && (!nan || value[i] != value[i]) ? i : first;
            }
        }
        int[] index = index(first, node.shape());
        List<NotFinite.Operand> operands = new ArrayList<>();
        for (Tensor input : node.inputs()) {
            operands.add(
                    operand(input, node.op() instanceof Pointwise || node.op() instanceof BatchNorm ? index : null));
        }
        return new NotFinite(operation(node), node.shape(), place(node), index, value[first], count, operands);
    }

    /** @param at the result's index if the operand broadcasts to it, else null */
    private NotFinite.Operand operand(Tensor input, int[] at) {
        float[] all = values.get(input);
        float least = Float.NaN;
        float largest = Float.NaN;
        int bad = 0;
        for (float value : all) {
            if (Float.isFinite(value)) {
                least = least <= value ? least : value;
                largest = largest >= value ? largest : value;
            } else {
                bad++;
            }
        }
        int[] index = at == null ? new int[0] : broadcast(at, input.shape());
        float value = at == null && all.length != 1 ? Float.NaN : all[offset(index, input.shape())];
        return new NotFinite.Operand(place(input), input.shape(), index, value, least, largest, bad);
    }

    private static int[] index(int element, Shape shape) {
        int[] index = new int[shape.rank()];
        for (int axis = shape.rank() - 1, rest = element; axis >= 0; rest /= shape.dim(axis--)) {
            index[axis] = rest % shape.dim(axis);
        }
        return index;
    }

    private static int[] broadcast(int[] index, Shape shape) {
        int[] own = new int[shape.rank()];
        for (int axis = 0; axis < own.length; axis++) {
            own[axis] = shape.dim(axis) == 1 ? 0 : index[index.length - own.length + axis];
        }
        return own;
    }

    private static int offset(int[] index, Shape shape) {
        int offset = 0;
        int[] strides = shape.strides();
        for (int axis = 0; axis < index.length; axis++) {
            offset += index[axis] * strides[axis];
        }
        return offset;
    }

    private String place(Tensor node) {
        return switch (node.op()) {
            case Leaf.Input input -> "input '" + input.name() + "'";
            case Leaf.Of of -> {
                String name = places.apply(node);
                yield "variable " + (name.isEmpty() ? of.variable().name() : name);
            }
            case Leaf.Constant ignored -> "constant";
            default -> places.apply(node);
        };
    }

    private static String operation(Tensor node) {
        return switch (node.op()) {
            case Pointwise pointwise -> Formulas.text(pointwise.formula());
            case Reduce reduce -> reduce.fold().name().toLowerCase(Locale.ROOT);
            case Conv2d conv ->
                "conv2d"
                        + switch (conv.pass()) {
                            case FORWARD -> "";
                            case DATA -> ", gradient of the input";
                            case FILTER -> ", gradient of the filter";
                        };
            case Leaf.Of ignored -> "variable";
            default -> node.op().getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }
}
