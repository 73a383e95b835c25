package hoag.engine;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The gradient of a layer norm as {@link Gradients} makes it of {@link Norms#layer} and {@link Fuse} leaves it: the sums over all rows that are the gradients of weight and
 * bias, the two sums over each row, one of them divided by the deviation, and the formula of all these that is the gradient of x, perhaps with more behind it.
 *
 * @param vectors sums dy and dy x' over all axes but the normalised one
 * @param rows sums g = dy weight and g (x - mean) along it
 * @param dot the second of these over the deviation
 * @param last the formula
 * @param kernel the whole in one
 * @param in operands of that
 * @param out results of that
 */
record LayerNormBackward(
        Step vectors,
        Step rows,
        Step dot,
        Step last,
        Kernel.LayerNormGradient kernel,
        List<Value> in,
        List<Value> out) {
    private static final Expr X = Expr.in(0);
    private static final Expr UP = Expr.in(1);
    private static final Expr WEIGHT = Expr.in(2);
    private static final Expr MEAN = Expr.in(3);
    private static final Expr SCALE = Expr.in(4);
    private static final Expr SUM = Expr.in(5);
    private static final Expr DOT = Expr.in(6);
    private static final Expr DISTANCE = X.minus(MEAN);
    private static final Expr G = UP.times(WEIGHT);

    /**
     * Null if there is none, or anything else reads a part of it.
     *
     * @param ends all that read the moments, through views
     * @param isMean whether a value is the mean of them
     * @param epsOf of one over the deviation, by who makes it; NaN for what is no such
     */
    static LayerNormBackward find(
            Wiring wiring, Step moments, Set<Step> ends, Predicate<Value> isMean, ToDoubleFunction<Step> epsOf) {
        var of = (Kernel.Moments) moments.kernel();
        int axis = of.axes()[0];
        int[] others =
                IntStream.range(0, of.input().rank()).filter(i -> i != axis).toArray();
        Step vectors = sums(ends, of.input(), others);
        Step rows = sums(ends, of.input(), axis);
        if (vectors == null || rows == null) {
            return null;
        }
        List<Value> operands = operands(moments.in().getFirst(), rows, isMean);
        Value sum = operands == null ? null : result(rows, G, operands);
        Value raw = operands == null ? null : result(rows, G.times(DISTANCE), operands);
        Step dot = raw == null ? null : reader(wiring, raw);
        if (sum == null
                || dot == null
                || !(dot.kernel() instanceof Kernel.Pointwise)
                || dot.in().size() != 2) {
            return null;
        }
        Value scale = dot.in().get(1 - dot.in().indexOf(raw));
        Step last = reader(wiring, sum);
        double eps = wiring.writer(scale) == null ? Double.NaN : epsOf.applyAsDouble(wiring.writer(scale));
        boolean whole = !Double.isNaN(eps)
                && dot.formulas()
                        .getFirst()
                        .equals(Expr.in(dot.in().indexOf(raw))
                                .times(Expr.in(dot.in().indexOf(scale))))
                && last != null
                && last == reader(wiring, dot.out().getFirst())
                && last.kernel() instanceof Kernel.Pointwise formula
                && formula.space().equals(of.input())
                && formula.formulas().size() == 1
                && !last.isUpdate();
        return whole
                ? found(
                        wiring,
                        of,
                        eps,
                        epsOf,
                        with(operands, scale, sum, dot.out().getFirst()),
                        vectors,
                        rows,
                        dot,
                        last)
                : null;
    }

    private static List<Value> with(List<Value> operands, Value... more) {
        List<Value> all = new ArrayList<>(operands);
        all.addAll(Arrays.asList(more));
        return all;
    }

    private static LayerNormBackward found(
            Wiring wiring,
            Kernel.Moments of,
            double eps,
            ToDoubleFunction<Step> epsOf,
            List<Value> operands,
            Step vectors,
            Step rows,
            Step dot,
            Step last) {
        // the deviation that the gradients of weight and bias read may be made by another step
        Value other = vectors.in().stream()
                .filter(value -> !operands.contains(value))
                .findFirst()
                .orElse(operands.get(4));
        List<Value> seen = new ArrayList<>(operands);
        seen.set(4, other);
        boolean same = other == operands.get(4)
                || wiring.writer(other) != null && epsOf.applyAsDouble(wiring.writer(other)) == eps;
        Value bias = result(vectors, UP, seen);
        Value weight = result(vectors, UP.times(DISTANCE.times(SCALE)), seen);
        if (weight == null) {
            weight = result(vectors, UP.times(DISTANCE).times(SCALE), seen);
        }
        double n = of.input().dim(of.axes()[0]);
        Expr standard =
                G.minus(SUM.plus(DISTANCE.times(SCALE).times(DOT)).times(1 / n)).times(SCALE);
        List<Value> extras = new ArrayList<>(last.in());
        extras.removeAll(operands.subList(3, operands.size()));
        Expr after = same && bias != null && weight != null
                ? LayerNorms.after(last.formulas().getFirst(), in(standard, operands, last), last.in(), extras)
                : null;
        if (after == null) {
            return null;
        }
        List<Value> used = IntStream.range(0, extras.size())
                .filter(i -> after.inOrder().contains(Expr.in(1 + i)))
                .mapToObj(extras::get)
                .toList();
        Expr formula = after.substitute(i -> i == 0 ? Expr.in(0) : Expr.in(1 + used.indexOf(extras.get(i - 1))));
        var epilogue = new Kernel.Epilogue(
                formula, used.stream().map(value -> value.shape).toList());
        Shape shape = operands.get(2).shape;
        if (shape.size() != of.input().dim(of.axes()[0])) {
            return null;
        }
        var found = new LayerNormBackward(
                vectors,
                rows,
                dot,
                last,
                new Kernel.LayerNormGradient(of.input(), of.axes()[0], eps, shape, epilogue),
                with(operands.subList(0, 1), concat(operands.subList(1, 3), used)),
                List.of(last.out().getFirst(), weight, bias));
        return found.isReady(wiring) ? found : null;
    }

    /** Whether its operands are made when its first part begins; a variable is, and is written later. */
    private boolean isReady(Wiring wiring) {
        List<Step> steps = wiring.plan().steps();
        int first = steps.indexOf(first(wiring.plan()));
        return in.stream()
                .map(wiring::writer)
                .allMatch(writer -> writer == null || writer.isUpdate() || steps.indexOf(writer) < first);
    }

    /** What comes first of it in the plan: all that it makes is read behind. */
    Step first(Plan plan) {
        return parts().stream()
                .min(java.util.Comparator.comparingInt(plan.steps()::indexOf))
                .orElseThrow();
    }

    private static Value[] concat(List<Value> a, List<Value> b) {
        return java.util.stream.Stream.concat(a.stream(), b.stream()).toArray(Value[]::new);
    }

    /** Two sums over these axes, of what fills this space. */
    private static Step sums(Set<Step> ends, Shape space, int... axes) {
        List<Step> all = ends.stream()
                .filter(step -> step.kernel() instanceof Kernel.Reduce reduce
                        && reduce.fold() == Fold.SUM
                        && reduce.maps().size() == 2
                        && reduce.space().equals(space)
                        && Arrays.equals(reduce.axes(), axes))
                .toList();
        return all.size() == 1 ? all.getFirst() : null;
    }

    /** x, dy, weight, mean; null if the sums along rows read anything else. */
    private static List<Value> operands(Value x, Step rows, Predicate<Value> isMean) {
        List<Value> rest = new ArrayList<>(rows.in());
        rest.remove(x);
        Value mean = rest.stream().filter(isMean).findFirst().orElse(null);
        rest.remove(mean);
        if (mean == null || rest.size() != 2) {
            return null;
        }
        Value up = rest.get(rest.get(0).shape.equals(x.shape) ? 0 : 1);
        rest.remove(up);
        return up.shape.equals(x.shape) ? List.of(x, up, rest.getFirst(), mean) : null;
    }

    /** A formula of the operands in terms of a step's own; null if the step does not have them all. */
    private static Expr in(Expr formula, List<Value> operands, Step step) {
        boolean[] all = {true};
        Expr own = formula.substitute(i -> {
            int at = step.in().indexOf(operands.get(i));
            all[0] &= at >= 0;
            return Expr.in(Math.max(0, at));
        });
        return all[0] ? own : Expr.in(Integer.MAX_VALUE);
    }

    /** What the step makes by this formula of the operands; null if it has no such. */
    private static Value result(Step step, Expr formula, List<Value> operands) {
        int at = step.formulas().indexOf(in(formula, operands, step));
        return at < 0 ? null : step.out().get(at);
    }

    /** The one step that reads a value, which nobody asks for. */
    private static Step reader(Wiring wiring, Value value) {
        return wiring.isFor(1, value) && !wiring.readers(value).getFirst().isView()
                ? wiring.readers(value).getFirst()
                : null;
    }

    /** Whether a step makes way with it: a part of it, or what only parts of it read. */
    boolean has(Wiring wiring, Step step) {
        return parts().contains(step)
                || step.out().stream()
                        .allMatch(value -> !wiring.isOutput(value) && parts().containsAll(wiring.readers(value)));
    }

    /** The steps that it is made of now. */
    Set<Step> parts() {
        return Set.of(vectors, rows, dot, last);
    }

    /** It as one step. */
    Step step() {
        return new Step(kernel, in, out);
    }
}
