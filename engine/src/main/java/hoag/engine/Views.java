package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A formula that is all that reads a product through a reshape runs in the product's own shape, and what is reshaped is its result: then it
 * can be the product's epilogue. Biases, activations and residuals behind a linear layer over tokens (n, tokens, width) are such.
 */
final class Views {
    private final Plan plan;
    private final Map<Value, Step> writers;
    private final Map<Value, List<Step>> readers;
    private final List<Step> steps = new ArrayList<>();

    private Views(Plan plan) {
        this.plan = plan;
        writers = plan.writers();
        readers = plan.readers();
    }

    static Plan of(Plan plan) {
        Views pass = new Views(plan);
        plan.steps().forEach(pass::place);
        return new Plan(pass.steps, plan.outputs()).live();
    }

    private void place(Step step) {
        Value seen = reshapedProduct(step);
        List<Step> moved = seen == null ? null : moved(step, seen);
        if (moved == null) {
            steps.add(step);
        } else {
            steps.addAll(moved);
        }
    }

    /** The operand of a formula that is a reshaped product and fills the space; null if there is none. */
    private Value reshapedProduct(Step step) {
        if (!(step.kernel() instanceof Kernel.Pointwise formula)
                || formula.formulas().size() != 1
                || step.isUpdate()) {
            return null;
        }
        return step.in().stream()
                .filter(operand -> operand.shape.equals(formula.space()) && isReshapedProduct(operand))
                .findFirst()
                .orElse(null);
    }

    private boolean isReshapedProduct(Value operand) {
        Step view = writers.get(operand);
        if (view == null || !view.isView() || view.offset() != 0 || !readOnce(operand)) {
            return false;
        }
        Value result = view.in().getFirst();
        Step maker = writers.get(result);
        return maker != null
                && maker.kernel() instanceof Kernel.Product
                && result.shape.size() == operand.shape.size()
                && readOnce(result);
    }

    private boolean readOnce(Value value) {
        return readers.get(value).size() == 1 && !plan.isOutput(value);
    }

    /** The formula in the product's shape, with views before and behind; null if an operand cannot be seen so. */
    private List<Step> moved(Step step, Value seen) {
        Value result = writers.get(seen).in().getFirst();
        List<Step> moved = new ArrayList<>();
        List<Value> operands = new ArrayList<>();
        for (Value operand : step.in()) {
            Shape shape = seenAs(operand.shape, seen.shape, result.shape);
            if (shape == null) {
                return null;
            }
            operands.add(operand == seen ? result : viewed(operand, shape, moved));
        }
        Value made = Value.made(result.shape);
        List<Shape> shapes = operands.stream().map(value -> value.shape).toList();
        moved.add(new Step(new Kernel.Pointwise(result.shape, shapes, step.formulas()), operands, List.of(made)));
        moved.add(Step.view(made, step.out().getFirst(), 0));
        return moved;
    }

    private static Value viewed(Value operand, Shape shape, List<Step> moved) {
        if (operand.shape.rank() <= shape.rank()
                && operand.shape.padded(shape.rank()).equals(shape)) {
            return operand;
        }
        Value view = Value.made(shape);
        moved.add(Step.view(operand, view, 0));
        return view;
    }

    /**
     * What an operand that broadcasts to {@code from} must look like to mean the same in {@code to}, which has the same elements otherwise
     * divided; null if it cannot. Each axis of {@code to} must be made of whole axes of {@code from}, all filled or all repeated.
     */
    static Shape seenAs(Shape operand, Shape from, Shape to) {
        if (operand.size() == from.size()) {
            return to;
        }
        Shape padded = operand.padded(from.rank());
        int[] dims = new int[to.rank()];
        int axis = from.rank() - 1;
        for (int j = to.rank() - 1; j >= 0; j--) {
            int covered = 1;
            int filled = 1;
            while (axis >= 0 && (covered < to.dim(j) || from.dim(axis) == 1)) {
                covered *= from.dim(axis);
                filled *= padded.dim(axis--);
            }
            if (covered != to.dim(j) || filled != 1 && filled != covered) {
                return null;
            }
            dims[j] = filled;
        }
        return Shape.of(dims);
    }
}
