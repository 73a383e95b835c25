package hoag.galaxy.cli;

import hoag.engine.Program;
import hoag.engine.Workspace;
import hoag.kernels.Backend;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Shape;
import hoag.kernels.Uniform;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How fast this machine runs and trains a model, or one convolution or product. */
@Command(
        name = "bench",
        description = "Times a model, a convolution or a product.",
        footer = {
            "",
            "Examples:",
            "  hoag bench efficientnet_b0 --task infer --batch 16 --threads 2 --json",
            "  hoag bench efficientnet_b0 --task train --batch 16",
            "  hoag bench conv --n 16 --c 64 --hw 56 --k 64 --filter 3 --stride 1 --pass forward",
            "  hoag bench gemm --m 2048 --k 2048 --n 2048"
        })
final class BenchCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Parameters(paramLabel = "WHAT", description = "an architecture, or conv, or gemm")
    String what;

    @Mixin
    Stepping stepping;

    @Option(names = "--seconds", defaultValue = "5", description = "how long to time (default: ${DEFAULT-VALUE})")
    double seconds;

    @Option(names = "--warm", defaultValue = "8", description = "seconds to warm up first (default: ${DEFAULT-VALUE})")
    double warm;

    @Option(
            names = "--n",
            defaultValue = "16",
            description = "conv: pictures; gemm: columns of the result (default: ${DEFAULT-VALUE})")
    int n;

    @Option(names = "--c", defaultValue = "64", description = "conv: input channels (default: ${DEFAULT-VALUE})")
    int c;

    @Option(names = "--hw", defaultValue = "56", description = "conv: pixels of a side (default: ${DEFAULT-VALUE})")
    int hw;

    @Option(
            names = "--k",
            defaultValue = "64",
            description = "conv: output channels; gemm: the dimension summed over (default: ${DEFAULT-VALUE})")
    int k;

    @Option(names = "--m", defaultValue = "2048", description = "gemm: rows of the result (default: ${DEFAULT-VALUE})")
    int m;

    @Option(
            names = "--filter",
            defaultValue = "3",
            description = "conv: pixels of the filter's side (default: ${DEFAULT-VALUE})")
    int filter;

    @Option(names = "--stride", defaultValue = "1", description = "conv (default: ${DEFAULT-VALUE})")
    int stride;

    @Option(names = "--groups", defaultValue = "1", description = "conv (default: ${DEFAULT-VALUE})")
    int groups;

    @Option(
            names = "--pass",
            defaultValue = "forward",
            description = "conv: forward, data or filter (default: ${DEFAULT-VALUE})")
    Kernel.Pass pass;

    @Override
    public Integer call() {
        try (Backend backend = common.open()) {
            switch (what) {
                case "conv" ->
                    kernel(
                            backend,
                            new Kernel.Conv2d(
                                    new Conv2dShape(
                                            n,
                                            c,
                                            hw,
                                            hw,
                                            k,
                                            filter,
                                            filter,
                                            stride,
                                            stride,
                                            filter / 2,
                                            filter / 2,
                                            filter / 2,
                                            filter / 2,
                                            1,
                                            1,
                                            groups),
                                    pass,
                                    null));
                case "gemm" -> kernel(backend, new Kernel.Product(1, m, n, k, false, false, true, true, null));
                default -> model(backend);
            }
        }
        return 0;
    }

    private void kernel(Backend backend, Kernel kernel) {
        try (var runner = new KernelRunner(backend, kernel)) {
            runner.write(kernel.inputs().stream().map(BenchCommand::numbers).toArray(float[][]::new));
            Measure measure = Measure.of(Math.min(warm, 2), seconds, runner::run);
            say(kernel.toString(), measure, kernel.flops(), runner.launch().algorithm());
        }
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
        try (Workspace workspace = program.workspace()) {
            Steps.feed(workspace);
            Measure measure = Measure.of(warm, seconds, workspace::run);
            say(what + " " + stepping, measure, program.flops(), "program");
        }
    }

    private void say(String name, Measure measure, double flops, String algorithm) {
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
                            "peak_rss_mib",
                            Measure.peakRssMib(),
                            "algorithm",
                            algorithm));
        } else {
            common.out()
                    .printf(
                            Locale.ROOT,
                            "%s%n  %.3f ms median (%.3f to %.3f, %d runs), %.1f GFLOP/s, peak memory %.0f MiB, %s%n",
                            name,
                            measure.median(),
                            measure.min(),
                            measure.max(),
                            measure.runs(),
                            gflops,
                            Measure.peakRssMib(),
                            algorithm);
        }
    }
}
