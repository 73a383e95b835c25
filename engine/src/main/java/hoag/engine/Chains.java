package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Kernel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins a depthwise convolution with the convolution before it, if nothing else reads that one's result, and with the sums of its own result
 * over the pixels, into one {@link Kernel.Chain}, where the backend runs that better. The chain stands where the depthwise convolution stood.
 */
final class Chains {
    private final Plan plan;
    private final Backend backend;
    private final Map<Value, Step> writers;
    private final Map<Value, List<Step>> readers;

    private Chains(Plan plan, Backend backend) {
        this.plan = plan;
        this.backend = backend;
        writers = plan.writers();
        readers = plan.readers();
    }

    static Plan of(Plan plan, Backend backend) {
        return new Chains(plan, backend).joined();
    }

    private Plan joined() {
        List<Step> steps = new ArrayList<>();
        Set<Step> gone = new HashSet<>();
        for (Step step : plan.steps()) {
            if (gone.contains(step)) {
                continue;
            }
            List<Step> links = links(step, gone);
            if (links.size() == 1) {
                steps.add(step);
            } else {
                gone.addAll(links);
                steps.removeAll(links);
                steps.add(chain(links));
            }
        }
        return new Plan(steps, plan.outputs());
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
        Step maker = writers.get(made);
        boolean alone = maker != null
                && maker.kernel() instanceof Kernel.Conv2d
                && !gone.contains(maker)
                && !maker.isUpdate()
                && readers.get(made).size() == 1
                && step.in().stream().filter(made::equals).count() == 1
                && !plan.isOutput(made);
        return alone ? maker : null;
    }

    /** The reduction that reads nothing but this step's result. */
    private Step sums(Step step) {
        return readers.getOrDefault(step.out().getFirst(), List.of()).stream()
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
