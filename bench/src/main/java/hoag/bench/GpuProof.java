package hoag.bench;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.Losses;
import hoag.engine.train.Optimizer;
import hoag.engine.train.Sgd;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Algorithms;
import hoag.kernels.Backend;
import hoag.kernels.Backends;
import hoag.kernels.HoagException;
import hoag.kernels.Precision;
import hoag.kernels.Shape;
import hoag.kernels.Uniform;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Training steps on a GPU beside the CPU's, then many more while the memory of device and process is looked at: {@code bench/gpu} runs it. Arguments: device,
 * architecture, batch, side of the pictures, steps to compare, steps to run. Ends with 1 where losses differ by more than 1e-4 of the first, or where a
 * device's memory was not the same after a tenth of the steps and after all.
 */
public final class GpuProof {
    /** What the process ends with where numbers differ or memory grows; a JVM that cannot run this ends with 1. */
    private static final int WRONG = 4;

    private static final int CLASSES = 10;
    private static final double TOLERANCE = 1e-4;

    private final PrintStream out;
    private final String device;
    private final String architecture;
    private final int batch;
    private final int side;

    private GpuProof(PrintStream out, String device, String architecture, int batch, int side) {
        this.out = out;
        this.device = device;
        this.architecture = architecture;
        this.batch = batch;
        this.side = side;
    }

    /** A model that learns from noise. */
    private final class Training implements AutoCloseable {
        private final Optimizer optimizer = new Sgd(0.9, 0);
        private final float[] pictures = noise(batch * 3 * side * side);
        private final float[] labels = new float[batch];
        private final Workspace memory;
        private int steps;

        Training(Backend backend) {
            Backbone model = Backbones.create(architecture, 42, 3, CLASSES, 0.1, side);
            Trace trace = Trace.train();
            Tensor x = Tensor.input("image", Shape.of(batch, 3, side, side));
            Tensor loss =
                    Losses.crossEntropy(model.forward(x, trace), Tensor.input("target", Shape.of(batch)), null, 0.1);
            var step = optimizer.minimize(
                    loss, List.of(new Optimizer.Group(Modules.parameters(model), 1, 0.05)), Optimizer.Options.NONE);
            List<Tensor> updates = new ArrayList<>(step.updates());
            updates.addAll(trace.updates());
            memory = Program.compile(backend, Map.of("loss", loss), updates).workspace();
            for (int i = 0; i < batch; i++) {
                labels[i] = i % CLASSES;
            }
        }

        float step() {
            steps++;
            memory.feed("image", pictures).feed("target", labels).feed(Optimizer.RATE, 1e-3f);
            optimizer.feed(steps, (name, value) -> memory.feed(name, (float) value));
            return memory.run(7, steps).scalar("loss");
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    private static float[] noise(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = 4 * Uniform.at(5, i) - 2;
        }
        return values;
    }

    private boolean compared(int steps) {
        float[] expected = new float[steps];
        try (Backend cpu = new CpuBackend(Runtime.getRuntime().availableProcessors(), true);
                Training training = new Training(cpu)) {
            for (int i = 0; i < steps; i++) {
                expected[i] = training.step();
            }
        }
        double worst = 0;
        out.printf("%n| step | loss on the CPU | on %s | difference |%n| --- | --- | --- | --- |%n", device);
        try (Backend gpu = Backends.open(device);
                Training training = new Training(gpu)) {
            for (int i = 0; i < steps; i++) {
                float found = training.step();
                worst = Math.max(worst, Math.abs(found - expected[i]) / expected[0]);
                out.printf(
                        Locale.ROOT, "| %d | %.7f | %.7f | %.1e |%n", i + 1, expected[i], found, found - expected[i]);
            }
        }
        return worst <= TOLERANCE;
    }

    private boolean flat(int steps) throws IOException {
        out.printf("%n| step | loss | free on the device, MiB | process, MiB | steps a second |%n");
        out.println("| --- | --- | --- | --- | --- |");
        int each = Math.max(1, steps / 10);
        long first = 0;
        long free = 0;
        try (Backend gpu = Backends.open(device).precision(Precision.FP32).algorithms(Algorithms.OWN);
                Training training = new Training(gpu)) {
            for (int from = 0; from < steps; from += each) {
                long start = System.nanoTime();
                float loss = 0;
                for (int i = 0; i < each; i++) {
                    loss = training.step();
                }
                free = gpu.free().orElseThrow();
                first = from == 0 ? free : first;
                out.printf(
                        Locale.ROOT,
                        "| %d | %.4f | %d | %d | %.1f |%n",
                        from + each,
                        loss,
                        free >> 20,
                        resident(),
                        each / ((System.nanoTime() - start) / 1e9));
            }
        }
        return free == first;
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElse(0);
    }

    /** Device, architecture, batch, side, steps to compare, steps to run. */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(System.out, arguments));
    }

    /**
     * The same.
     *
     * @param out where tables go
     * @return 0, or 4 where numbers or memory are not as they should be, 2 for other arguments, 3 where the device cannot be used
     */
    public static int run(PrintStream out, String... arguments) throws IOException {
        if (arguments.length != 6) {
            System.err.println("usage: GpuProof DEVICE ARCHITECTURE BATCH SIDE COMPARED STEPS");
            return 2;
        }
        int[] numbers =
                Arrays.stream(arguments).skip(2).mapToInt(Integer::parseInt).toArray();
        var proof = new GpuProof(out, arguments[0], arguments[1], numbers[0], numbers[1]);
        try {
            boolean same = proof.compared(numbers[2]);
            boolean flat = proof.flat(numbers[3]);
            out.println("\nlosses " + (same ? "are those of the CPU" : "DIFFER from the CPU's") + "; memory is "
                    + (flat ? "flat" : "NOT flat"));
            return same && flat ? 0 : WRONG;
        } catch (HoagException e) {
            System.err.println(e.getMessage());
            return 3;
        }
    }
}
