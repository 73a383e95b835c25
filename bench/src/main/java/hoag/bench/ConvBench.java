package hoag.bench;

import hoag.kernels.Backend;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import hoag.kernels.cpu.CpuBackend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Times single convolutions on the CPU: {@code ConvBench [batch=16] [threads=cores] [group=b0,stem,3x3,depthwise,data]}. One line for each
 * layer: median ms, GFLOP/s, share of the multiply-add peak measured in the same run, algorithm. Weights are packed before, as in
 * inference.
 */
public final class ConvBench {
    /** @param times how often the network has this layer */
    private record Layer(String group, int times, Conv2dShape shape, Kernel.Pass pass) {}

    private final List<Layer> layers = new ArrayList<>();
    private final int batch;

    private ConvBench(int batch) {
        this.batch = batch;
        int[][] pointwise = {
            {112, 32, 16, 1},
            {112, 16, 96, 1},
            {56, 96, 24, 1},
            {56, 24, 144, 2},
            {56, 144, 24, 1},
            {28, 144, 40, 1},
            {28, 40, 240, 2},
            {28, 240, 40, 1},
            {14, 240, 80, 1},
            {14, 80, 480, 3},
            {14, 480, 80, 2},
            {14, 480, 112, 1},
            {14, 112, 672, 3},
            {14, 672, 112, 2},
            {7, 672, 192, 1},
            {7, 192, 1152, 4},
            {7, 1152, 192, 3},
            {7, 1152, 320, 1},
            {7, 320, 1280, 1}
        };
        for (int[] each : pointwise) {
            add("b0", each[3], each[0], each[1], each[2], 1, 1, 1);
        }
        add("stem", 1, 224, 3, 32, 3, 2, 1);
        add("stem", 1, 224, 3, 64, 7, 2, 1);
        for (int[] each :
                new int[][] {{56, 64, 64, 1}, {28, 128, 128, 1}, {14, 256, 256, 1}, {7, 512, 512, 1}, {56, 64, 128, 2}
                }) {
            add("3x3", 1, each[0], each[1], each[2], 3, each[3], 1);
        }
        add("1x1s2", 1, 56, 64, 128, 1, 2, 1);
        int[][] depthwise = {
            {32, 112, 3, 1, 1},
            {96, 112, 3, 2, 1},
            {144, 56, 3, 1, 1},
            {144, 56, 5, 2, 1},
            {240, 28, 5, 1, 1},
            {240, 28, 3, 2, 1},
            {480, 14, 3, 1, 2},
            {480, 14, 5, 1, 1},
            {672, 14, 5, 1, 2},
            {672, 14, 5, 2, 1},
            {1152, 7, 5, 1, 3},
            {1152, 7, 3, 1, 1}
        };
        for (int[] each : depthwise) {
            add("depthwise", each[4], each[1], each[0], each[0], each[2], each[3], each[0]);
        }
        for (int[] each : new int[][] {{1, 96, 4, 1}, {1, 4, 96, 1}, {1, 1152, 48, 4}, {1, 48, 1152, 4}}) {
            add("squeeze", each[3], each[0], each[1], each[2], 1, 1, 1);
        }
    }

    private void add(String group, int times, int size, int c, int k, int kernel, int stride, int groups) {
        int pad = kernel / 2;
        var shape = new Conv2dShape(
                batch, c, size, size, k, kernel, kernel, stride, stride, pad, pad, pad, pad, 1, 1, groups);
        layers.add(new Layer(group, times, shape, Kernel.Pass.FORWARD));
        layers.add(new Layer("data-" + group, times, shape, Kernel.Pass.DATA));
        layers.add(new Layer("filter-" + group, times, shape, Kernel.Pass.FILTER));
    }

    public static void main(String[] args) throws InterruptedException {
        int batch = 16;
        int threads = Runtime.getRuntime().availableProcessors();
        String groups = "b0,stem,3x3,1x1s2,squeeze";
        for (String arg : args) {
            String value = arg.substring(arg.indexOf('=') + 1);
            switch (arg.substring(0, Math.max(0, arg.indexOf('=')))) {
                case "batch" -> batch = Integer.parseInt(value);
                case "threads" -> threads = Integer.parseInt(value);
                case "group" -> groups = value;
                default ->
                    throw new IllegalArgumentException("ConvBench: " + arg + " is not one of batch=, threads=, group=");
            }
        }
        new ConvBench(batch).run(threads, List.of(groups.split(",")));
    }

    private void run(int threads, List<String> groups) throws InterruptedException {
        try (var backend = new CpuBackend(threads)) {
            double peak = backend.peak().gflops();
            System.out.printf("FMA peak, %d threads: %.0f GFLOP/s; batch %d%n", threads, peak, batch);
            for (String group : groups) {
                double sum = 0;
                for (Layer layer :
                        layers.stream().filter(each -> each.group.equals(group)).toList()) {
                    sum += layer.times * time(backend, layer, peak);
                }
                System.out.printf("%s, every layer as often as the network has it: %.2f ms%n", group, sum);
            }
        }
    }

    private static double time(Backend backend, Layer layer, double peak) {
        var s = layer.shape;
        var kernel = new Kernel.Conv2d(s, layer.pass, null);
        var offered = Collections.nCopies(
                2, s.c() < 16 && layer.pass == Kernel.Pass.FORWARD ? (Layout) Layout.PLAIN : Layout.BLOCKED);
        try (var runner = new KernelRunner(backend, kernel, backend.wish(kernel, offered))) {
            runner.write(
                    random(kernel.inputs().get(0).size()),
                    random(kernel.inputs().get(1).size()));
            double ms = median(runner);
            double rate = kernel.flops() / ms / 1e6;
            System.out.printf(
                    "%-4s %dx%d s%d %d->%d @%d (x%d) %8.3f ms %5.0f GFLOP/s %3.0f %%  %s%n",
                    layer.pass,
                    s.kh(),
                    s.kw(),
                    s.strideH(),
                    s.c(),
                    s.k(),
                    s.h(),
                    layer.times,
                    ms,
                    rate,
                    100 * rate / peak,
                    runner.launch().algorithm());
            return ms;
        }
    }

    /** Of the second half of at least 0.3 s of runs. */
    private static double median(KernelRunner runner) {
        var times = new ArrayList<Double>();
        for (long start = System.nanoTime();
                System.nanoTime() - start < 1_000_000L * Integer.getInteger("ms", 300) || times.size() < 10; ) {
            long from = System.nanoTime();
            runner.run();
            times.add((System.nanoTime() - from) / 1e6);
        }
        var late = new ArrayList<>(times.subList(times.size() / 2, times.size()));
        Collections.sort(late);
        return late.get(late.size() / 2);
    }

    private static float[] random(int size) {
        var random = new Random(1);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
