package hoag.engine;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Folds BatchNorm with fixed statistics, and any other formula a * y + b per channel, into the convolution before it: the filter is
 * multiplied by a once, when the weights change, and b remains. A formula is affine in y if its derivative does not mention y.
 */
final class FoldAffine {
    private FoldAffine() {}

    static Plan of(Plan plan) {
        Set<Value> fixed = fixed(plan);
        var readers = plan.readers();
        List<Step> steps = new ArrayList<>(plan.steps());
        for (int i = 0; i < steps.size(); i++) {
            Step conv = steps.get(i);
            if (!(conv.kernel() instanceof Kernel.Conv2d(Conv2dShape shape, Kernel.Pass pass, var ignored))
                    || pass != Kernel.Pass.FORWARD
                    || plan.isOutput(conv.out().getFirst())) {
                continue;
            }
            List<Step> after = readers.getOrDefault(conv.out().getFirst(), List.of());
            int at = after.size() == 1 ? steps.indexOf(after.getFirst()) : -1;
            if (at > i
                    && fixed.contains(conv.in().get(1))
                    && affine(steps.get(at), conv.out().getFirst(), fixed, shape)) {
                steps.addAll(at + 1, fold(conv, steps.get(at), shape)); // where all that the scale is made of is there
                steps.remove(at);
                steps.remove(i--);
            }
        }
        return new Plan(steps, plan.outputs());
    }

    /** What depends on variables and constants alone. */
    static Set<Value> fixed(Plan plan) {
        Set<Value> changing = new HashSet<>();
        plan.steps().stream().filter(Step::isUpdate).forEach(step -> changing.addAll(step.out()));
        Set<Value> fixed = new HashSet<>();
        for (Value value : plan.values()) {
            if (!value.isMade() && !(value.source instanceof Value.Fed) && !changing.contains(value)) {
                fixed.add(value);
            }
        }
        for (Step step : plan.steps()) {
            if (fixed.containsAll(step.in()) && !(step.kernel() instanceof Kernel.Random) && !step.isUpdate()) {
                fixed.addAll(step.out());
            }
        }
        return fixed;
    }

    private static boolean affine(Step reader, Value y, Set<Value> fixed, Conv2dShape shape) {
        if (!(reader.kernel() instanceof Kernel.Pointwise pointwise)
                || pointwise.formulas().size() != 1
                || reader.isUpdate()
                || !pointwise.space().equals(y.shape)) {
            return false;
        }
        Shape channel = Shape.of(1, shape.k(), 1, 1);
        boolean perChannel =
                reader.in().stream().allMatch(v -> v == y || fixed.contains(v) && v.shape.broadcastsTo(channel));
        Expr slope = perChannel
                ? pointwise.formulas().getFirst().derivative(reader.in().indexOf(y))
                : null;
        return slope != null
                && !slope.is(1)
                && !slope.inOrder().contains(Expr.in(reader.in().indexOf(y)));
    }

    private static List<Step> fold(Step conv, Step reader, Conv2dShape shape) {
        Value y = conv.out().getFirst();
        int at = reader.in().indexOf(y);
        Expr formula = reader.formulas().getFirst();
        Shape channel = Shape.of(1, shape.k(), 1, 1);
        List<Step> steps = new ArrayList<>();
        Value scale = perChannel(formula.derivative(at), reader, channel, steps);
        Value bias = perChannel(formula.substitute(i -> i == at ? Expr.of(0) : Expr.in(i)), reader, channel, steps);
        Value scaleOfFilter = Value.made(Shape.of(shape.k(), 1, 1, 1));
        steps.add(Step.view(scale, scaleOfFilter, 0));
        Value filter = Value.made(shape.filter());
        List<Value> product = List.of(conv.in().get(1), scaleOfFilter);
        steps.add(pointwise(Expr.in(0).times(Expr.in(1)), product, filter));
        steps.add(new Step(conv.kernel(), List.of(conv.in().get(0), filter), List.of(y)));
        steps.add(pointwise(
                Expr.in(0).plus(Expr.in(1)), List.of(y, bias), reader.out().getFirst()));
        return steps;
    }

    private static Value perChannel(Expr formula, Step reader, Shape channel, List<Step> steps) {
        Value value = Value.made(channel);
        steps.add(Fuse.pruned(
                new Step(new Kernel.Pointwise(channel, List.of(), List.of()), List.of(), List.of(value)),
                reader.in(),
                List.of(formula)));
        return value;
    }

    private static Step pointwise(Expr formula, List<Value> in, Value out) {
        return new Step(
                new Kernel.Pointwise(out.shape, in.stream().map(v -> v.shape).toList(), List.of(formula)),
                in,
                List.of(out));
    }
}
