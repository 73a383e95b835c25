package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.Unary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds f((x - mean) / sqrt(variance + eps)) along one axis, as {@link Norms#layer} makes it and {@link Narrow} and {@link Fuse} leave it, and makes one {@link
 * Kernel.LayerNorm} of it where the backend runs that better: moments, one over the deviation, formula. Where a gradient reads mean and deviation too, it becomes one {@link
 * Kernel.LayerNormGradient} ({@link LayerNormBackward}); where anything else reads them the plan stays.
 */
final class LayerNorms {
    private final Wiring wiring;
    private final Backend backend;

    private LayerNorms(Plan plan, Backend backend) {
        wiring = Wiring.of(plan);
        this.backend = backend;
    }

    static Plan of(Plan plan, Backend backend) {
        return new LayerNorms(plan, backend).joined();
    }

    private Plan joined() {
        Map<Step, List<Step>> instead = new HashMap<>();
        Set<Step> gone = new HashSet<>();
        for (Step step : wiring.plan().steps()) {
            if (step.kernel() instanceof Kernel.Moments moments && moments.axes().length == 1) {
                join(step, instead, gone);
            }
        }
        return wiring.with(instead, gone);
    }

    private void join(Step moments, Map<Step, List<Step>> instead, Set<Step> gone) {
        Set<Step> ends = new HashSet<>();
        ends(moments.out().getFirst(), ends);
        LayerNormBackward backward = LayerNormBackward.find(
                wiring,
                moments,
                ends,
                value -> isAlong(value.shape, (Kernel.Moments) moments.kernel())
                        && isPart(value, moments.out().getFirst(), 0),
                step -> deviation(step, moments));
        if (backward != null && !backend.normalizes(backward.kernel())) {
            return;
        }
        ends.removeIf(end -> backward != null && backward.has(wiring, end));
        Step formula = formula(moments, ends);
        Step norm = formula == null ? null : norm(moments, formula, ends, backward);
        if (norm == null || !backend.normalizes((Kernel.LayerNorm) norm.kernel())) {
            return;
        }
        instead.put(formula, List.of(norm));
        if (backward != null) {
            instead.put(backward.first(wiring.plan()), List.of(backward.step()));
            gone.addAll(backward.parts());
        }
    }

    /** The one formula that ends what the moments are made for; null if they are read by more. */
    private static Step formula(Step moments, Set<Step> ends) {
        Step formula = null;
        for (Step end : ends) {
            if (end.kernel() instanceof Kernel.Pointwise
                    && end.in().contains(moments.in().getFirst())) {
                formula = formula == null ? end : null;
            }
        }
        boolean whole = formula != null
                && !formula.isUpdate()
                && formula.formulas().size() == 1
                && formula.space().equals(((Kernel.Moments) moments.kernel()).input());
        return whole && ends.size() == 2 ? formula : null; // the other one makes 1 / deviation
    }

    /** What reads a value through views, and what reads what a formula makes of it; a plan's outputs end it with themselves. */
    private void ends(Value value, Set<Step> into) {
        for (Step reader : wiring.readers(value)) {
            if (reader.isView()) {
                ends(reader.out().getFirst(), into);
            } else {
                into.add(reader);
            }
        }
        if (wiring.isOutput(value)) {
            into.add(wiring.writer(value));
        }
    }

    private Step norm(Step moments, Step formula, Set<Step> ends, LayerNormBackward backward) {
        Value x = moments.in().getFirst();
        Value mean = null;
        Value scale = null;
        double eps = Double.NaN;
        for (Value operand : formula.in()) {
            if (!isAlong(operand.shape, (Kernel.Moments) moments.kernel())) {
                continue; // another row's, or something else
            }
            if (isPart(operand, moments.out().getFirst(), 0)) {
                mean = operand;
            } else if (ends.contains(wiring.writer(operand)) && isFor(operand, formula, backward)) {
                scale = operand;
                eps = deviation(wiring.writer(operand), moments);
            }
        }
        if (mean == null || scale == null || Double.isNaN(eps)) {
            return null;
        }
        List<Value> extras = new ArrayList<>(formula.in());
        extras.removeAll(List.of(mean, scale));
        List<Value> in = formula.in();
        Expr standard = Expr.in(in.indexOf(x)).minus(Expr.in(in.indexOf(mean))).times(Expr.in(in.indexOf(scale)));
        Expr result = after(formula.formulas().getFirst(), standard, in, extras);
        return result == null ? null : step(moments, formula, eps, result, extras);
    }

