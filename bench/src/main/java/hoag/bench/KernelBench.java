package hoag.bench;

import hoag.kernels.Backend;
import hoag.kernels.Backends;
import hoag.kernels.Case;
import hoag.kernels.Cases;
import hoag.kernels.ConfigException;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import hoag.kernels.Machine;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The cases of {@link Cases} under JMH, operands laid out as within a network: {@code KernelBench PART-OF-NAME [batch=16] [device=cpu]
 * [threads=cores]}. One line for each case: ms, GFLOP/s, GB/s, share of the machine's limit (the larger of arithmetic and memory traffic, as
 * {@link Backend#peak} measures them), bytes allocated in a run.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class KernelBench {
    @Param("product/head 1x16x34x1280 tb")
    public String name;

    @Param("16")
    public int batch;

    @Param("cpu")
    public String device;

    @Param("1")
    public int threads;

    private Backend backend;
    private KernelRunner runner;

    @Setup
    public void prepare() {
        Case each = Cases.all(batch).stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("no case is called " + name));
        backend = Backends.open(device, threads);
        runner = new KernelRunner(backend, each.kernel(), KernelRunner.wish(backend, each.kernel(), Layout.BLOCKED));
        runner.write(each.inputs());
    }

    @Benchmark
    public void run() {
        runner.run();
    }

    @TearDown
    public void close() {
        runner.close();
        backend.close();
    }

    public static void main(String[] arguments) throws RunnerException {
        String part = argument(arguments, 0, "");
        int batch = Integer.parseInt(argument(arguments, 1, "16"));
        String device = argument(arguments, 2, "cpu");
        int threads = Integer.parseInt(
                argument(arguments, 3, "" + Runtime.getRuntime().availableProcessors()));
        List<Case> cases = Cases.all(batch).stream()
                .filter(each -> each.name().contains(part))
                .toList();
        if (cases.isEmpty()) {
            throw new ConfigException(
                    "no case has '" + part + "' in its name; try conv2d/b0, product, reduce, pointwise/silu");
        }
        try (Backend backend = Backends.open(device, threads)) {
            Machine peak = backend.peak();
            System.out.printf("%s: %.0f GFLOP/s, %.0f GB/s%n", backend.description(), peak.gflops(), peak.gigabytes());
            for (Case each : cases) {
                print(each, backend, peak, measure(each, batch, device, threads));
            }
        }
    }

    private static String argument(String[] arguments, int index, String otherwise) {
        return arguments.length > index ? arguments[index] : otherwise;
    }

    /** JMH in a new JVM with this one's flags. */
    private static RunResult measure(Case each, int batch, String device, int threads) throws RunnerException {
        var options = new OptionsBuilder()
                .include(KernelBench.class.getName() + ".run")
                .param("name", each.name())
                .param("batch", "" + batch)
                .param("device", device)
                .param("threads", "" + threads)
                .jvmArgs(
                        ManagementFactory.getRuntimeMXBean().getInputArguments().toArray(String[]::new))
                .jvmArgsAppend("--sun-misc-unsafe-memory-access=allow")
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .build();
        Collection<RunResult> results = new Runner(options).run();
        return results.iterator().next();
    }

    private static void print(Case each, Backend backend, Machine peak, RunResult result) {
        double ms = result.getPrimaryResult().getScore();
        double flops = each.kernel().flops();
        double bytes = bytes(each.kernel());
        double allocated =
                result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
        String algorithm = backend.prepare(each.kernel(), KernelRunner.wish(backend, each.kernel(), Layout.BLOCKED))
                .algorithm();
        System.out.printf(
                "%-60s %9.4f ms %6.0f GFLOP/s %6.1f GB/s %4.0f %% %5.0f B  %s%n",
                each.name(),
                ms,
                flops / ms / 1e6,
                bytes / ms / 1e6,
                100 * peak.leastMillis(flops, bytes) / ms,
                allocated,
                algorithm);
    }

    /** Every operand read once and every result written once. */
    private static double bytes(Kernel kernel) {
        return 4.0
                * (kernel.inputs().stream().mapToLong(shape -> shape.size()).sum()
                        + kernel.outputs().stream()
                                .mapToLong(shape -> shape.size())
                                .sum());
    }
}
