package hoag.galaxy.cli;

import hoag.engine.Program;
import hoag.engine.Workspace;
import hoag.kernels.Backend;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Machine;
import hoag.kernels.Shape;
import hoag.kernels.Uniform;
import java.util.Locale;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How fast this machine runs and trains a model, or one convolution, product or formula. */
@Command(
        name = "bench",
        description = "Times a model, a convolution, a product or a formula.",
        footer = {
            "",
            "Examples:",
            "  hoag bench efficientnet_b0 --task infer --batch 16 --threads 2 --json",
            "  hoag bench efficientnet_b0 --task train --batch 16",
            "  hoag bench efficientnet_b0 --batch 16 --launches     where the time goes, beside the machine's limit",
            "  hoag bench efficientnet_b0 --task train --batch 64 --plan     the memory it takes",
            "  hoag bench conv --n 16 --c 64 --hw 56 --k 64 --filter 3 --stride 1 --pass forward",
            "  hoag bench gemm --m 2048 --k 2048 --n 2048",
            "  hoag bench pointwise --n 16 --c 64 --hw 56 --formula silu",
            "",
            "The share of peak is that of the multiply-add rate measured here; of memory's rate where that is"
                    + " the limit of pointwise."
        })
final class BenchCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Parameters(paramLabel = "WHAT", description = "an architecture, or conv, gemm, pointwise")
    String what;

    @Mixin
    Stepping stepping;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "how long to time (default: ${DEFAULT-VALUE})")
    double seconds;

    @Option(
            names = "--warm",
            paramLabel = "S",
            defaultValue = "8",
            description = "seconds to warm up first (default: ${DEFAULT-VALUE})")
    double warm;

    @Option(
            names = "--launches",
            description = "of a model: each launch's time, GFLOP/s, GB/s and share of the machine's limit")
    boolean launches;

    @Option(names = "--plan", description = "of a model: how much memory a run takes; nothing is run")
    boolean plan;

    @Option(
            names = "--listen",
            description = "of a model: once warm, times again for each line of standard input, until it ends")
    boolean listen;

    @Mixin
    KernelOptions kernels;

    @Override
    public Integer call() {
        try (Backend backend = common.open()) {
            switch (what) {
                case "conv" -> kernel(backend, kernels.conv());
                case "gemm" -> kernel(backend, kernels.gemm());
                case "pointwise" -> kernel(backend, kernels.pointwise());
                default -> model(backend);
            }
        }
        return 0;
    }

    private void kernel(Backend backend, Kernel kernel) {
        try (var runner = new KernelRunner(backend, kernel)) {
            runner.write(kernel.inputs().stream().map(BenchCommand::numbers).toArray(float[][]::new));
            Measure measure = Measure.of(backend, Math.min(warm, 2), seconds, runner::run);
            double rss = Measure.peakRssMib();
            Machine peak = backend.peak();
            double binding = kernel instanceof Kernel.Pointwise ? bytes(kernel) : 0;
            double share = peak.leastMillis(kernel.flops(), binding) / measure.median();
            say(
                    kernel.toString(),
                    measure,
                    kernel.flops(),
                    bytes(kernel),
                    share,
                    rss,
                    runner.launch().algorithm());
        }
    }

    /** Operands read once and results written once. */
    private static double bytes(Kernel kernel) {
        return 4.0
                * Stream.concat(kernel.inputs().stream(), kernel.outputs().stream())
                        .mapToLong(Shape::size)
                        .sum();
    }

    private static float[] numbers(Shape shape) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Uniform.at(2, i) - 0.5f;
        }
        return values;
    }

    private void model(Backend backend) {
        Program program = stepping.program(backend, what, common.seed);
        if (plan) {
            plan(program);
            return;
        }
        try (Workspace workspace = program.workspace()) {
            Steps.feed(workspace);
            Measure.warm(backend, warm, workspace::run);
            if (launches) {
                launches(backend.peak(), program, workspace);
            } else if (listen) {
                new Scanner(System.in).forEachRemaining(line -> time(() -> Machine.UNKNOWN, program, workspace));
            } else {
                time(backend::peak, program, workspace);
            }
        }
    }

    private void plan(Program program) {
        double mib = program.workspaceBytes() / 1048576.0;
        double bound = program.memoryMap().bound() / 1048576.0;
        common.out()
                .println(
                        common.json
                                ? Measure.json("what", what + " " + stepping, "workspace_mib", mib, "alive_mib", bound)
                                : String.format(
                                        Locale.ROOT,
                                        "%s: a workspace of %.0f MiB, %.0f MiB alive at once",
                                        what + " " + stepping,
                                        mib,
                                        bound));
    }

    private void time(Supplier<Machine> peak, Program program, Workspace workspace) {
        Measure measure = Measure.timed(seconds, workspace::run);
        double rss = Measure.peakRssMib(); // before the peak is measured, which takes memory of its own
        double share = peak.get().leastMillis(program.flops(), 0) / measure.median();
        say(what + " " + stepping, measure, program.flops(), program.bytes(), share, rss, "program");
        common.out().flush();
    }

    /** As many runs as fit into the time, at least 7. */
    private void launches(Machine peak, Program program, Workspace workspace) {
        double once = Measure.timed(seconds / 4, workspace::run).median();
        int rounds = Math.clamp((long) (1e3 * seconds / once), 7, 1000);
        var table = LaunchTable.of(program.costs(workspace, rounds), peak);
        if (common.json) {
            table.json(what + " " + stepping).forEach(common.out()::println);
        } else {
            common.out().println(what + " " + stepping + "; " + table);
        }
    }

    private void say(
            String name, Measure measure, double flops, double bytes, double share, double rss, String algorithm) {
        double gflops = flops / measure.median() / 1e6;
        if (common.json) {
            common.out()
                    .println(Measure.json(
                            "what",
                            name,
                            "median_ms",
                            measure.median(),
                            "min_ms",
                            measure.min(),
                            "max_ms",
                            measure.max(),
                            "runs",
                            measure.runs(),
                            "gflop",
                            flops / 1e9,
                            "gflops",
                            gflops,
                            "gbyte",
                            bytes / 1e9,
                            "gbs",
                            bytes / measure.median() / 1e6,
                            "peak_share",
                            share,
                            "peak_rss_mib",
                            rss,
                            "algorithm",
                            algorithm));
        } else {
            common.out()
                    .printf(
                            Locale.ROOT,
                            "%s%n  %.3f ms median (%.3f to %.3f, %d runs), %.1f GFLOP/s, %.0f%% of peak, memory %.0f"
                                    + " MiB, %s%n",
                            name,
                            measure.median(),
                            measure.min(),
                            measure.max(),
                            measure.runs(),
                            gflops,
                            100 * share,
                            rss,
                            algorithm);
        }
    }
}