    /** Whether only these read a value. */
    private boolean isFor(Value value, Step formula, LayerNormBackward backward) {
        return wiring.readers(value).stream()
                .allMatch(reader -> reader == formula
                        || backward != null && backward.parts().contains(reader));
    }

    private static Step step(Step moments, Step formula, double eps, Expr result, List<Value> extras) {
        Value x = moments.in().getFirst();
        boolean again = result.inOrder().contains(Expr.in(1 + extras.indexOf(x)));
        List<Value> others = new ArrayList<>(extras);
        if (!again) {
            others.remove(x);
        }
        Expr renamed = result.substitute(i -> i == 0 ? Expr.in(0) : Expr.in(1 + others.indexOf(extras.get(i - 1))));
        var kernel = (Kernel.Moments) moments.kernel();
        var epilogue = new Kernel.Epilogue(
                renamed, others.stream().map(value -> value.shape).toList());
        others.addFirst(x);
        return new Step(new Kernel.LayerNorm(kernel.input(), kernel.axes()[0], eps, epilogue), others, formula.out());
    }

    /** The number in 1 / sqrt(variance + eps) of these moments; NaN if a step makes anything else. */
    private double deviation(Step step, Step moments) {
        int half = moments.out().getFirst().shape.size() / 2;
        boolean is = step.kernel() instanceof Kernel.Pointwise
                && step.in().size() == 1
                && step.out().size() == 1
                && !wiring.isOutput(step.out().getFirst())
                && isPart(step.in().getFirst(), moments.out().getFirst(), half);
        return is ? eps(step.formulas()) : Double.NaN;
    }

    /** One number for each row of what the moments are of. */
    private static boolean isAlong(Shape shape, Kernel.Moments moments) {
        Shape x = moments.input();
        return shape.rank() <= x.rank() && shape.padded(x.rank()).equals(x.with(moments.axes()[0], 1));
    }

    /** True if the value is that part of the moments, seen through views. */
    private boolean isPart(Value value, Value moments, int offset) {
        int left = offset;
        Value at = value;
        while (at != moments) {
            Step view = wiring.writer(at);
            if (view == null || !view.isView()) {
                return false;
            }
            left -= view.offset();
            at = view.in().getFirst();
        }
        return left == 0 && value.shape.size() * 2 == moments.shape.size();
    }

    /** Of 1 / sqrt(x + eps); else NaN. */
    private static double eps(List<Expr> formulas) {
        return formulas.size() == 1
                        && formulas.getFirst()
                                instanceof
                                Expr.Apply2(
                                        Binary over,
                                        Expr one,
                                        Expr.Apply1(
                                                Unary root,
                                                Expr.Apply2(Binary sum, Expr.In ignored, Expr.Const(double eps))))
                        && over == Binary.DIV
                        && one.is(1)
                        && root == Unary.SQRT
                        && sum == Binary.ADD
                ? eps
                : Double.NaN;
    }

    /** The formula of the standardised value, In(0), and the extras, In(1).. ; null if it reads mean or deviation in any other way. */
    static Expr after(Expr e, Expr standard, List<Value> in, List<Value> extras) {
        if (e.equals(standard)) {
            return Expr.in(0);
        }
        List<Expr> parts = new ArrayList<>();
        for (Expr child : e.children()) {
            parts.add(after(child, standard, in, extras));
        }
        if (parts.contains(null)) {
            return null;
        }
        return switch (e) {
            case Expr.In(int index) ->
                extras.contains(in.get(index)) ? Expr.in(1 + extras.indexOf(in.get(index))) : null;
            case Expr.Const ignored -> e;
            case Expr.Apply1(Unary op, Expr ignored) -> parts.getFirst().apply(op);
            case Expr.Apply2(Binary op, Expr a, Expr b) -> parts.get(0).apply(op, parts.get(1));
            case Expr.Where ignored -> Expr.where(parts.get(0), parts.get(1), parts.get(2));
        };
    }
}
