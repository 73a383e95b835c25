package hoag.engine.nn;

import hoag.engine.Leaf;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * How a model is being traced: whether BatchNorm uses the batch's statistics, whether dropout drops; and what the trace collects: the updates
 * of running statistics. Every dropout gets the next number, so that the same model traced again drops the same units.
 */
public final class Trace {
    private final boolean batchStatistics;
    private final boolean dropping;
    private final List<Tensor> updates = new ArrayList<>();
    private final Map<Module, Tensor> results = new IdentityHashMap<>();
    private final Map<Module, Tensor> given = new IdentityHashMap<>();
    private final Set<Variable> frozen;
    private long nodes;

    private Trace(boolean batchStatistics, boolean dropping, Set<Variable> frozen) {
        this.batchStatistics = batchStatistics;
        this.dropping = dropping;
        this.frozen = Set.copyOf(frozen);
    }

    private Trace(boolean batchStatistics, boolean dropping) {
        this(batchStatistics, dropping, Set.of());
    }

    /** BatchNorm by the batch, dropout on. */
    public static Trace train() {
        return new Trace(true, true);
    }

    /** The same, but BatchNorm whose weights or statistics are among the frozen goes by its running statistics, which stay. */
    public static Trace train(Set<Variable> frozen) {
        return new Trace(true, true, frozen);
    }

    /** Running statistics, dropout off. */
    public static Trace eval() {
        return new Trace(false, false);
    }

    /** Running statistics, dropout on: Monte Carlo dropout at prediction, and finetuning with frozen BatchNorm. */
    public static Trace sample() {
        return new Trace(false, true);
    }

    /** Whether BatchNorm goes by the batch, as in training. */
    public boolean batchStatistics() {
        return batchStatistics;
    }

    /** Whether a weight is frozen. */
    public boolean isFrozen(Variable weight) {
        return frozen.contains(weight);
    }

    /** Whether dropout drops. */
    public boolean dropping() {
        return dropping;
    }

    /** A number for the next random node. */
    public long nextNode() {
        return nodes++;
    }

    /** Notes what a run must also write, such as running statistics. */
    public void update(Tensor update) {
        updates.add(update);
    }

    Tensor note(Module part, Tensor x, Tensor result) {
        given.put(part, x);
        results.put(part, result);
        return result;
    }

    /** What a part of the model gave when it was traced last; null if it was not. For intermediate values, attention, Grad-CAM. */
    public Tensor result(Module part) {
        return results.get(part);
    }

    /**
     * Where each node was made: the key of the innermost part of the model whose tracing made it; for nodes outside (gradients, the loss)
     * {@code next to} the part that their operands come from; else an empty string. A part that was traced more than once counts where it was
     * traced last.
     */
    public Function<Tensor, String> places(Module model) {
        Map<Tensor, String> places = new HashMap<>();
        Modules.modules(model).forEach((key, part) -> mark(results.get(part), given.get(part), key, places));
        Modules.variables(model).forEach((key, variable) -> places.put(variable.tensor(), key));
        return node -> place(node, places);
    }

    /** Outer parts come before inner ones, which have the last word. */
    private static void mark(Tensor result, Tensor given, String key, Map<Tensor, String> places) {
        Set<Tensor> seen = new HashSet<>();
        List<Tensor> open = new ArrayList<>();
        if (result != null) {
            open.add(result);
        }
        while (!open.isEmpty()) {
            Tensor node = open.removeLast();
            if (node != given && seen.add(node) && !(node.op() instanceof Leaf)) {
                places.put(node, key);
                open.addAll(node.inputs());
            }
        }
    }

    private static String place(Tensor node, Map<Tensor, String> places) {
        String known = places.get(node);
        if (known != null) {
            return known;
        }
        for (Tensor input : node.inputs()) {
            String near = input.op() instanceof Leaf ? null : places.get(input);
            if (near != null && !near.isEmpty()) {
                return "next to " + near;
            }
        }
        return "";
    }

    /** Updates that a training program must carry out. */
    public List<Tensor> updates() {
        return List.copyOf(updates);
    }
}
