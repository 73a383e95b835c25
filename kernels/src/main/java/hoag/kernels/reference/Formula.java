package hoag.kernels.reference;

import hoag.kernels.Expr;
import java.util.List;

/** A formula ready for many places: each distinct sub-formula is computed once, in float64, by {@link Expr}'s own rules. */
final class Formula {
    private final Expr[] steps;
    private final int[][] operands;
    private final double[] values;

    Formula(Expr formula) {
        List<Expr> order = formula.inOrder();
        steps = order.toArray(Expr[]::new);
        operands = order.stream()
                .map(step -> step.children().stream().mapToInt(order::indexOf).toArray())
                .toArray(int[][]::new);
        values = new double[steps.length];
    }

    static Formula[] of(List<Expr> formulas) {
        return formulas.stream().map(Formula::new).toArray(Formula[]::new);
    }

    /** The value where operand i is {@code inputs[i]}. */
    double at(double[] inputs) {
        for (int i = 0; i < steps.length; i++) {
            values[i] = step(i, inputs);
        }
        return values[steps.length - 1];
    }

    private double step(int i, double[] inputs) {
        return switch (steps[i]) {
            case Expr.In in -> inputs[in.index()];
            case Expr.Const constant -> constant.value();
            case Expr.Apply1 apply -> apply.op().evaluate(operand(i, 0));
            case Expr.Apply2 apply -> apply.op().evaluate(operand(i, 0), operand(i, 1));
            case Expr.Where ignored -> operand(i, 0) != 0 ? operand(i, 1) : operand(i, 2);
        };
    }

    private double operand(int i, int which) {
        return values[operands[i][which]];
    }
}
