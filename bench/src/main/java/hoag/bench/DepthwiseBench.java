package hoag.bench;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Pass;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Times depthwise convolutions, filter gradients and pooling layer by layer: {@code DepthwiseBench [forward|data|depthwise-filter|filter|
 * pool]... [--threads N] [--batch N]}. Lowest tenths after warm-up; sums are over the layers of EfficientNet-B0, as often as they occur.
 */
public final class DepthwiseBench {
    private static final double SECONDS = Double.parseDouble(System.getProperty("seconds", "0.8"));

    /** Channels in and out, side, filter, stride, how often. */
    private record Layer(int c, int k, int side, int filter, int stride, boolean depthwise, int times) {
        Conv2dShape shape(int batch) {
            int pad = filter / 2;
            return new Conv2dShape(
                    batch,
                    c,
                    side,
                    side,
                    k,
                    filter,
                    filter,
                    stride,
                    stride,
                    pad,
                    pad,
                    pad,
                    pad,
                    1,
                    1,
                    depthwise ? c : 1);
        }

        @Override
        public String toString() {
            return "%s%dx%d s%d %s @%d"
                    .formatted(
                            depthwise ? "dw " : "", filter, filter, stride, depthwise ? "C" + c : c + "->" + k, side);
        }
    }

    private static Layer depthwise(int c, int side, int filter, int stride, int times) {
        return new Layer(c, c, side, filter, stride, true, times);
    }

    private static Layer pointwise(int side, int c, int k, int times) {
        return new Layer(c, k, side, 1, 1, false, times);
    }

    private static final List<Layer> DEPTHWISE = List.of(
            depthwise(32, 112, 3, 1, 1),
            depthwise(96, 112, 3, 2, 1),
            depthwise(144, 56, 3, 1, 1),
            depthwise(144, 56, 5, 2, 1),
            depthwise(240, 28, 5, 1, 1),
            depthwise(240, 28, 3, 2, 1),
            depthwise(480, 14, 3, 1, 2),
            depthwise(480, 14, 5, 1, 1),
            depthwise(672, 14, 5, 1, 2),
            depthwise(672, 14, 5, 2, 1),
            depthwise(1152, 7, 5, 1, 3),
            depthwise(1152, 7, 3, 1, 1));

    private static final List<Layer> POINTWISE = List.of(
            pointwise(112, 32, 16, 1),
            pointwise(112, 16, 96, 1),
            pointwise(56, 96, 24, 1),
            pointwise(56, 24, 144, 2),
            pointwise(56, 144, 24, 1),
            pointwise(28, 144, 40, 1),
            pointwise(28, 40, 240, 2),
            pointwise(28, 240, 40, 1),
            pointwise(14, 240, 80, 1),
            pointwise(14, 80, 480, 3),
            pointwise(14, 480, 80, 2),
            pointwise(14, 480, 112, 1),
            pointwise(14, 112, 672, 3),
            pointwise(14, 672, 112, 2),
            pointwise(7, 672, 192, 1),
            pointwise(7, 192, 1152, 4),
            pointwise(7, 1152, 192, 3),
            pointwise(7, 1152, 320, 1),
            pointwise(7, 320, 1280, 1));

    private static final List<Layer> OTHERS = List.of(
            new Layer(3, 32, 224, 3, 2, false, 0),
            new Layer(64, 64, 56, 3, 1, false, 0),
            new Layer(128, 128, 28, 3, 1, false, 0),
            new Layer(256, 256, 14, 3, 1, false, 0),
            new Layer(512, 512, 7, 3, 1, false, 0),
            new Layer(64, 128, 56, 3, 2, false, 0),
            new Layer(64, 128, 56, 1, 2, false, 0),
            new Layer(3, 64, 224, 7, 2, false, 0));

    private final CpuBackend cpu;
    private final int batch;

    private DepthwiseBench(CpuBackend cpu, int batch) {
        this.cpu = cpu;
        this.batch = batch;
    }

    public static void main(String[] args) {
        var words = List.of(args);
        var bench = new DepthwiseBench(
                new CpuBackend(number(words, "--threads", Runtime.getRuntime().availableProcessors())),
                number(words, "--batch", 16));
        try (bench.cpu) {
            System.out.println(bench.cpu.description() + ", batch " + bench.batch);
            for (String word : words) {
                bench.run(word);
            }
        }
    }

    private static int number(List<String> words, String name, int otherwise) {
        int at = words.indexOf(name);
        return at < 0 ? otherwise : Integer.parseInt(words.get(at + 1));
    }

    private void run(String what) {
        switch (what) {
            case "forward" -> layers(DEPTHWISE, Pass.FORWARD);
            case "data" -> layers(DEPTHWISE, Pass.DATA);
            case "depthwise-filter" -> layers(DEPTHWISE, Pass.FILTER);
            case "filter" -> {
                layers(POINTWISE, Pass.FILTER);
                layers(OTHERS, Pass.FILTER);
            }
            case "pool" -> pools();
            default -> {}
        }
    }

    private void layers(List<Layer> layers, Pass pass) {
        double sum = 0;
        for (Layer layer : layers) {
            sum += layer.times * time(layer + " " + pass, new Kernel.Conv2d(layer.shape(batch), pass, null));
        }
        System.out.printf("all %s of EfficientNet-B0: %.2f ms%n", pass, sum);
    }

    private void pools() {
        var window = new Conv2dShape(batch, 64, 112, 112, 64, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 64);
        for (var mode : Kernel.PoolMode.values()) {
            time("pool 3x3 s2 C64 @112 " + mode, new Kernel.Pool(window, mode, false));
            time("pool 3x3 s2 C64 @112 gradient " + mode, new Kernel.Pool(window, mode, true));
        }
    }

    private double time(String what, Kernel kernel) {
        int inputs = kernel.inputs().size();
        boolean blocked = kernel.inputs().getFirst().dim(1) >= 16;
        Wish wish = cpu.wish(kernel, Collections.nCopies(inputs, blocked ? Layout.BLOCKED : Layout.PLAIN));
        try (var runner = new KernelRunner(cpu, kernel, wish)) {
            runner.write(kernel.inputs().stream().map(DepthwiseBench::random).toArray(float[][]::new));
            double ms = fast(runner);
            double bytes = 4.0
                    * (kernel.inputs().stream().mapToDouble(Shape::size).sum()
                            + kernel.outputs().stream().mapToDouble(Shape::size).sum());
            System.out.printf(
                    "%-36s %8.3f ms %6.0f GFLOP/s %6.1f GB/s  %s%n",
                    what,
                    ms,
                    kernel.flops() / ms / 1e6,
                    bytes / ms / 1e6,
                    runner.launch().algorithm());
            return ms;
        }
    }

    /** Lowest tenth of the runs in the second half of the time, when all is compiled: others may be using the machine. */
    private static double fast(KernelRunner runner) {
        for (long start = System.nanoTime(); System.nanoTime() - start < SECONDS / 2 * 1e9; ) {
            runner.run();
        }
        double[] times = new double[100_000];
        int count = 0;
        for (long start = System.nanoTime();
                count < times.length && (count < 5 || System.nanoTime() - start < SECONDS / 2 * 1e9);
                count++) {
            long before = System.nanoTime();
            runner.run();
            times[count] = (System.nanoTime() - before) / 1e6;
        }
        Arrays.sort(times, 0, count);
        return times[count / 10];
    }

    private static float[] random(Shape shape) {
        float[] values = new float[shape.size()];
        var random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
