package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Optimizer;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Any program runs in float64 too, dropout, stochastic depth, optimizer and all: the truth that float32 is held against. */
class Float64Test {
    private static final int SIDE = 32;
    private static final int BATCH = 2;
    private static final double RATE = 1e-3;

    private final GalaxyModel model = Small.model(SIDE, 2);
    private final AdamW optimizer = new AdamW(0.9, 0.999, 1e-8, 0.05);
    private Map<String, Variable> moments;

    /** A step of finetuning Lite0 with its running statistics: dropout and stochastic depth are on. */
    private Program step(Backend backend) {
        Trace trace = Trace.sample();
        Tensor answers = model.net().apply(Tensor.input("image", Shape.of(BATCH, 3, SIDE, SIDE)), trace);
        Tensor loss = Task.loss(model.tasks(), answers, Tensor.input("label", Shape.of(BATCH, 2)));
        Map<String, Variable> weights = Modules.parameters(model.net());
        var minimizer =
                optimizer.minimize(loss, List.of(new Optimizer.Group(weights, 1, 0.05)), new Optimizer.Options(1, 0));
        moments = minimizer.state();
        return Program.compile(backend, Map.of("loss", loss, "answers", answers), minimizer.updates());
    }

    private Map<String, double[]> run(Program program, long seed) {
        Map<String, double[]> results = new LinkedHashMap<>();
        try (Workspace workspace = program.workspace()) {
            workspace.feed("image", Recipe.values("image", BATCH * 3 * SIDE * SIDE, 0.5, 0.5));
            workspace.feed("label", 0, 4, 1, 5).feed(Optimizer.RATE, (float) RATE);
            optimizer.feed(1, (name, value) -> workspace.feed(name, (float) value));
            workspace.run(seed, 7);
            results.put("loss", workspace.output64("loss"));
            results.put("answers", workspace.output64("answers"));
        }
        return results;
    }

    @Test
    void aTrainingStep() {
        Map<String, float[]> before = Small.weights(model);
        try (Backend cpu = new CpuBackend(2);
                Backend reference = new ReferenceBackend()) {
            Program fast = step(cpu);
            Program exact = fast.on(reference);
            Map<String, double[]> got = run(fast, 1);
            Map<String, float[]> moved = Small.weights(model);
            restore(before);
            Map<String, double[]> truth = run(exact, 1);
            Map<String, float[]> movedExactly = Small.weights(model);
            restore(before);

            near(truth, got, 1e-4);
            double loss = truth.get("loss")[0];
            assertTrue(loss != (float) loss, "the reference rounds to float32: " + loss);
            before.forEach((key, old) -> assertMoves(key, old, movedExactly.get(key), moved.get(key)));
            double other = run(exact, 2).get("loss")[0];
            assertTrue(Math.abs(other - loss) > 1e-3, "another seed drops the same units");
        }
    }

    private void restore(Map<String, float[]> values) {
        Modules.variables(model.net()).forEach((key, variable) -> variable.set(values.get(key)));
        moments.values()
                .forEach(variable -> variable.set(new float[variable.shape().size()]));
    }

    private static void near(Map<String, double[]> truth, Map<String, double[]> got, double allowed) {
        truth.forEach((key, values) -> {
            for (int i = 0; i < values.length; i++) {
                assertEquals(values[i], got.get(key)[i], allowed * Math.max(1, Math.abs(values[i])), key + " " + i);
            }
        });
    }

    /** Adam's first step has the length of the rate in the direction of the gradient's sign, which float32 may miss where it is near 0. */
    private static void assertMoves(String key, float[] old, float[] truth, float[] got) {
        int differ = 0;
        for (int i = 0; i < old.length; i++) {
            differ += Math.abs(truth[i] - got[i]) > 0.1 * RATE + 1e-4 * Math.abs(truth[i]) ? 1 : 0;
        }
        assertTrue(differ <= old.length / 50, key + ": " + differ + " of " + old.length + " move otherwise");
    }
}
