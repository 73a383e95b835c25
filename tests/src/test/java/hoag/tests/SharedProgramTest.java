package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import hoag.engine.Gradients;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Eight threads run one program at once, each with its own workspace, pictures and dropout: each gets the bits that it would get alone. */
class SharedProgramTest {
    private static final int THREADS = 8;
    private static final int RUNS = 3;

    private static Program program(Backend backend) {
        GalaxyModel model = Small.model(32, 4);
        Trace trace = Trace.train();
        Tensor answers = model.net().apply(Tensor.input("image", Shape.of(2, 3, 32, 32)), trace);
        Tensor loss = Task.loss(model.tasks(), answers, Tensor.input("label", Shape.of(2, 2)));
        var stem = Modules.variables(model.net()).get("encoder.conv_stem.weight");
        Tensor slope = Gradients.of(loss, List.of(stem.tensor())).getFirst();
        return Program.compile(backend, Map.of("answers", answers, "slope", slope));
    }

    private static byte[] run(Workspace workspace, int thread, int run) {
        workspace
                .feed("image", Recipe.values("image " + thread, 2 * 3 * 32 * 32, 0.5, 0.5))
                .feed("label", 0, 4, 1, 5)
                .run(thread, run);
        float[] slope = workspace.output("slope");
        float[] all = Arrays.copyOf(slope, slope.length + 6);
        workspace.read("answers", all, slope.length);
        return Bits.of(all);
    }

    @Test
    void everyThreadGetsItsOwn() throws Exception {
        try (Backend cpu = new CpuBackend(2);
                var pool = Executors.newFixedThreadPool(THREADS)) {
            Program program = program(cpu);
            byte[][][] alone = new byte[THREADS][RUNS][];
            try (Workspace workspace = program.workspace()) {
                for (int thread = 0; thread < THREADS; thread++) {
                    for (int run = 0; run < RUNS; run++) {
                        alone[thread][run] = run(workspace, thread, run);
                    }
                }
            }
            assertFalse(Arrays.equals(alone[0][0], alone[1][0]));
            assertFalse(Arrays.equals(alone[0][0], alone[0][1]));

            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Callable<byte[][]>> work = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                work.add(() -> {
                    byte[][] results = new byte[RUNS][];
                    try (Workspace workspace = program.workspace()) {
                        start.await();
                        for (int run = 0; run < RUNS; run++) {
                            results[run] = run(workspace, number, run);
                        }
                    }
                    return results;
                });
            }
            var results = pool.invokeAll(work);
            assertEquals(THREADS, results.size());
            for (int thread = 0; thread < THREADS; thread++) {
                for (int run = 0; run < RUNS; run++) {
                    assertArrayEquals(alone[thread][run], results.get(thread).get()[run], thread + ", run " + run);
                }
            }
        }
    }
}
