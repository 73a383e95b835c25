package hoag.engine;

import hoag.kernels.Launch;
import hoag.kernels.Machine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One line a launch: what, shapes, algorithm, work, time. */
final class Explain {
    private static final int ROUNDS = 5;

    private Explain() {}

    static String of(Program program, Workspace workspace) {
        List<LaunchCost> costs = costs(program, workspace, ROUNDS);
        Machine limit = workspace == null ? Machine.UNKNOWN : program.backend.peak();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%-9s %-34s %-26s %9s %9s %8s %8s %7s %6s",
                "kernel",
                "result",
                "algorithm",
                "MFLOP",
                "KiB",
                "ms",
                "GFLOP/s",
                "GB/s",
                "limit"));
        costs.forEach(cost -> lines.add(line(cost, limit)));
        double total = costs.stream().mapToDouble(LaunchCost::millis).sum();
        lines.add(String.format(
                Locale.ROOT,
                "%d launches, %.1f MFLOP, workspace %.1f MiB%s",
                costs.size(),
                costs.stream().mapToDouble(LaunchCost::flops).sum() / 1e6,
                program.workspaceBytes() / 1048576.0,
                workspace == null ? "" : String.format(Locale.ROOT, ", %.2f ms", total)));
        return String.join("\n", lines);
    }

    /** Every launch in order, timed within {@code rounds} whole runs; not run if {@code workspace} is null. */
    static List<LaunchCost> costs(Program program, Workspace workspace, int rounds) {
        double[] ms = workspace == null ? null : workspace.times(rounds);
        List<LaunchCost> costs = new ArrayList<>();
        for (int i = 0; i < program.plan.steps().size(); i++) {
            Step step = program.plan.steps().get(i);
            if (!step.isView()) {
                costs.add(cost(step, program.launches.get(i), ms == null ? Double.NaN : ms[costs.size()]));
            }
        }
        return costs;
    }

    /** Of each column. */
    static double[] medians(double[][] rounds) {
        double[] medians = new double[rounds[0].length];
        for (int i = 0; i < medians.length; i++) {
            int column = i;
            medians[i] = Arrays.stream(rounds)
                    .mapToDouble(round -> round[column])
                    .sorted()
                    .toArray()[rounds.length / 2];
        }
        return medians;
    }

    private static LaunchCost cost(Step step, Launch launch, double ms) {
        double bytes = 4.0
                * (step.in().stream().distinct().mapToLong(Value::floats).sum()
                        + step.out().stream().mapToLong(Value::floats).sum());
        String result = step.out().stream().map(Value::toString).collect(Collectors.joining(", "));
        return new LaunchCost(
                KernelText.name(step.kernel()),
                KernelText.work(step.kernel()),
                result,
                launch.algorithm(),
                step.kernel().flops(),
                bytes,
                ms);
    }

    private static String line(LaunchCost cost, Machine limit) {
        return String.format(
                Locale.ROOT,
                "%-9s %-34s %-26s %9.2f %9.1f %8.3f %8.1f %7.1f %5.0f%%",
                cost.kernel(),
                cost.result(),
                cost.algorithm(),
                cost.flops() / 1e6,
                cost.bytes() / 1024,
                cost.millis(),
                cost.gflops(),
                cost.gigabytes(),
                100 * cost.share(limit));
    }
}
