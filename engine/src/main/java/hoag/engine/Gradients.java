package hoag.engine;

import hoag.kernels.Kernel.Mover.Place;
import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reverse mode: walk the nodes backwards, call each op's rule, add what arrives. The result is nodes again. */
public final class Gradients {
    private Gradients() {}

    /**
     * d loss / d each of {@code wrt}; zeros where the loss does not depend on it.
     *
     * @param wrt nodes that the loss was made from
     * @return of their shapes, in their order
     * @throws ShapeException if the loss has more than one element
     */
    public static List<Tensor> of(Tensor loss, List<Tensor> wrt) {
        if (loss.shape().size() != 1) {
            throw new ShapeException("the loss " + loss.shape() + " must have one element; take its sum or mean first");
        }
        return of(List.of(loss), List.of(Tensor.full(loss.shape(), 1)), wrt);
    }

    /**
     * d sum(outputs * ups) / d each of {@code wrt}.
     *
     * @param ups one for each output, of its shape
     * @param wrt nodes that the outputs were made from
     * @return of their shapes, in their order; zeros where no output depends on one
     */
    public static List<Tensor> of(List<Tensor> outputs, List<Tensor> ups, List<Tensor> wrt) {
        List<Tensor> nodes = reachable(outputs);
        Set<Tensor> leading = leadingTo(nodes, wrt);
        Map<Tensor, List<Tensor>> arrived = new HashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            arrive(arrived, outputs.get(i), ups.get(i));
        }
        for (Tensor node : nodes.reversed()) {
            if (arrived.containsKey(node)
                    && leading.contains(node)
                    && !node.inputs().isEmpty()) {
                pass(node, sum(arrived.get(node)), leading, arrived);
            }
        }
        return wrt.stream()
                .map(x -> arrived.containsKey(x) ? sum(arrived.get(x)) : Tensor.zeros(x.shape()))
                .toList();
    }

    private static void pass(Tensor node, Tensor up, Set<Tensor> leading, Map<Tensor, List<Tensor>> arrived) {
        List<Tensor> gradients = node.op().gradient(node, up);
        for (int i = 0; i < gradients.size(); i++) {
            Tensor input = node.inputs().get(i);
            if (gradients.get(i) != null && leading.contains(input)) {
                arrive(arrived, input, gradients.get(i));
            }
        }
    }

    private static void arrive(Map<Tensor, List<Tensor>> arrived, Tensor at, Tensor gradient) {
        arrived.computeIfAbsent(at, ignored -> new ArrayList<>()).add(gradient);
    }

    /** What arrived at a node, added; the gradients of slices that make up the whole are put behind each other instead. */
    private static Tensor sum(List<Tensor> arrived) {
        Tensor whole = arrived.size() == 1 ? arrived.getFirst() : joined(arrived);
        return whole != null ? whole : arrived.stream().reduce(Tensor::add).orElseThrow();
    }

    /** Null unless each is the gradient of another slice along one axis, and they leave no gap. */
    private static Tensor joined(List<Tensor> arrived) {
        if (arrived.stream().anyMatch(part -> place(part) == null)) {
            return null;
        }
        int axis = place(arrived.getFirst()).axis();
        List<Tensor> parts = new ArrayList<>();
        int next = 0;
        for (Tensor part : arrived.stream()
                .sorted(Comparator.comparingInt(part -> place(part).start()))
                .toList()) {
            if (place(part).axis() != axis || place(part).start() != next) {
                return null;
            }
            parts.add(part.inputs().getFirst());
            next += parts.getLast().shape().dim(axis);
        }
        return next == arrived.getFirst().shape().dim(axis) ? Concat.of(axis, parts) : null;
    }

    /** How a gradient was put among zeros without gaps; null if it is anything else. */
    private static Place place(Tensor gradient) {
        return gradient.op() instanceof Move(Place place) && place.step() == 1 ? place : null;
    }

    /** Every node that the outputs need, inputs before what uses them. */
    static List<Tensor> reachable(List<Tensor> outputs) {
        Set<Tensor> seen = new HashSet<>();
        List<Tensor> open = new ArrayList<>(outputs);
        while (!open.isEmpty()) {
            Tensor node = open.removeLast();
            if (seen.add(node)) {
                open.addAll(node.inputs());
            }
        }
        return seen.stream().sorted(Comparator.comparingLong(Tensor::order)).toList();
    }

    private static Set<Tensor> leadingTo(List<Tensor> nodes, List<Tensor> wrt) {
        Set<Tensor> leading = new HashSet<>(wrt);
        for (Tensor node : nodes) {
            if (node.inputs().stream().anyMatch(leading::contains)) {
                leading.add(node);
            }
        }
        return leading;
    }
}
