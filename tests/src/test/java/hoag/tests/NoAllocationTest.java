package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Lamb;
import hoag.engine.train.Optimizer;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Inference and steps of training, feeding included, put not a byte on the heap once they are compiled, so the best of many short windows counts.
 */
class NoAllocationTest {
    private static final int WINDOW = 20;
    private static final int WINDOWS = 1000;

    /** One rule that is a formula, one that measures each weight and its step first. */
    private static List<Optimizer> optimizers() {
        return List.of(new AdamW(0.9, 0.999, 1e-8, 0.05), new Lamb());
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void trainingAllocatesNothing(Optimizer optimizer) {
        GalaxyModel model = Small.model(32, 2);
        Trace trace = Trace.train();
        Tensor loss = Task.loss(
                model.tasks(),
                model.net().apply(Tensor.input("image", Shape.of(4, 3, 32, 32)), trace),
                Tensor.input("label", Shape.of(4, 2)));
        Map<String, Variable> weights = Modules.parameters(model.net());
        List<Tensor> updates = new ArrayList<>(optimizer
                .minimize(loss, List.of(new Optimizer.Group(weights, 1, 0.05)), new Optimizer.Options(1, 0.9))
                .updates());
        updates.addAll(trace.updates());
        try (var cpu = new CpuBackend(2);
                Workspace workspace =
                        Program.compile(cpu, Map.of("loss", loss), updates).workspace()) {
            float[] image = new float[4 * 3 * 32 * 32];
            java.util.Arrays.fill(image, 0.5f);
            workspace.feed("image", image).feed("label", 0, 4, 1, 5, 0, 6, 1, 7);
            ObjDoubleConsumer<String> scalars = (name, value) -> workspace.feed(name, (float) value);
            int[] step = {0};
            assertAtMost(0, () -> {
                workspace.feed("image", image).feed(Optimizer.RATE, 1e-3f);
                optimizer.feed(++step[0], scalars);
                workspace.run(1, step[0]);
                assertTrue(Float.isFinite(workspace.scalar("loss")));
            });
        }
    }

    @Test
    void inferenceAllocatesNothing() {
        GalaxyModel model = Small.model(32, 2);
        Tensor outputs = model.net().apply(Tensor.input("image", Shape.of(4, 3, 32, 32)), Trace.eval());
        try (var cpu = new CpuBackend(2);
                Workspace workspace =
                        Program.compile(cpu, Map.of("outputs", outputs)).workspace()) {
            float[] image = new float[4 * 3 * 32 * 32];
            java.util.Arrays.fill(image, 0.5f);
            float[] values = new float[outputs.shape().size()];
            assertAtMost(0, () -> workspace.feed("image", image).run().read("outputs", values, 0));
        }
    }

    private static void assertAtMost(long limit, Runnable step) {
        long best = Long.MAX_VALUE;
        StringBuilder seen = new StringBuilder();
        for (int window = 0; window < WINDOWS && best > limit; window++) {
            long measuring = bytes(() -> {}); // the arrays of the answers
            long bytes = Math.max(0, bytes(step) - measuring);
            seen.append(bytes / WINDOW).append(' ');
            best = Math.min(best, bytes);
        }
        assertTrue(best <= limit, best + " bytes in the best window; a step, by windows of " + WINDOW + ": " + seen);
    }

    /** What steps put on the heap in one window. */
    private static long bytes(Runnable step) {
        step.run(); // the workers have started
        StepThreads threads = new StepThreads();
        for (int i = 0; i < WINDOW; i++) {
            step.run();
        }
        return threads.bytes();
    }
}
