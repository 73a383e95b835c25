package hoag.engine;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The gradient of a layer norm as {@link Gradients} makes it of {@link Norms#layer} and {@link Fuse} leaves it: the sums over all rows that are the gradients of weight and
 * bias, the two sums over each row, one of them divided by the deviation, and the formula of all these that is the gradient of x, perhaps with more behind it.
 *
 * @param parts the steps that it is made of now
 * @param step the whole in one
 */
record LayerNormBackward(Set<Step> parts, Step step) {
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
     * @param moments of x along one axis
     * @param ends all that read them, through views
     * @param isMean whether a value is their mean
     * @param epsOf the number in one over the deviation, by who makes that; NaN for what makes something else
     */
    static LayerNormBackward find(
            Wiring wiring, Step moments, Set<Step> ends, Predicate<Value> isMean, ToDoubleFunction<Step> epsOf) {
        return new Search(wiring, moments, ends, epsOf).found(isMean);
    }

    private record Search(Wiring wiring, Step moments, Set<Step> ends, ToDoubleFunction<Step> epsOf) {
        private Kernel.Moments of() {
            return (Kernel.Moments) moments.kernel();
        }

        private int axis() {
            return of().axes()[0];
        }

        private LayerNormBackward found(Predicate<Value> isMean) {
            int rank = of().input().rank();
            Step vectors =
                    sums(IntStream.range(0, rank).filter(i -> i != axis()).toArray());
            Step rows = sums(axis());
            List<Value> read = vectors == null || rows == null ? null : operands(rows, isMean);
            Value sum = read == null ? null : result(rows, G, read);
            Value raw = read == null ? null : result(rows, G.times(DISTANCE), read);
            Step dot = raw == null ? null : reader(raw);
            Step last = sum == null ? null : reader(sum);
            Value scale = dot == null ? null : scale(dot, raw);
            if (scale == null || last == null || last != reader(dot.out().getFirst()) || !isFormula(last)) {
                return null;
            }
            List<Value> operands = new ArrayList<>(read);
            operands.addAll(List.of(scale, sum, dot.out().getFirst()));
            Step step = step(operands, vectors, last);
            var found = step == null ? null : new LayerNormBackward(Set.of(vectors, rows, dot, last), step);
            return found != null && found.isReady(wiring) ? found : null;
        }

        /** The one step among the ends that makes two sums over these axes of what fills the space. */
        private Step sums(int... axes) {
            List<Step> all = ends.stream()
                    .filter(step -> step.kernel() instanceof Kernel.Reduce reduce
                            && reduce.fold() == Fold.SUM
                            && reduce.maps().size() == 2
                            && reduce.space().equals(of().input())
                            && Arrays.equals(reduce.axes(), axes))
                    .toList();
            return all.size() == 1 ? all.getFirst() : null;
        }

        /** x, dy, weight, mean; null if the sums along rows read anything else. */
        private List<Value> operands(Step rows, Predicate<Value> isMean) {
            Value x = moments.in().getFirst();
            List<Value> rest = new ArrayList<>(rows.in());
            rest.remove(x);
            Value mean = rest.stream().filter(isMean).findFirst().orElse(null);
            rest.remove(mean);
            if (mean == null || rest.size() != 2) {
                return null;
            }
            Value up = rest.remove(rest.getFirst().shape.equals(x.shape) ? 0 : 1);
            Value weight = rest.getFirst();
            boolean is = up.shape.equals(x.shape) && weight.shape.size() == x.shape.dim(axis());
            return is ? List.of(x, up, weight, mean) : null;
        }

        /** One over the deviation, if the step is the product of that and a sum; else null. */
        private Value scale(Step dot, Value raw) {
            if (!(dot.kernel() instanceof Kernel.Pointwise) || dot.in().size() != 2) {
                return null;
            }
            Value scale = dot.in().get(1 - dot.in().indexOf(raw));
            Expr product = Expr.in(dot.in().indexOf(raw)).times(Expr.in(dot.in().indexOf(scale)));
            return dot.formulas().equals(List.of(product)) && !Double.isNaN(eps(scale)) ? scale : null;
        }

        private double eps(Value scale) {
            Step maker = wiring.writer(scale);
            return maker == null ? Double.NaN : epsOf.applyAsDouble(maker);
        }

        private boolean isFormula(Step last) {
            return last.kernel() instanceof Kernel.Pointwise formula
                    && formula.space().equals(of().input())
                    && formula.formulas().size() == 1
                    && !last.isUpdate();
        }

        /** The one step that reads a value, which nobody asks for. */
        private Step reader(Value value) {
            return wiring.isFor(1, value) && !wiring.readers(value).getFirst().isView()
                    ? wiring.readers(value).getFirst()
                    : null;
        }

        /** All in one; null if the formula of dx or the gradients of weight and bias are something else. */
        private Step step(List<Value> operands, Step vectors, Step last) {
            List<Value> seen = new ArrayList<>(operands);
            seen.set(4, otherScale(vectors, operands));
            Value bias = result(vectors, UP, seen);
            Value weight = result(vectors, UP.times(DISTANCE.times(SCALE)), seen);
            if (weight == null) {
                weight = result(vectors, UP.times(DISTANCE).times(SCALE), seen);
            }
            double n = of().input().dim(axis());
            Expr dx = G.minus(SUM.plus(DISTANCE.times(SCALE).times(DOT)).times(1 / n))
                    .times(SCALE);
            List<Value> extras = new ArrayList<>(last.in());
            extras.removeAll(operands.subList(3, operands.size()));
            Expr after = LayerNorms.after(last.formulas().getFirst(), in(dx, operands, last), last.in(), extras);
            if (after == null || weight == null || bias == null || eps(seen.get(4)) != eps(operands.get(4))) {
                return null;
            }
            List<Value> used = IntStream.range(0, extras.size())
                    .filter(i -> after.inOrder().contains(Expr.in(1 + i)))
                    .mapToObj(extras::get)
                    .toList();
            Expr formula = after.substitute(i -> i == 0 ? Expr.in(0) : Expr.in(1 + used.indexOf(extras.get(i - 1))));
            var epilogue = new Kernel.Epilogue(
                    formula, used.stream().map(value -> value.shape).toList());
            List<Value> in = new ArrayList<>(operands.subList(0, 3));
            in.addAll(used);
            var kernel = new Kernel.LayerNormGradient(
                    of().input(), axis(), eps(operands.get(4)), operands.get(2).shape, epilogue);
            return new Step(kernel, in, List.of(last.out().getFirst(), weight, bias));
        }

        /** One over the deviation as the gradients of weight and bias read it: another step may have made that. */
        private static Value otherScale(Step vectors, List<Value> operands) {
            return vectors.in().stream()
                    .filter(value -> !operands.contains(value))
                    .findFirst()
                    .orElse(operands.get(4));
        }
    }

    /** A formula of the operands in terms of a step's own; of something that it does not have if it has not all of them. */
    private static Expr in(Expr formula, List<Value> operands, Step step) {
        return formula.substitute(i -> {
            int at = step.in().indexOf(operands.get(i));
            return Expr.in(at < 0 ? Integer.MAX_VALUE : at);
        });
    }

    /** What the step makes by this formula of the operands; null if it has no such. */
    private static Value result(Step step, Expr formula, List<Value> operands) {
        int at = step.formulas().indexOf(in(formula, operands, step));
        return at < 0 ? null : step.out().get(at);
    }

    /** Whether its operands are made when its first part begins; a variable is, and is written later. */
    private boolean isReady(Wiring wiring) {
        List<Step> steps = wiring.plan().steps();
        int first = steps.indexOf(first(wiring.plan()));
        return step.in().stream()
                .map(wiring::writer)
                .allMatch(writer -> writer == null || writer.isUpdate() || steps.indexOf(writer) < first);
    }

    /** What comes first of it in the plan: all that it makes is read behind. */
    Step first(Plan plan) {
        return parts.stream()
                .min(Comparator.comparingInt(plan.steps()::indexOf))
                .orElseThrow();
    }

    /** Whether a step makes way with it: a part of it, or what only parts of it read. */
    boolean has(Wiring wiring, Step step) {
        return parts.contains(step)
                || step.out().stream()
                        .allMatch(value -> !wiring.isOutput(value) && parts.containsAll(wiring.readers(value)));
    }

    Kernel.LayerNormGradient kernel() {
        return (Kernel.LayerNormGradient) step.kernel();
    }
}
