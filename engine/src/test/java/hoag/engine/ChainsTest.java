package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.kernels.Backend;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChainsTest {
    private static final Tensor X = Tensor.input("x", Shape.of(2, 20, 9, 7));

    private static Tensor random(long seed, int... dims) {
        Random random = new Random(seed);
        double[] values = new double[Shape.of(dims).size()];
        java.util.Arrays.setAll(values, i -> random.nextGaussian() / 4);
        return Tensor.constant(Shape.of(dims), values);
    }

    private static final Tensor WIDE = X.conv2d(random(1, 40, 20, 1, 1), 1, 0, 1).apply(Activation.SILU);
    private static final Tensor DEPTH =
            WIDE.conv2d(random(2, 40, 1, 3, 3), 2, 1, 40).apply(Activation.SILU);
    private static final Tensor GATED = DEPTH.times(DEPTH.mean(2, 3).sigmoid());

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
        float[] x = new float[X.shape().size()];
        Random random = new Random(3);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
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
}
