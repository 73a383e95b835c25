package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Program;
import hoag.engine.Recompute;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Losses;
import hoag.engine.train.Optimizer;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Activations that are made again: the same weights to the bit, in less memory. */
class RecomputeTest {
    private record Training(Backbone model, AdamW rule, Tensor loss, List<Tensor> updates) {
        static Training of(String architecture, int batch, int side) {
            Backbone model = Backbones.create(architecture, 5, 3, 4, 0.2);
            Trace trace = Trace.train();
            Tensor image = Tensor.input("image", Shape.of(batch, 3, side, side));
            Tensor loss =
                    Losses.crossEntropy(model.forward(image, trace), Tensor.input("target", Shape.of(batch)), null, 0);
            AdamW rule = new AdamW();
            var group = new Optimizer.Group(Modules.parameters(model), 1, 0.05);
            List<Tensor> updates = new ArrayList<>(rule.minimize(loss, List.of(group), new Optimizer.Options(1, 0))
                    .updates());
            updates.addAll(trace.updates());
            return new Training(model, rule, loss, updates);
        }

        Program program(Backend backend, Recompute recompute) {
            return Program.compile(backend, Map.of("loss", loss), updates, recompute);
        }
    }

    /** All weights, running statistics and the loss after some steps. */
    private static Map<String, float[]> trained(Backend backend, String architecture, int side, Recompute recompute) {
        Training training = Training.of(architecture, 3, side);
        Map<String, float[]> end = new LinkedHashMap<>();
        try (Workspace memory = training.program(backend, recompute).workspace()) {
            memory.feed("target", new float[] {0, 3, 1}).feed(Optimizer.RATE, 1e-2f);
            for (int step = 1; step <= 3; step++) {
                float[] pictures = new float[3 * 3 * side * side];
                for (int i = 0; i < pictures.length; i++) {
                    pictures[i] = (float) Math.sin(i * (0.1 + step));
                }
                training.rule.feed(step, (name, value) -> memory.feed(name, (float) value));
                memory.feed("image", pictures).run(7, step);
                end.put("loss " + step, memory.output("loss"));
            }
        }
        Modules.variables(training.model).forEach((name, variable) -> end.put(name, variable.values()));
        return end;
    }

    private static void sameBits(Map<String, float[]> kept, Map<String, float[]> again) {
        assertEquals(kept.keySet(), again.keySet());
        kept.forEach((name, values) -> assertArrayEquals(Bits.of(values), Bits.of(again.get(name)), name));
    }

    @ParameterizedTest
    @CsvSource({"test_efficientnet, 64, 0.75", "test_resnet, 64, 0.85", "test_convnext, 64, 0.95", "test_vit, 64, 0.99"
    })
    void theSameBitsInLessMemory(String architecture, int side, double share) {
        try (Backend cpu = new CpuBackend(2)) {
            sameBits(
                    trained(cpu, architecture, side, Recompute.NEVER),
                    trained(cpu, architecture, side, Recompute.ALWAYS));
            Training training = Training.of(architecture, 16, side);
            long kept = training.program(cpu, Recompute.NEVER).workspaceBytes();
            long again = training.program(cpu, Recompute.ALWAYS).workspaceBytes();
            assertTrue(again < share * kept, architecture + ": " + again + " of " + kept);
        }
    }

    /** Nothing is fused there, so other values are made again. */
    @Test
    void onTheReference() {
        try (Backend reference = new ReferenceBackend()) {
            sameBits(
                    trained(reference, "test_efficientnet", 32, Recompute.NEVER),
                    trained(reference, "test_efficientnet", 32, Recompute.ALWAYS));
        }
    }

    /** Only as much is made again as is asked for. */
    @Test
    void aLimitIsKeptWithAsFewLaunchesAsItTakes() {
        try (Backend cpu = new CpuBackend(2)) {
            Training training = Training.of("efficientnet_b0", 4, 128);
            Program never = training.program(cpu, Recompute.NEVER);
            Program always = training.program(cpu, Recompute.ALWAYS);
            long limit = (never.memoryMap().bound() + always.memoryMap().bound()) / 2;
            Program some = training.program(cpu, new Recompute(limit));
            assertTrue(some.memoryMap().bound() < 1.02 * limit, some.memoryMap().bound() + " of " + limit);
            assertTrue(never.memoryMap().steps() < some.memoryMap().steps());
            assertTrue(some.memoryMap().steps() < always.memoryMap().steps());
            long loose = never.memoryMap().bound();
            assertEquals(
                    never.memoryMap().rows(),
                    training.program(cpu, new Recompute(loose)).memoryMap().rows());
        }
    }

    @Test
    void efficientNetB0By64TakesLessThan3GBWithoutBeingAsked() {
        try (Backend cpu = new CpuBackend(2)) {
            Training training = Training.of("efficientnet_b0", 64, 224);
            Program usual = Program.compile(cpu, Map.of("loss", training.loss), training.updates);
            assertTrue(usual.workspaceBytes() < 2_300_000_000L, usual.workspaceBytes() + " bytes");
            assertTrue(
                    training.program(cpu, Recompute.ALWAYS).workspaceBytes() < 2_000_000_000L,
                    "asked to, it takes less still");
        }
    }
}
