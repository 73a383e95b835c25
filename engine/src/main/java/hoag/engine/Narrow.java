package hoag.engine;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes out of a formula what needs fewer elements than the whole: in (x - mean) * (weight / sqrt(variance + eps)) the bracket is computed
 * once a channel, not once a pixel.
 */
final class Narrow {
    private final List<Step> steps = new ArrayList<>();

    private Narrow() {}

    static Plan of(Plan plan) {
        Narrow pass = new Narrow();
        plan.steps()
                .forEach(step -> pass.steps.add(
                        step.kernel() instanceof Kernel.Pointwise || step.kernel() instanceof Kernel.Reduce
                                ? pass.narrowed(step)
                                : step));
        return new Plan(pass.steps, plan.outputs());
    }

    private Step narrowed(Step step) {
        List<Value> operands = new ArrayList<>(step.in());
        Map<Expr, Expr> taken = new HashMap<>();
        List<Expr> formulas = step.formulas().stream()
                .map(formula -> rewrite(formula, step.space(), operands, taken))
                .toList();
        return taken.isEmpty() ? step : Fuse.pruned(step, operands, formulas);
    }

    private Expr rewrite(Expr formula, Shape space, List<Value> operands, Map<Expr, Expr> taken) {
        if (formula.children().isEmpty()) {
            return formula;
        }
        Shape small = shape(formula, operands);
        if (small.padded(space.rank()).size() * 4L <= space.size()) {
            return taken.computeIfAbsent(formula, ignored -> extract(formula, small, operands));
        }
        return switch (formula) {
            case Expr.Apply1(var op, Expr x) ->
                rewrite(x, space, operands, taken).apply(op);
            case Expr.Apply2(var op, Expr a, Expr b) ->
                rewrite(a, space, operands, taken).apply(op, rewrite(b, space, operands, taken));
            case Expr.Where(Expr c, Expr yes, Expr no) ->
                Expr.where(
                        rewrite(c, space, operands, taken),
                        rewrite(yes, space, operands, taken),
                        rewrite(no, space, operands, taken));
            case Expr.In ignored -> formula;
            case Expr.Const ignored -> formula;
        };
    }

    private Expr extract(Expr formula, Shape small, List<Value> operands) {
        Value value = Value.made(small);
        Step whole = new Step(new Kernel.Pointwise(small, List.of(), List.of(formula)), List.of(), List.of(value));
        steps.add(Fuse.pruned(whole, operands, List.of(formula)));
        operands.add(value);
        return Expr.in(operands.size() - 1);
    }

    /** The smallest shape that a formula's operands fill together. */
    private static Shape shape(Expr formula, List<Value> operands) {
        return switch (formula) {
            case Expr.In(int index) -> operands.get(index).shape;
            case Expr.Const ignored -> Shape.SCALAR;
            default ->
                formula.children().stream().map(child -> shape(child, operands)).reduce(Shape.SCALAR, Shape::broadcast);
        };
    }
}
