package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Joins a convolution or data gradient with what is computed of its result by channel or by plane (moments, sums), and a depthwise convolution also with
 * the convolution before it, if nothing else reads that one's result, into one {@link Kernel.Chain}, where the backend runs that better. The chain stands
 * where the last convolution stood.
 */
final class Chains {
    private final Wiring wiring;
    private final Backend backend;
    private final Map<Step, Integer> order = new HashMap<>();

    private Chains(Plan plan, Backend backend) {
        wiring = Wiring.of(plan);
        this.backend = backend;
        plan.steps().forEach(step -> order.put(step, order.size()));
    }

    static Plan of(Plan plan, Backend backend) {
        return new Chains(plan, backend).joined();
    }

    private Plan joined() {
        Map<Step, List<Step>> instead = new HashMap<>();
        Set<Step> gone = new HashSet<>();
        for (Step step : wiring.plan().steps()) {
            List<Step> links = gone.contains(step) ? List.of() : links(step, gone);
            if (links.size() > 1) {
                gone.addAll(links);
                instead.put(step, List.of(chain(links)));
            }
        }
        return wiring.with(instead, gone);
    }

    /** The longest run of steps around this one that the backend takes; the step alone if there is none. */
    private List<Step> links(Step step, Set<Step> gone) {
        if (!(step.kernel() instanceof Kernel.Conv2d conv) || conv.pass() == Kernel.Pass.FILTER || step.isUpdate()) {
            return List.of(step);
        }
        boolean depthwise = conv.shape().depthwise() && conv.pass() == Kernel.Pass.FORWARD;
        Step before = depthwise ? maker(step, gone) : null;
        Step follower = follower(step, gone);
        return Stream.of(run(before, step, follower), run(before, step, null), run(null, step, follower))
                .filter(links -> links.size() > 1 && backend.chains(kernel(links)))
                .findFirst()
                .orElse(List.of(step));
    }

    private static List<Step> run(Step before, Step step, Step follower) {
        return Stream.of(before, step, follower).filter(Objects::nonNull).toList();
    }

    /** The convolution that makes the first operand, for this step alone. */
    private Step maker(Step step, Set<Step> gone) {
        Value made = step.in().getFirst();
        Step maker = wiring.writer(made);
        boolean alone = maker != null
                && maker.kernel() instanceof Kernel.Conv2d
                && !gone.contains(maker)
                && !maker.isUpdate()
                && wiring.isFor(1, made)
                && step.in().stream().filter(made::equals).count() == 1;
        return alone ? maker : null;
    }

    /** What is computed of this step's result, and else of what is there when it runs. */
    private Step follower(Step step, Set<Step> gone) {
        Value made = step.out().getFirst();
        return wiring.readers(made).stream()
                .filter(reader -> reader.kernel() instanceof Kernel.Moments || made.shape.equals(sums(reader)))
                .filter(reader -> !gone.contains(reader) && !reader.isUpdate() && isThere(reader, step))
                .filter(reader -> backend.chains(kernel(List.of(step, reader))))
                .findFirst()
                .orElse(null);
    }
    /** The space of a reduction; null for others. */
    private static Shape sums(Step reader) {
        return reader.kernel() instanceof Kernel.Reduce reduce ? reduce.space() : null;
    }

    /** Whether the reader's other operands are made before the step runs. */
    private boolean isThere(Step reader, Step step) {
        Value made = step.out().getFirst();
        List<Value> others = new ArrayList<>(reader.in());
        others.remove(made); // once: what reads it twice is not there
        return others.stream()
                .map(wiring::writer)
                .allMatch(writer -> writer == null || order.get(writer) < order.get(step));
    }

    /** The same with {@code made} as its first operand. */
    private static Step first(Step reader, Value made) {
        int at = reader.in().indexOf(made);
        if (at == 0 || reader.formulas().isEmpty()) {
            return reader;
        }
        List<Value> operands = new ArrayList<>(reader.in());
        Collections.swap(operands, 0, at);
        List<Expr> formulas = reader.formulas().stream()
                .map(formula -> formula.substitute(i -> Expr.in(i == 0 ? at : i == at ? 0 : i)))
                .toList();
        return reader.withFormulas(operands, formulas);
    }

    private static List<Step> ordered(List<Step> links) {
        List<Step> ordered = new ArrayList<>(links.subList(0, 1));
        for (int i = 1; i < links.size(); i++) {
            ordered.add(first(links.get(i), links.get(i - 1).out().getFirst()));
        }
        return ordered;
    }

    private static Kernel.Chain kernel(List<Step> links) {
        List<Kernel> kernels = ordered(links).stream().map(Step::kernel).toList();
        boolean follows = !(kernels.getLast() instanceof Kernel.Conv2d);
        return new Kernel.Chain(kernels, follows ? 2 : 1);
    }

    private static Step chain(List<Step> links) {
        Kernel.Chain kernel = kernel(links);
        List<Step> ordered = ordered(links);
        List<Value> in = new ArrayList<>(ordered.getFirst().in());
        ordered.subList(1, ordered.size())
                .forEach(link -> in.addAll(link.in().subList(1, link.in().size())));
        List<Value> out = new ArrayList<>();
        ordered.subList(ordered.size() - kernel.kept(), ordered.size() - 1)
                .forEach(link -> out.add(link.out().getFirst()));
        out.addAll(ordered.getLast().out());
        return new Step(kernel, in, out);
    }
}
