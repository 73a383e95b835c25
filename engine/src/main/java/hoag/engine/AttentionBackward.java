package hoag.engine;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Kernel.Slice;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradient of an attention as {@link Gradients} makes it of {@link Attention#of} and {@link Fuse} leaves it. With the weights P and the result's gradient dY: dP = dY V', dV
 * = P' dY, the sum of P dP over the keys, dS = scale P (dP - sum), dQ = dS K, dK = dS' Q. Nothing else may read P, dP or dS: where a bias of the scores has a
 * gradient, that does, and the plan stays.
 */
record AttentionBackward(Step weightUps, Step dot, Step scoreUps, double scale, Step dq, Step dk, Step dv) {
    /** Null if the weights are read by anything else. */
    static AttentionBackward find(Wiring wiring, Step scores, Value weights, Step mix) {
        List<Step> uses = wiring.uses(weights);
        Step dv = product(uses, true, false);
        Step dot = uses.stream().filter(use -> isSum(use, weights)).findFirst().orElse(null);
        if (uses.size() != 4
                || dv == null
                || dot == null
                || dv.in().getFirst() != mix.in().getFirst()) {
            return null;
        }
        Value seen = dot.in().get(1 - dot.in().indexOf(weights));
        Step dp = maker(wiring, seen);
        Step ds = formula(wiring, weights, seen, dot);
        if (dp == null
                || ds == null
                || !(dp.kernel() instanceof Kernel.Product of)
                || !isPlain(of, false, true)
                || dp.in().get(0) != dv.in().get(1)
                || dp.in().get(1) != mix.in().get(1)
                || !wiring.uses(dp.out().getFirst()).equals(List.of(dot, ds))) {
            return null;
        }
        List<Step> last = wiring.uses(ds.out().getFirst());
        Step dq = product(last, false, false);
        Step dk = product(last, true, false);
        boolean is = last.size() == 2
                && dq != null
                && dk != null
                && dq.in().get(1) == scores.in().get(1)
                && dk.in().get(1) == scores.in().get(0)
                && dq.in().get(0) == dk.in().get(0)
                && !wiring.isOutput(dot.out().getFirst());
        return is ? new AttentionBackward(dp, dot, ds, scale(ds, weights, seen, dot), dq, dk, dv) : null;
    }

    private static Step product(List<Step> among, boolean transA, boolean transB) {
        return among.stream()
                .filter(step -> step.kernel() instanceof Kernel.Product of && isPlain(of, transA, transB))
                .findFirst()
                .orElse(null);
    }

    private static boolean isPlain(Kernel.Product of, boolean transA, boolean transB) {
        return of.transA() == transA
                && of.transB() == transB
                && of.batchedA()
                && of.batchedB()
                && of.epilogue() == null;
    }

    /** The sum of weights times something, over the keys. */
    private static boolean isSum(Step step, Value weights) {
        return step.kernel() instanceof Kernel.Reduce reduce
                && reduce.fold() == Fold.SUM
                && reduce.space().equals(weights.shape)
                && reduce.axes().length == 1
                && reduce.axes()[0] == weights.shape.rank() - 1
                && step.out().size() == 1
                && step.in().size() == 2
                && step.in().contains(weights)
                && step.formulas().getFirst().equals(Expr.in(0).times(Expr.in(1)));
    }

    /** What made the whole of what this looks at. */
    static Step maker(Wiring wiring, Value value) {
        Step step = wiring.writer(value);
        return step != null && step.isView() && step.offset() == 0 && size(step.in()) == size(step.out())
                ? maker(wiring, step.in().getFirst())
                : step;
    }

    private static int size(List<Value> of) {
        return of.getFirst().shape.size();
    }

    /** The one formula of weights, their gradients and the sum that is a gradient of scores; null if there is none. */
    private static Step formula(Wiring wiring, Value weights, Value ups, Step dot) {
        List<Step> readers = wiring.uses(dot.out().getFirst());
        return readers.size() == 1
                        && readers.getFirst().kernel() instanceof Kernel.Pointwise of
                        && of.space().equals(weights.shape)
                        && of.formulas().size() == 1
                        && !Double.isNaN(scale(readers.getFirst(), weights, ups, dot))
                ? readers.getFirst()
                : null;
    }

    /** The number in scale (ups - dot) weights; NaN for any other formula. */
    private static double scale(Step step, Value weights, Value ups, Step dot) {
        List<Value> operands = List.of(ups, dot.out().getFirst(), weights);
        if (!operands.containsAll(step.in())) {
            return Double.NaN;
        }
        Expr formula = step.formulas()
                .getFirst()
                .substitute(i -> Expr.in(operands.indexOf(step.in().get(i))));
        Expr one = Expr.in(0).minus(Expr.in(1)).times(Expr.in(2));
        double scale = formula.evaluate(operand -> operand == 1 ? 0 : 1);
        return formula.equals(one) || formula.equals(one.times(scale)) ? scale : Double.NaN;
    }

    /** What comes first of it in the plan: its operands are made by then. */
    Step first(Plan plan) {
        return plan.steps().indexOf(weightUps) < plan.steps().indexOf(dv) ? weightUps : dv;
    }

    /** All that goes where {@link #step} stands. */
    List<Step> gone(Wiring wiring, Step step) {
        List<Step> gone = new ArrayList<>(List.of(weightUps, dot, scoreUps, dq, dk, dv));
        if (step.out().size() == 1) {
            gone.addAll(joined(wiring));
        }
        return gone;
    }

    /** The gradient of that attention as one step: into the tensor from which queries, keys and values were split, if they were, or into three. */
    Step step(Wiring wiring, Step attention) {
        var of = (Kernel.Attention) attention.kernel();
        var up = Attentions.place(wiring, dv.in().get(1), of.batch(), of.heads(), of.queries(), of.out());
        List<Value> in = new ArrayList<>(attention.in());
        in.add(up.in());
        List<Step> joined = joined(wiring);
        boolean one = !joined.isEmpty()
                && joined.getFirst()
                        .out()
                        .getFirst()
                        .shape
                        .equals(Shape.of(3, of.batch(), of.heads(), of.keys(), of.width()));
        List<Value> out = one
                ? joined.getLast().out()
                : List.of(dq.out().getFirst(), dk.out().getFirst(), dv.out().getFirst());
        Slice queries = one ? part(wiring, joined, dq) : Attentions.plain(of.heads(), of.queries(), of.width());
        Slice keys = one ? part(wiring, joined, dk) : Attentions.plain(of.heads(), of.keys(), of.width());
        Slice values = one ? part(wiring, joined, dv) : Attentions.plain(of.heads(), of.keys(), of.out());
        List<Shape> shapes = out.stream().map(value -> value.shape).toList();
        var kernel = new Kernel.AttentionGradient(of, up.in().shape, up.at(), scale, shapes, queries, keys, values);
        return new Step(kernel, in, out);
    }

    /** What puts the three gradients behind each other, and what permutes that, if they do nothing else; else empty. */
    private List<Step> joined(Wiring wiring) {
        List<Step> concat = wiring.uses(dq.out().getFirst());
        boolean same = concat.size() == 1
                && concat.getFirst().kernel() instanceof Kernel.Concat of
                && of.axis() == 0
                && of.inputs().size() == 3
                && concat.equals(wiring.uses(dk.out().getFirst()))
                && concat.equals(wiring.uses(dv.out().getFirst()));
        List<Step> move = same ? wiring.uses(concat.getFirst().out().getFirst()) : List.of();
        return move.size() == 1
                        && move.getFirst().in().getFirst()
                                == concat.getFirst().out().getFirst()
                        && move.getFirst().kernel() instanceof Kernel.Move permute
                        && permute.mover() instanceof Mover.Permute(List<Integer> order)
                        && order.getLast() == order.size() - 1
                ? List.of(concat.getFirst(), move.getFirst())
                : List.of();
    }

    /** Where the permuted tensor has the gradient that this step made. */
    private static Slice part(Wiring wiring, List<Step> joined, Step made) {
        int number = joined.getFirst().in().stream()
                .map(value -> maker(wiring, value))
                .toList()
                .indexOf(made);
        var permute = (Mover.Permute) ((Kernel.Move) joined.getLast().kernel()).mover();
        int[] strides = joined.getLast().out().getFirst().shape.strides();
        int[] of = new int[5];
        for (int axis = 0; axis < of.length; axis++) {
            of[axis] = strides[permute.order().indexOf(axis)];
        }
        return new Slice(number * of[0], of[1], of[2], of[3]);
    }
}
