package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Machine;
import hoag.kernels.Work;
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
        List<Step> steps =
                program.plan.steps().stream().filter(step -> !step.isView()).toList();
        double[] ms = workspace == null ? null : times(program, workspace.works());
        Machine limit = ms == null ? Machine.UNKNOWN : program.backend.peak();
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
        for (int i = 0, launch = 0; i < program.plan.steps().size(); i++) {
            if (!program.plan.steps().get(i).isView()) {
                lines.add(line(
                        steps.get(launch),
                        program.launches.get(i).algorithm(),
                        ms == null ? Double.NaN : ms[launch],
                        limit));
                launch++;
            }
        }
        double total = ms == null ? Double.NaN : Arrays.stream(ms).sum();
        lines.add(String.format(
                Locale.ROOT,
                "%d launches, %.1f MFLOP, workspace %.1f MiB%s",
                steps.size(),
                steps.stream().mapToDouble(s -> s.kernel().flops()).sum() / 1e6,
                program.workspaceBytes() / 1048576.0,
                ms == null ? "" : String.format(Locale.ROOT, ", %.2f ms", total)));
        return String.join("\n", lines);
    }

    private static double[] times(Program program, List<Work> works) {
        double[][] rounds = new double[works.size()][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < works.size(); i++) {
                long start = System.nanoTime();
                program.backend.run(List.of(works.get(i)));
                rounds[i][round] = (System.nanoTime() - start) / 1e6;
            }
        }
        return Arrays.stream(rounds)
                .mapToDouble(each -> Arrays.stream(each).sorted().toArray()[ROUNDS / 2])
                .toArray();
    }

    /** The last column is the share of the time that arithmetic or traffic must take on this machine: above 100% where operands were in cache. */
    private static String line(Step step, String algorithm, double ms, Machine limit) {
        double flops = step.kernel().flops();
        double bytes = 4.0
                * (step.in().stream().mapToLong(Value::floats).sum()
                        + step.out().stream().mapToLong(Value::floats).sum());
        String result = step.out().stream().map(Value::toString).collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%-9s %-34s %-26s %9.2f %9.1f %8.3f %8.1f %7.1f %5.0f%%",
                name(step.kernel()),
                result,
                algorithm,
                flops / 1e6,
                bytes / 1024,
                ms,
                flops / ms / 1e6,
                bytes / ms / 1e6,
                100 * limit.leastMillis(flops, bytes) / ms);
    }

    private static String name(Kernel kernel) {
        return switch (kernel) {
            case Kernel.Conv2d conv ->
                "conv2d"
                        + switch (conv.pass()) {
                            case FORWARD -> "";
                            case DATA -> ".dx";
                            case FILTER -> ".dw";
                        };
            default -> kernel.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }
}
