package hoag.engine;

import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts formulas into what reads or makes their operands, so that fewer tensors go through memory: pointwise into pointwise, into reductions
 * and updates ({@link #chains}), reductions over the same operands into one ({@link #reductions}), pointwise into the convolution or product
 * before it ({@link #epilogues}).
 */
final class Fuse {
    /** Limits of one launch: beyond them a loop runs out of vector registers and the JIT out of patience. */
    private static final int MAX_OPERANDS = 12;

    private static final int MAX_FORMULA = 120;

    private Fuse() {}

    /** The step with these formulas over {@code operands}, of which it keeps those that a formula names. */
    static Step pruned(Step step, List<Value> operands, List<Expr> formulas) {
        List<Value> used = new ArrayList<>();
        List<Expr> renumbered = formulas.stream()
                .map(formula -> formula.substitute(i -> {
                    Value value = operands.get(i);
                    if (!used.contains(value)) {
                        used.add(value);
                    }
                    return Expr.in(used.indexOf(value));
                }))
                .toList();
        return step.withFormulas(used, renumbered);
    }

    // ---- pointwise into its readers

    /** Recomputes a pointwise result where it is read, if all its readers are formulas too and memory traffic does not grow. */
    static Plan chains(Plan plan) {
        Map<Value, List<Step>> readers = plan.readers();
        List<Step> steps = new ArrayList<>(plan.steps());
        Map<Value, Step> inlined = new HashMap<>();
        Map<Value, Step> makers = plan.writers();
        Set<Value> written = new HashSet<>();
        steps.stream().filter(Step::isUpdate).forEach(step -> written.addAll(step.out()));
        for (int i = 0; i < steps.size(); i++) {
            Step step = with(steps.get(i), inlined);
            steps.set(i, step);
            if (step.kernel() instanceof Kernel.Pointwise
                    && step.out().size() == 1
                    && !step.isUpdate()
                    && !plan.isOutput(step.out().getFirst())) {
                List<Step> current = readers.getOrDefault(step.out().getFirst(), List.of()).stream()
                        .map(reader -> with(reader, inlined))
                        .toList();
                boolean better = current.size() == 1 || !endsConvolution(step, readers, makers);
                boolean number = step.in().isEmpty()
                        && step.formulas().getFirst().children().isEmpty();
                if (number
                        || better
                                && current.stream().noneMatch(reader -> tooLate(step, reader, written))
                                && worthwhile(step, current)) {
                    inlined.put(step.out().getFirst(), step);
                }
            }
        }
        return new Plan(steps, plan.outputs())
                .live(); // without what was inlined, but for a number that is read by more than formulas
    }

    /** True if this formula can be the epilogue of a convolution or product that nothing else reads: then it is computed once and for nothing. */
    private static boolean endsConvolution(Step step, Map<Value, List<Step>> readers, Map<Value, Step> makers) {
        return step.in().stream().anyMatch(operand -> {
            Step maker = makers.get(operand);
            boolean convolution = maker != null
                    && (maker.kernel() instanceof Kernel.Conv2d || maker.kernel() instanceof Kernel.Product);
            return convolution
                    && operand.shape.equals(step.space())
                    && readers.get(operand).size() == 1;
        });
    }

    /** True if the reader runs after a variable that the step reads may have been written by another update. */
    private static boolean tooLate(Step step, Step reader, Set<Value> written) {
        return reader.isUpdate()
                && step.in().stream()
                        .anyMatch(value ->
                                written.contains(value) && !reader.out().contains(value));
    }

    private static Step with(Step step, Map<Value, Step> inlined) {
        Step result = step;
        for (Value operand : step.in()) {
            Step maker = inlined.get(operand);
            if (maker != null && !result.formulas().isEmpty()) {
                result = inline(maker, result);
            }
        }
        return result;
    }

    private static Step inline(Step maker, Step reader) {
        Value result = maker.out().getFirst();
        int at = reader.in().indexOf(result);
        if (at < 0) {
            return reader;
        }
        List<Value> operands = new ArrayList<>(reader.in());
        int shift = operands.size();
        operands.addAll(maker.in());
        Expr formula = maker.formulas().getFirst().substitute(i -> Expr.in(i + shift));
        return pruned(
                reader,
                operands,
                reader.formulas().stream()
                        .map(f -> f.substitute(i -> i == at ? formula : Expr.in(i)))
                        .toList());
    }

    private static boolean worthwhile(Step step, List<Step> readers) {
        if (readers.isEmpty()) {
            return false;
        }
        boolean trivial = step.formulas().getFirst().children().isEmpty(); // a constant, or an operand repeated
        int bytesNow = full(step, step.in()).size() + 1;
        int bytesThen = 0;
        for (Step reader : readers) {
            if (reader.formulas().isEmpty() || !trivial && !reader.space().equals(step.space())) {
                return false;
            }
            Step merged = inline(step, reader);
            if (merged.in().size() > MAX_OPERANDS
                    || merged.formulas().stream()
                                    .mapToInt(f -> f.inOrder().size())
                                    .sum()
                            > MAX_FORMULA) {
                return false;
            }
            Set<Value> before = full(step, reader.in());
            Set<Value> after = full(step, merged.in());
            bytesNow += before.size();
            bytesThen += after.size();
        }
        return trivial || bytesThen <= bytesNow;
    }

    /** The operands that fill the step's space. */
    private static Set<Value> full(Step step, List<Value> operands) {
        Set<Value> full = new LinkedHashSet<>(operands);
        full.removeIf(value -> value.shape.size() * 4L <= step.space().size());
        return full;
    }

    // ---- reductions beside each other

    /** Joins reductions over the same space that share an operand and do not wait for each other. */
    static Plan reductions(Plan plan) {
        List<Step> steps = new ArrayList<>(plan.steps());
        for (int i = 0; i < steps.size(); i++) {
            for (int j = i + 1; j < steps.size() && steps.get(i).kernel() instanceof Kernel.Reduce; j++) {
                if (joinable(steps, i, j)) {
                    steps.set(i, join(steps.get(i), steps.get(j)));
                    steps.remove(j--);
                }
            }
        }
        return new Plan(steps, plan.outputs());
    }

    private static boolean joinable(List<Step> steps, int i, int j) {
        if (!(steps.get(i).kernel() instanceof Kernel.Reduce a && steps.get(j).kernel() instanceof Kernel.Reduce b)
                || a.fold() != b.fold()
                || !a.space().equals(b.space())
                || !java.util.Arrays.equals(a.axes(), b.axes())) {
            return false;
        }
        Set<Value> shared = full(steps.get(i), steps.get(i).in());
        shared.retainAll(full(steps.get(j), steps.get(j).in()));
        Set<Value> operands = new HashSet<>(steps.get(i).in());
        operands.addAll(steps.get(j).in());
        Set<Value> madeBetween = new HashSet<>();
        steps.subList(i, j).forEach(step -> madeBetween.addAll(step.out()));
        return !shared.isEmpty()
                && operands.size() <= MAX_OPERANDS
                && steps.get(j).in().stream().noneMatch(madeBetween::contains);
    }

    private static Step join(Step a, Step b) {
        List<Value> operands = new ArrayList<>(a.in());
        int shift = operands.size();
        operands.addAll(b.in());
        List<Expr> maps = new ArrayList<>(a.formulas());
        b.formulas().forEach(map -> maps.add(map.substitute(i -> Expr.in(i + shift))));
        List<Value> out = new ArrayList<>(a.out());
        out.addAll(b.out());
        return pruned(new Step(a.kernel(), a.in(), out), operands, maps);
    }

    // ---- pointwise into the convolution or product before it

    static Plan epilogues(Plan plan, Backend backend) {
        Map<Value, List<Step>> readers = plan.readers();
        List<Step> steps = new ArrayList<>(plan.steps());
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.isView()
                    || step.out().size() != 1
                    || plan.isOutput(step.out().getFirst())
                    || hasEpilogue(step.kernel())) {
                continue;
            }
            List<Step> after = readers.getOrDefault(step.out().getFirst(), List.of());
            int at = after.size() == 1 ? steps.indexOf(after.getFirst()) : -1;
            if (at > i
                    && steps.get(at).kernel() instanceof Kernel.Pointwise formula
                    && formula.formulas().size() == 1
                    && !steps.get(at).isUpdate()
                    && formula.space().equals(step.out().getFirst().shape)) {
                Step fused = fused(step, steps.get(at), backend);
                if (fused != null) {
                    steps.set(at, fused);
                    steps.remove(i--);
                }
            }
        }
        return new Plan(steps, plan.outputs());
    }

    private static boolean hasEpilogue(Kernel kernel) {
        return switch (kernel) {
            case Kernel.Conv2d conv -> conv.epilogue() != null;
            case Kernel.Product product -> product.epilogue() != null;
            default -> true;
        };
    }

    private static Step fused(Step maker, Step reader, Backend backend) {
        Value result = maker.out().getFirst();
        List<Value> extras = new ArrayList<>(reader.in());
        extras.remove(result);
        Expr formula = reader.formulas()
                .getFirst()
                .substitute(i -> reader.in().get(i) == result
                        ? Expr.in(0)
                        : Expr.in(1 + extras.indexOf(reader.in().get(i))));
        var epilogue = new Kernel.Epilogue(
                formula, extras.stream().map(value -> value.shape).toList());
        if (!backend.fuses(maker.kernel(), epilogue)) {
            return null;
        }
        List<Value> in = new ArrayList<>(maker.in());
        in.addAll(extras);
        return new Step(with(maker.kernel(), epilogue), in, reader.out());
    }

    private static Kernel with(Kernel kernel, Kernel.Epilogue epilogue) {
        return switch (kernel) {
            case Kernel.Conv2d(var shape, var pass, var ignored) -> new Kernel.Conv2d(shape, pass, epilogue);
            case Kernel.Product p ->
                new Kernel.Product(
                        p.batch(), p.m(), p.n(), p.k(), p.transA(), p.transB(), p.batchedA(), p.batchedB(), epilogue);
            default -> throw new IllegalStateException("no epilogue for " + kernel);
        };
    }
}
