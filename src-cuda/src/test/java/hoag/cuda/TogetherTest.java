package hoag.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.kernels.Algorithms;
import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import hoag.kernels.Precision;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Views;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same formulas over many tensors are one launch, where none waits for another; large copies; memory that serves again. */
class TogetherTest {
    private static final int[] SIZES = {1000, 1, 4096, 1023, 5000, 1024, 7, 1025};
    private static final Expr STEP = Expr.in(0).minus(Expr.in(1).times(Expr.in(2)));
    private static final Expr MEAN =
            Expr.in(0).times(Expr.of(0.9)).plus(Expr.in(1).times(Expr.of(0.1)));

    @BeforeEach
    void start() {
        StandIn.reset();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, StandIn.held(), "things that were not given back");
        assertEquals(0, StandIn.damaged(), "bytes written beside the memory of a kernel");
    }

    private static float[] noise(int count, int seed) {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Buffer filled(Backend cuda, float[] values) {
        Buffer buffer = cuda.allocate(values.length);
        cuda.write(values, 0, buffer, values.length);
        return buffer;
    }

    private static Work work(Backend cuda, Kernel kernel, Buffer... operands) {
        return cuda.prepare(kernel, KernelRunner.wish(cuda, kernel, Layout.PLAIN))
                .bind(List.of(operands), null, new RunState());
    }

    private static float[] read(Backend cuda, Buffer buffer) {
        float[] values = new float[buffer.length()];
        cuda.read(buffer, values, 0, values.length);
        return values;
    }

    /** Weights and a mean of gradients, in place, by a rate that all share: an optimizer's step. */
    private static Work update(Backend cuda, Buffer weight, Buffer gradient, Buffer rate) {
        Shape shape = Shape.of(weight.length());
        var kernel = new Kernel.Pointwise(shape, List.of(shape, shape, Shape.of(1)), List.of(STEP, MEAN));
        return work(cuda, kernel, weight, gradient, rate, weight, gradient);
    }

    private static List<float[]> updated(boolean together, int launches) {
        try (Backend cuda = new CudaBackend()) {
            var all = new ArrayList<Buffer>();
            var works = new ArrayList<Work>();
            Buffer rate = filled(cuda, new float[] {0.25f});
            for (int size : SIZES) {
                Buffer weight = filled(cuda, noise(size, size));
                Buffer gradient = filled(cuda, noise(size, -size));
                all.addAll(List.of(weight, gradient));
                works.add(update(cuda, weight, gradient, rate));
            }
            int before = StandIn.real() ? 0 : StandIn.count("cuLaunchKernel");
            for (int step = 0; step < 2; step++) {
                if (!together) {
                    cuda.run(works);
                }
            }
            if (together) {
                try (Backend.Recorded recorded = cuda.record(works)) {
                    recorded.run();
                    recorded.run();
                }
            }
            if (!StandIn.real()) {
                assertEquals(launches, StandIn.count("cuLaunchKernel") - before);
            }
            return all.stream().map(buffer -> read(cuda, buffer)).toList();
        }
    }

    @Test
    void updatesOfAllParametersAreOneLaunchWithTheSameBits() {
        List<float[]> alone = updated(false, 2 * SIZES.length);
        for (int seed = 0; seed < 2; seed++) {
            StandIn.seed(seed);
            // a tensor of one number has a rate as large as itself: another kind, which parts its neighbours
            List<float[]> together = updated(true, 3);
            for (int i = 0; i < alone.size(); i++) {
                assertArrayEquals(alone.get(i), together.get(i));
            }
        }
    }

    @Test
    void whatWaitsForAnotherIsALaunchOfItsOwn() {
        assumeFalse(StandIn.real(), "skipped: a real driver does not count");
        try (Backend cuda = new CudaBackend()) {
            var kernel = new Kernel.Pointwise(
                    Shape.of(5), List.of(Shape.of(5)), List.of(Expr.in(0).plus(Expr.of(1))));
            Buffer[] chain = new Buffer[5];
            for (int i = 0; i < chain.length; i++) {
                chain[i] = filled(cuda, new float[5]);
            }
            List<Work> works = List.of(
                    work(cuda, kernel, chain[0], chain[1]), // 1
                    work(cuda, kernel, chain[0], chain[2]), // 1, beside the first
                    work(cuda, kernel, chain[1], chain[3]), // 2, after the first
                    work(cuda, kernel, chain[4], chain[1])); // 1, after the third has read
            try (Backend.Recorded recorded = cuda.record(works)) {
                recorded.run();
            }
            assertEquals(3, StandIn.count("cuLaunchKernel"));
            assertEquals(2, read(cuda, chain[3])[0]);
            assertEquals(1, read(cuda, chain[1])[4]);
        }
    }

    @Test
    void largeCopiesComeBackAsTheyWere() {
        float[] values = noise(5_300_001, 3); // five pieces and a bit: the ring goes round
        try (Backend cuda = new CudaBackend()) {
            Buffer buffer = cuda.allocate(values.length + 10);
            cuda.write(values, 1, buffer.slice(10, values.length - 1), values.length - 1);
            float[] back = new float[values.length];
            back[0] = values[0];
            cuda.read(buffer.slice(10, values.length - 1), back, 1, values.length - 1);
            assertArrayEquals(values, back);
            assertArrayEquals(new float[10], read(cuda, buffer.slice(0, 10)));
        }
    }

    @Test
    void memoryServesAgain() {
        assumeFalse(StandIn.real(), "skipped: a real driver does not count");
        StandIn.memory(4 << 20);
        try (Backend cuda = new CudaBackend()) {
            Buffer first = filled(cuda, noise(1 << 18, 1));
            cuda.release(first);
            int reserved = StandIn.count("cuMemAlloc");
            Buffer again = cuda.allocate(1 << 18);
            assertEquals(reserved, StandIn.count("cuMemAlloc"), "the piece that was given back");
            assertArrayEquals(new float[1 << 18], read(cuda, again), "zeros");
            var late = assertThrows(IllegalStateException.class, () -> read(cuda, first));
            assertEquals(
                    "this memory of a GPU was given back; close workspaces before their backend", late.getMessage());
            cuda.release(again);
            cuda.allocate(3 << 18); // 3 of 4 MiB: only when what is kept goes back to the driver
        }
    }

    private static Views pictures(int size) {
        float[] words = new float[2 + 2 + 3 * size * size];
        words[0] = Float.intBitsToFloat(2);
        return new Views(1, size, words, words.length);
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first step is recorded while the second batch is on its way, whose memory is reserved then. */
    @Test
    void picturesAreSentWhileAStepIsRecorded() throws Exception {
        assumeFalse(StandIn.real(), "skipped: a real driver does not wait for others");
        try (Device device = Gpu.open(0, Precision.FP32, Algorithms.OWN)) {
            device.stage(pictures(1));
            StandIn.late(40);
            var sending = new FutureTask<>(() -> device.stage(pictures(10)).shape());
            Thread.ofPlatform().start(sending);
            pause(10); // it reserves memory
            var slow = new Call("slow", stream -> pause(80));
            device.drop(device.capture(List.of(slow), false, false));
            assertEquals(Shape.of(1, 3, 10, 10), sending.get());
        }
    }
}
