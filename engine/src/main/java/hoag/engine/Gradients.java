package hoag.engine;

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
        Map<Tensor, Tensor> arrived = new HashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            arrived.merge(outputs.get(i), ups.get(i), Tensor::add);
        }
        for (Tensor node : nodes.reversed()) {
            Tensor up = arrived.get(node);
            if (up != null && leading.contains(node) && !node.inputs().isEmpty()) {
                pass(node, up, leading, arrived);
            }
        }
        return wrt.stream()
                .map(x -> arrived.containsKey(x) ? arrived.get(x) : Tensor.zeros(x.shape()))
                .toList();
    }

    private static void pass(Tensor node, Tensor up, Set<Tensor> leading, Map<Tensor, Tensor> arrived) {
        List<Tensor> gradients = node.op().gradient(node, up);
        for (int i = 0; i < gradients.size(); i++) {
            Tensor input = node.inputs().get(i);
            if (gradients.get(i) != null && leading.contains(input)) {
                arrived.merge(input, gradients.get(i), Tensor::add);
            }
        }
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
