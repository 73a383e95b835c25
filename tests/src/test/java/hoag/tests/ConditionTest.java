package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Gradients;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Small images with BatchNorm by the batch are ill-conditioned: at 32 pixels the last stages of Lite0 normalise four numbers a channel, some of
 * which hardly differ. How far float32 may be from float64 there is asked of float64 itself: as far as it moves when pixels and weights move by
 * one unit in the last place of float32.
 */
class ConditionTest {
    private static final int SIDE = 32;
    private static final int BATCH = 4;
    private static final float UNIT = 0x1p-23f;
    private static final String STEM = "encoder.conv_stem.weight";

    private final GalaxyModel model = Small.model(SIDE, 2);
    private final Map<String, Variable> variables = Modules.variables(model.net());
    private final Map<String, Tensor> outputs = outputs();

    private Map<String, Tensor> outputs() {
        Trace trace = Trace.train();
        Tensor answers = model.net().apply(Tensor.input("image", Shape.of(BATCH, 3, SIDE, SIDE)), trace);
        Tensor loss = Task.loss(model.tasks(), answers, Tensor.input("label", Shape.of(BATCH, 2)));
        Tensor stem = Gradients.of(loss, List.of(variables.get(STEM).tensor())).getFirst();
        return Map.of("answers", answers, "loss", loss, STEM, stem);
    }

    private Map<String, double[]> run(Workspace workspace, float[] image) {
        workspace.feed("image", image).feed("label", 0, 4, 1, 5, 0, 6, 1, 7).run(1, 7);
        Map<String, double[]> results = new LinkedHashMap<>();
        outputs.keySet().forEach(key -> results.put(key, workspace.output64(key)));
        return results;
    }

    private static float[] shaken(float[] values, Random random) {
        float[] moved = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            moved[i] = values[i] * (1 + (random.nextBoolean() ? UNIT : -UNIT));
        }
        return moved;
    }

    @Test
    void float32IsAsFarOffAsTheLastDigitOfItsInputsMakesFloat64() {
        float[] image = Recipe.values("image", BATCH * 3 * SIDE * SIDE, 0.5, 0.5);
        Random random = new Random(3);
        try (Backend cpu = new CpuBackend(2);
                Backend reference = new ReferenceBackend();
                Workspace fast = Program.compile(cpu, outputs).workspace();
                Workspace exact = Program.compile(reference, outputs).workspace()) {
            Map<String, double[]> truth = run(exact, image);
            Map<String, double[]> got = run(fast, image);
            variables.forEach((key, variable) -> variable.set(shaken(variable.values(), random)));
            Map<String, double[]> moved = run(exact, shaken(image, random));
            for (String key : outputs.keySet()) {
                double condition = difference(truth.get(key), moved.get(key));
                double off = difference(truth.get(key), got.get(key));
                assertTrue(condition > 100 * UNIT, key + " is well-conditioned: " + condition);
                assertTrue(off < 10 * condition, key + " is " + off + " off, a digit's worth is " + condition);
            }
        }
    }

    private static double difference(double[] a, double[] b) {
        double sum = 0;
        double whole = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
            whole += a[i] * a[i];
        }
        return Math.sqrt(sum / whole);
    }
}
