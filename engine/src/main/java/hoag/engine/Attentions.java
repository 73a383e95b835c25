package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Kernel.Slice;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds softmax(f(q k')) v, as {@link Attention#of} makes it and {@link Fuse} leaves it, and makes one {@link Kernel.Attention} of it where the backend runs that
 * better: product, fold for the largest score, fold for the sum, formula, product. What split q, k and v from one tensor, and what joined the heads, becomes a matter of
 * where the kernel reads and writes; what is added to the scores may be a bias. Where a gradient reads the weights, it becomes one {@link Kernel.AttentionGradient} ({@link
 * AttentionBackward}); where anything else reads them or the scores the plan stays.
 */
final class Attentions {
    private final Wiring wiring;
    private final Backend backend;

    private Attentions(Plan plan, Backend backend) {
        wiring = Wiring.of(plan);
        this.backend = backend;
    }

    static Plan of(Plan plan, Backend backend) {
        return new Attentions(plan, backend).joined();
    }

    private Plan joined() {
        Map<Step, List<Step>> instead = new HashMap<>();
        Set<Step> gone = new HashSet<>();
        for (Step step : wiring.plan().steps()) {
            Found found = find(step);
            if (found != null) {
                gone.addAll(found.gone);
                instead.putAll(found.instead);
            }
        }
        return wiring.with(instead, gone);
    }

    /**
     * @param gone the steps that go
     * @param instead what stands in the place of some of them
     */
    private record Found(List<Step> gone, Map<Step, List<Step>> instead) {}

    /** What begins with this product of queries and keys; null if that is no attention. */
    private Found find(Step step) {
        if (!(step.kernel() instanceof Kernel.Product scores) || !isBatched(scores, true)) {
            return null;
        }
        Value made = wiring.seen(step.out().getFirst());
        if (made != null && !isRows(made.shape, scores)) {
            return null;
        }
        Step top = made == null ? null : reader(made, 3, Fold.MAX);
        Step sum = top == null ? null : reader(made, 3, Fold.SUM);
        Step divide = sum == null ? null : reader(made, 3, null);
        if (divide == null || top.in().size() > 2 || !top.in().contains(made)) {
            return null;
        }
        Value bias =
                top.in().stream().filter(value -> value != made).findFirst().orElse(null);
        Expr formula = isSoftmax(made, bias, top, sum, divide);
        if (formula == null || bias != null && !goesRound(made.shape, bias.shape, scores.m())) {
            return null;
        }
        Value weights = divide.out().getFirst();
        List<Step> uses = wiring.uses(weights);
        Step mix = uses.stream().filter(use -> isMix(use, scores)).findFirst().orElse(null);
        if (mix == null || AttentionBackward.maker(wiring, mix.in().getFirst()) != divide) {
            return null;
        }
        if (uses.size() == 1) {
            return found(step, mix, bias, formula, null);
        }
        var backward = AttentionBackward.find(wiring, step, weights, mix);
        return backward == null ? null : found(step, mix, bias, formula, backward);
    }

    /** Weights times values. */
    private static boolean isMix(Step use, Kernel.Product scores) {
        return use.kernel() instanceof Kernel.Product mix
                && isBatched(mix, false)
                && mix.batch() == scores.batch()
                && mix.m() == scores.m()
                && mix.k() == scores.n();
    }

    private static boolean isBatched(Kernel.Product product, boolean turned) {
        return product.batchedA()
                && product.batchedB()
                && !product.transA()
                && product.inputs().stream().noneMatch(shape -> shape.size() == 0)
                && product.transB() == turned
                && product.epilogue() == null;
    }

    /** Whether a softmax along the last axis of this is one over the keys, of all scores. */
    private static boolean isRows(Shape seen, Kernel.Product scores) {
        return seen.rank() > 0 && seen.dim(-1) == scores.n() && seen.size() == scores.batch() * scores.m() * scores.n();
    }

    /** The one reader of so many that folds the last axis so, or is a formula if {@code fold} is null. */
    private Step reader(Value of, int count, Fold fold) {
        List<Step> all = wiring.readers(of);
        List<Step> some = all.stream().filter(step -> isFold(step, of, fold)).toList();
        return all.size() == count && some.size() == 1 ? some.getFirst() : null;
    }

    private boolean isFold(Step step, Value of, Fold fold) {
        boolean single = step.out().size() == 1 && !wiring.isOutput(step.out().getFirst());
        return single
                && of.shape.equals(step.space())
                && switch (step.kernel()) {
                    case Kernel.Reduce reduce ->
                        reduce.fold() == fold && reduce.axes().length == 1 && reduce.axes()[0] == of.shape.rank() - 1;
                    case Kernel.Pointwise ignored -> fold == null;
                    default -> false;
                };
    }

    /** Whether a bias over the scores (..., queries, keys) begins again after some of their matrices: none of its leading axes is 1 behind one that is not. */
    private static boolean goesRound(Shape scores, Shape bias, int queries) {
        if (scores.rank() < 2 || scores.dim(-2) != queries) {
            return false;
        }
        Shape full = bias.padded(scores.rank());
        int lead = scores.rank() - 2;
        boolean ended = full.dim(lead) != scores.dim(lead) || full.dim(lead + 1) != scores.dim(lead + 1);
        boolean repeats = false;
        for (int axis = lead - 1; axis >= 0; axis--) {
            ended |= repeats && full.dim(axis) != 1;
            repeats |= full.dim(axis) != scores.dim(axis);
        }
        return !ended;
    }

    /** top = max f(x), sum = sum exp(f(x) - top), divide = exp(f(x) - top) / sum, and nobody else reads any of it: f of scores and bias, else null. */
    private Expr isSoftmax(Value scores, Value bias, Step top, Step sum, Step divide) {
        Map<Value, Integer> numbers = new HashMap<>(
                Map.of(scores, 0, top.out().getFirst(), 2, sum.out().getFirst(), 3));
        if (bias != null) {
            numbers.put(bias, 1);
        }
        Expr f = renamed(top, numbers);
        Expr e = f.minus(Expr.in(2)).exp();
        boolean is = numbers.keySet().containsAll(sum.in())
                && numbers.keySet().containsAll(divide.in())
                && renamed(sum, numbers).equals(e)
                && renamed(divide, numbers).equals(e.over(Expr.in(3)))
                && wiring.readers(top.out().getFirst()).size() == 2
                && wiring.readers(sum.out().getFirst()).size() == 1;
        return is ? f : null;
    }

    private static Expr renamed(Step step, Map<Value, Integer> numbers) {
        return step.formulas()
                .getFirst()
                .substitute(i -> Expr.in(numbers.get(step.in().get(i))));
    }

    private Found found(Step scores, Step mix, Value bias, Expr formula, AttentionBackward backward) {
        Value result = mix.out().getFirst();
        Value seen = wiring.seen(result);
        List<Step> after = seen == null ? List.of() : wiring.readers(seen);
        Kernel.Product product = (Kernel.Product) mix.kernel();
        boolean joins = after.size() == 1
                && areHeads(seen.shape, product)
                && after.getFirst().kernel() instanceof Kernel.Move move
                && move.mover().equals(new Mover.Permute(List.of(0, 2, 1, 3)));
        if (joins) {
            Shape s = seen.shape;
            Step last = after.getFirst();
            List<Step> joined = attention(
                    scores, mix, bias, formula, s.dim(0), s.dim(1), last.out().getFirst());
            Found found = with(backward, joined, List.of(mix, last));
            if (found != null) {
                return found;
            }
        }
        int batch = product.batch();
        Value plain = Value.made(Shape.of(batch, result.shape.dim(1), 1, result.shape.dim(2)));
        List<Step> apart = new ArrayList<>(attention(scores, mix, bias, formula, batch, 1, plain));
        if (apart.isEmpty()) {
            return null;
        }
        apart.add(Step.view(plain, result, 0));
        return with(backward, apart, List.of(mix));
    }

    /** The attention in the place of the last of what goes, and its gradient, if there is one; null if the backend does not take either. */
    private Found with(AttentionBackward backward, List<Step> attention, List<Step> goes) {
        if (attention.isEmpty()) {
            return null;
        }
        Map<Step, List<Step>> instead = new HashMap<>(Map.of(goes.getLast(), attention));
        if (backward == null) {
            return new Found(goes, instead);
        }
        Step step = attention.stream()
                .filter(each -> each.kernel() instanceof Kernel.Attention)
                .findFirst()
                .orElseThrow();
        Step gradient = backward.step(wiring, step);
        if (!backend.attends((Kernel.AttentionGradient) gradient.kernel())) {
            return null;
        }
        instead.put(backward.first(wiring.plan()), List.of(gradient));
        List<Step> gone = new ArrayList<>(goes);
        gone.addAll(backward.gone(wiring, gradient));
        return new Found(gone, instead);
    }

    /** Whether the product's result is seen as (items, heads, queries, elements), one matrix a head. */
    private static boolean areHeads(Shape s, Kernel.Product product) {
        return s.rank() == 4
                && s.dim(0) * s.dim(1) == product.batch()
                && s.dim(2) == product.m()
                && s.dim(3) == product.n();
    }

    /** Empty if the backend does not take it. */
    private List<Step> attention(Step scores, Step mix, Value bias, Expr formula, int batch, int heads, Value result) {
        Kernel.Product first = (Kernel.Product) scores.kernel();
        Kernel.Product second = (Kernel.Product) mix.kernel();
        Place q = place(wiring, scores.in().get(0), batch, heads, first.m(), first.k());
        Place k = place(wiring, scores.in().get(1), batch, heads, first.n(), first.k());
        Place v = place(wiring, mix.in().get(1), batch, heads, second.k(), second.n());
        List<Value> in = new ArrayList<>(List.of(q.in, k.in, v.in));
        List<Step> steps = new ArrayList<>();
        if (bias != null) {
            int each = first.m() * first.n();
            Value round = Value.made(Shape.of(bias.shape.size() / each, first.m(), first.n(), 1));
            steps.add(Step.view(bias, round, 0));
            in.add(round);
        }
        var kernel = new Kernel.Attention(
                batch,
                heads,
                first.m(),
                first.n(),
                first.k(),
                second.n(),
                formula,
                in.stream().map(value -> value.shape).toList(),
                q.at,
                k.at,
                v.at);
        steps.add(new Step(kernel, in, List.of(result)));
        return backend.attends(kernel) ? steps : List.of();
    }

    record Place(Value in, Slice at) {}

    /** Where (batch, heads, tokens, width) really lies: in the tensor that it was split from, or where it stands. */
    static Place place(Wiring wiring, Value value, int batch, int heads, int tokens, int width) {
        Shape four = Shape.of(batch, heads, tokens, width);
        Value from = value;
        int offset = 0;
        for (Step view = wiring.writer(from); view != null && view.isView(); view = wiring.writer(from)) {
            offset += view.offset();
            from = view.in().getFirst();
        }
        Step move = wiring.writer(from);
        if (move != null
                && move.kernel() instanceof Kernel.Move(Shape in, Mover.Permute(List<Integer> order))
                && endsWith(from.shape, four)
                && order.getLast() == in.rank() - 1
                && offset % four.size() == 0) {
            return new Place(move.in().getFirst(), slice(in.strides(), order, from.shape, offset));
        }
        return new Place(value, plain(heads, tokens, width));
    }

    /** Of (batch, heads, tokens, width). */
    static Slice plain(int heads, int tokens, int width) {
        return new Slice(0, heads * tokens * width, tokens * width, width);
    }

    private static boolean endsWith(Shape shape, Shape four) {
        int lead = shape.rank() - 4;
        return lead >= 0 && four.equals(Shape.of(java.util.Arrays.copyOfRange(shape.toArray(), lead, shape.rank())));
    }

    /** The element {@code offset} of a permuted tensor, and how its last four axes step, in the tensor that was permuted. */
    private static Slice slice(int[] strides, List<Integer> order, Shape permuted, int offset) {
        int lead = permuted.rank() - 4;
        int[] own = permuted.strides();
        int start = 0;
        for (int axis = 0; axis < lead; axis++) {
            start += offset / own[axis] % permuted.dim(axis) * strides[order.get(axis)];
        }
        return new Slice(start, strides[order.get(lead)], strides[order.get(lead + 1)], strides[order.get(lead + 2)]);
    }
}
