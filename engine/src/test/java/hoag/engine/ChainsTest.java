package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.kernels.Backend;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChainsTest {
    private static final Tensor X = Tensor.input("x", Shape.of(2, 20, 9, 7));

    private static Tensor random(long seed, int... dims) {
        Random random = new Random(seed);
        return Tensor.constant(Shape.of(dims), numbers(random, Shape.of(dims).size()));
    }

    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian() / 4;
        }
        return numbers;
    }

    private static Tensor convolution(Tensor x, Tensor filter, int stride, int padding, int groups) {
        int[] all = {padding, padding, padding, padding};
        return x.conv2d(filter, new int[] {stride, stride}, all, new int[] {1, 1}, groups);
    }

    private static final Tensor WIDE =
            convolution(X, random(1, 40, 20, 1, 1), 1, 0, 1).silu();
    private static final Tensor DEPTH =
            convolution(WIDE, random(2, 40, 1, 3, 3), 2, 1, 40).silu();
    private static final Tensor GATED = DEPTH.mul(DEPTH.mean(2, 3).sigmoid());

    private static long links(Map<String, Tensor> outputs) {
        try (Backend cpu = new CpuBackend(2)) {
            return Program.compile(cpu, outputs).plan.steps().stream()
                    .filter(step -> step.kernel() instanceof Kernel.Chain)
                    .mapToLong(step -> ((Kernel.Chain) step.kernel()).links().size())
                    .sum();
        }
    }

    private static float[] run(Backend backend, float[] x) {
        try (backend;
                Workspace workspace =
                        Program.compile(backend, Map.of("y", GATED)).workspace()) {
            return workspace.feed("x", x).run().output("y");
        }
    }

    @Test
    void theWidePartOfAnInvertedBottleneckIsOneLaunch() {
        assertEquals(3, links(Map.of("y", GATED)));
        float[] x = numbers(new Random(3), X.shape().size());
        float[] truth = run(new ReferenceBackend(), x);
        float[] two = run(new CpuBackend(2), x);
        assertArrayEquals(truth, two, 1e-5f);
        assertArrayEquals(two, run(new CpuBackend(5), x), 0, "the bits depend on the threads");
    }

    @Test
    void whatIsReadElsewhereIsWritten() {
        assertEquals(2, links(Map.of("y", GATED, "wide", WIDE)));
        assertEquals(0, links(Map.of("wide", WIDE)));
        assertEquals(2, links(Map.of("depth", DEPTH)));
    }

    /** Large enough to be followed: 2.6 million floats behind each convolution. */
    private static final Tensor LARGE = Tensor.input("large", Shape.of(1, 4, 256, 256));

    private static Map<String, Tensor> step() {
        Tensor wide =
                normal(convolution(LARGE, random(4, 40, 4, 1, 1), 1, 0, 1)).silu();
        Tensor deep =
                normal(convolution(wide, random(5, 40, 1, 3, 3), 1, 1, 40)).silu();
        return Map.of(
                "deep",
                deep.mean(2, 3),
                "gradient",
                Gradients.of(deep.square().mean(), List.of(LARGE)).getFirst());
    }

    private static Tensor normal(Tensor x) {
        Shape channel = Shape.of(1, x.shape().dim(1), 1, 1);
        Tensor moments = x.moments(0, 2, 3);
        Tensor mean = moments.slice(0, 0, 1).reshape(channel);
        return BatchNorm.of(
                x,
                mean,
                moments.slice(0, 1, 1).reshape(channel),
                Tensor.constant(Shape.of(1, 1, 1, 1), 1),
                Tensor.constant(Shape.of(1, 1, 1, 1), 0.1f),
                1e-3);
    }

    private static Map<String, float[]> runStep(Backend backend) {
        try (backend;
                Workspace workspace = Program.compile(backend, step()).workspace()) {
            workspace
                    .feed("large", numbers(new Random(6), LARGE.shape().size()))
                    .run();
            return Map.of("deep", workspace.output("deep"), "gradient", workspace.output("gradient"));
        }
    }

    @Test
    void statisticsAreTakenWhileTheirTensorIsMade() {
        try (Backend cpu = new CpuBackend(2)) {
            List<String> followers = Program.compile(cpu, step()).plan.steps().stream()
                    .filter(step -> step.kernel() instanceof Kernel.Chain)
                    .map(step -> ((Kernel.Chain) step.kernel())
                            .links()
                            .getLast()
                            .getClass()
                            .getSimpleName())
                    .sorted()
                    .toList();
            assertEquals(List.of("Moments", "Moments", "Reduce"), followers);
        }
        Map<String, float[]> truth = runStep(new ReferenceBackend());
        Map<String, float[]> two = runStep(new CpuBackend(2));
        Map<String, float[]> five = runStep(new CpuBackend(5));
        truth.forEach((name, numbers) -> {
            assertArrayEquals(numbers, two.get(name), 1e-5f, name);
            assertArrayEquals(two.get(name), five.get(name), 0, name + ": the bits depend on the threads");
        });
    }

    /** The sum reads two convolutions: it can follow the one that is made last, and no other. */
    @Test
    void whatIsMadeLaterIsWaitedFor() {
        Tensor one = convolution(LARGE, random(7, 40, 4, 1, 1), 1, 0, 1);
        Tensor two = convolution(LARGE, random(8, 40, 4, 3, 3), 1, 1, 1);
        Map<String, Tensor> sums = Map.of("sums", one.mul(two.add(one)).sum(0, 2, 3));
        float[] truth = sums(new ReferenceBackend(), sums);
        float[] found = sums(new CpuBackend(2, true), sums);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], found[i], 1e-5f * Math.abs(truth[i]) + 0.05f);
        }
    }

    private static float[] sums(Backend backend, Map<String, Tensor> sums) {
        try (backend;
                Workspace workspace = Program.compile(backend, sums).workspace()) {
            return workspace
                    .feed("large", numbers(new Random(9), LARGE.shape().size()))
                    .run()
                    .output("sums");
        }
    }

    /** A product of a convolution with itself reads it twice. */
    @Test
    void aSumThatReadsAConvolutionTwice() {
        Tensor one = convolution(LARGE, random(7, 40, 4, 1, 1), 1, 0, 1);
        Map<String, Tensor> sums = Map.of("sums", one.mul(one).sum(0, 2, 3));
        float[] truth = sums(new ReferenceBackend(), sums);
        float[] found = sums(new CpuBackend(2), sums);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], found[i], 1e-5f * Math.abs(truth[i]));
        }
    }
}
