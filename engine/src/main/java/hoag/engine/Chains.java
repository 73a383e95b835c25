package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Kernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins a depthwise convolution with the convolution before it, if nothing else reads that one's result, and with the sums of its own result
 * over the pixels, into one {@link Kernel.Chain}, where the backend runs that better. The chain stands where the depthwise convolution stood.
 */
final class Chains {
    private final Wiring wiring;
    private final Backend backend;

    private Chains(Plan plan, Backend backend) {
        wiring = Wiring.of(plan);
        this.backend = backend;
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
        if (!(step.kernel() instanceof Kernel.Conv2d conv)
                || !conv.shape().depthwise()
                || conv.pass() != Kernel.Pass.FORWARD) {
            return List.of(step);
        }
        Step before = maker(step, gone);
        Step sums = sums(step);
        return java.util.stream.Stream.of(links(before, step, sums), links(before, step, null), links(null, step, sums))
                .filter(links -> links.size() > 1 && backend.chains(kernel(links)))
                .findFirst()
                .orElse(List.of(step));
    }

    private static List<Step> links(Step before, Step step, Step sums) {
        return java.util.stream.Stream.of(before, step, sums)
                .filter(java.util.Objects::nonNull)
                .toList();
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

    /** The reduction that reads nothing but this step's result. */
    private Step sums(Step step) {
        return wiring.readers(step.out().getFirst()).stream()
                .filter(reader -> reader.kernel() instanceof Kernel.Reduce
                        && reader.in().size() == 1
                        && reader.out().size() == 1
                        && !reader.isUpdate())
                .findFirst()
                .orElse(null);
    }

    private static Kernel.Chain kernel(List<Step> links) {
        int kept = links.getLast().kernel() instanceof Kernel.Reduce ? 2 : 1;
        return new Kernel.Chain(links.stream().map(Step::kernel).toList(), kept);
    }

    private static Step chain(List<Step> links) {
        Kernel.Chain kernel = kernel(links);
        List<Value> in = new ArrayList<>(links.getFirst().in());
        links.subList(1, links.size())
                .forEach(link -> in.addAll(link.in().subList(1, link.in().size())));
        List<Value> out = links.subList(links.size() - kernel.kept(), links.size()).stream()
                .map(link -> link.out().getFirst())
                .toList();
        return new Step(kernel, in, out);
    }
}
