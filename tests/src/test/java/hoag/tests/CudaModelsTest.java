package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.cuda.Assembler;
import hoag.cuda.CudaBackend;
import hoag.cuda.StandIn;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Losses;
import hoag.engine.train.Optimizer;
import hoag.engine.train.Sgd;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Backend;
import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models on the CUDA backend, with the driver's stand-in: the numbers of the CPU, one graph a step, nothing left behind. */
class CudaModelsTest {
    private static final int BATCH = 2;
    private static final int CLASSES = 5;
    private static final int FEWEST = 10; // formulas that any training has

    @BeforeEach
    void start() {
        StandIn.reset();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, StandIn.held(), "things that were not given back");
        assertEquals(0, StandIn.damaged(), "bytes written beside the memory of a kernel");
    }

    /** A model, its loss, and a training step. */
    private static final class Training {
        private final int size;
        private final Optimizer optimizer;
        private final Tensor loss;
        private final List<Tensor> updates;
        private final Backbone model;

        Training(String name, int size, int batch) {
            this(name, size, batch, new AdamW());
        }

        Training(String name, int size, int batch, Optimizer optimizer) {
            this.size = size;
            this.optimizer = optimizer;
            model = Backbones.create(name, 42, 3, CLASSES, 0.1, size);
            Trace trace = Trace.train();
            Tensor x = Tensor.input("image", Shape.of(batch, 3, size, size));
            loss = Losses.crossEntropy(model.forward(x, trace), Tensor.input("target", Shape.of(batch)), null, 0.1);
            var step = optimizer.minimize(
                    loss, List.of(new Optimizer.Group(Modules.parameters(model), 1, 0.05)), Optimizer.Options.NONE);
            updates = new ArrayList<>(step.updates());
            updates.addAll(trace.updates());
        }

        Program compile(Backend backend) {
            return Program.compile(backend, Map.of("loss", loss), updates);
        }

        float step(Workspace memory, int number) {
            memory.feed("image", pictures(BATCH * 3 * size * size))
                    .feed("target", 1, 3)
                    .feed(Optimizer.RATE, 1e-2f);
            optimizer.feed(number, (name, value) -> memory.feed(name, (float) value));
            return memory.run(7, number).scalar("loss");
        }

        Map<String, float[]> weights() {
            var all = new LinkedHashMap<String, float[]>();
            Modules.parameters(model).forEach((name, weight) -> all.put(name, weight.values()));
            return all;
        }
    }

    /**
     * Noise: pictures that are nearly alike leave BatchNorm a variance near 0, so that rounding decides the sign of what ReLU is given, and a run of the same
     * weights that rounds elsewhere is another training after one step.
     */
    private static float[] pictures(int count) {
        var noise = new Random(5);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) noise.nextGaussian();
        }
        return values;
    }

    private static float[] losses(Training training, Backend backend, int steps) {
        float[] losses = new float[steps];
        try (backend;
                Workspace memory = training.compile(backend).workspace()) {
            for (int i = 0; i < steps; i++) {
                losses[i] = training.step(memory, i + 1);
            }
        }
        return losses;
    }

    /** With momentum: Adam's first step makes a whole step of any rounding error, where BatchNorm leaves a weight no gradient. */
    @ParameterizedTest
    @ValueSource(strings = {"test_efficientnet", "test_resnet", "test_convnext", "test_vit"})
    void aTrainingHasTheLossesOfTheCpu(String name) {
        int size = 64;
        var truth = new Training(name, size, BATCH, new Sgd(0.9, 0));
        float[] expected = losses(truth, new CpuBackend(2, true), 3);
        var cuda = new Training(name, size, BATCH, new Sgd(0.9, 0));
        float[] found = losses(cuda, new CudaBackend(), 3);
        assertArrayEquals(expected, found, 2e-6f, name);
        if (!StandIn.real()) {
            assertEquals(3, StandIn.count("cuGraphLaunch"), "one graph a step");
        }
        Map<String, float[]> weights = cuda.weights(); // brought from the device when it was closed
        truth.weights()
                .forEach((weight, values) ->
                        assertArrayEquals(values, weights.get(weight), 1e-6f, weight + " after three steps"));
    }

    @Test
    void stepsTakeNoMemoryAndCopyNoWeights() {
        assumeFalse(StandIn.real(), "skipped: a real driver does not count");
        var training = new Training("test_efficientnet", 32, BATCH);
        try (var cuda = new CudaBackend();
                Workspace memory = training.compile(cuda).workspace()) {
            training.step(memory, 1);
            int reserved = StandIn.count("cuMemAlloc");
            int fed = StandIn.count("cuMemcpyHtoD");
            int read = StandIn.count("cuMemcpyDtoH");
            training.step(memory, 2);
            assertEquals(reserved, StandIn.count("cuMemAlloc"), "memory in a step");
            int inputs = memory.inputs().size();
            assertEquals(fed + inputs, StandIn.count("cuMemcpyHtoD"), "copies to the device are what is fed");
            assertEquals(read + 1, StandIn.count("cuMemcpyDtoH"), "the loss alone comes back");
        }
    }

    @Test
    void weightsArriveThoughTheBackendIsClosedFirst() {
        var truth = new Training("test_efficientnet", 32, BATCH);
        losses(truth, new CudaBackend(), 1);
        var late = new Training("test_efficientnet", 32, BATCH);
        var cuda = new CudaBackend();
        Workspace memory = late.compile(cuda).workspace();
        late.step(memory, 1);
        cuda.close();
        memory.close();
        Map<String, float[]> weights = late.weights();
        truth.weights().forEach((weight, values) -> assertArrayEquals(values, weights.get(weight), weight));
    }

    @Test
    void anOptimizersUpdatesAreOneLaunch() {
        assumeFalse(StandIn.real(), "skipped: a real driver does not count");
        var training = new Training("test_efficientnet", 32, BATCH);
        try (var cuda = new CudaBackend()) {
            Program program = training.compile(cuda);
            try (Workspace memory = program.workspace()) {
                int before = StandIn.count("cuLaunchKernel");
                training.step(memory, 1);
                int together = StandIn.count("cuLaunchKernel") - before;
                program.costs(memory, 1); // one by one
                int alone = StandIn.count("cuLaunchKernel") - before - together;
                int parameters = training.weights().size();
                assertTrue(alone - together > 0.9 * parameters, alone + " launches alone, " + together + " together");
            }
        }
    }

    @Test
    void aBatchThatIsTooLargeIsRefusedBeforeItStarts() {
        assumeFalse(StandIn.real(), "skipped: a real device has more memory");
        StandIn.memory(1 << 20);
        try (var cuda = new CudaBackend()) {
            Program program = new Training("test_efficientnet", 64, 16).compile(cuda);
            var refused = assertThrows(DeviceException.class, program::workspace);
            assertTrue(
                    refused.getMessage()
                            .matches("cuda:0: the program wants \\d+ MiB, 1 of 1 MiB are free; use a batch of \\d% of"
                                    + " this one or less .*"),
                    refused.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"test_efficientnet", "test_convnext", "test_vit"})
    void predictionsAreThoseOfTheCpu(String name) {
        Map<String, float[]> said = new LinkedHashMap<>();
        for (Backend backend : List.of(new CpuBackend(1), new CudaBackend())) {
            Backbone model = Backbones.create(name, 42, 3, CLASSES, 0, 32);
            Tensor y = model.forward(Tensor.input("image", Shape.of(BATCH, 3, 32, 32)), Trace.eval());
            try (backend;
                    Workspace memory = Program.compile(backend, Map.of("y", y)).workspace()) {
                memory.feed("image", pictures(BATCH * 3 * 32 * 32)).run();
                said.put(backend.name(), memory.output("y"));
            }
        }
        assertArrayEquals(said.get("cpu"), said.get("cuda"), 1e-5f);
    }

    /**
     * The formulas of architectures, for training and for prediction, in each kind of slot; formulas that differ in sizes alone are assembled once. The small ones
     * of each family, or all with -Dhoag.zoo= and nothing behind it.
     */
    @Test
    void whatArchitecturesEmitAssembles() {
        assumeFalse(StandIn.real(), "skipped: texts are taken from the stand-in");
        String prefix = System.getProperty("hoag.zoo", "test_");
        List<String> names = Backbones.names().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
        assertFalse(names.isEmpty(), "no architecture begins with " + prefix);
        Set<String> seen = new LinkedHashSet<>();
        List<String> wrong = new ArrayList<>();
        for (String name : names) {
            Set<String> formulas = formulas(name);
            assertTrue(formulas.size() >= FEWEST, name + " emits " + formulas.size() + " formulas");
            formulas.stream()
                    .filter(text ->
                            seen.add(text.replaceAll("(div|rem|mul\\.lo|mad\\.lo)(\\.u32 [^;]*), \\d+", "$1$2, N")))
                    .forEach(text -> Assembler.CHIPS.stream()
                            .map(chip -> Assembler.complaint(text, chip))
                            .filter(complaint -> !complaint.isEmpty())
                            .forEach(complaint -> wrong.add(name + " " + complaint)));
        }
        System.out.println(
                seen.size() + " formulas of " + names.size() + " architectures assembled for " + Assembler.CHIPS);
        assertEquals(List.of(), wrong);
    }

    /** What a model's training and prediction emit, each in a kernel of its own. */
    private static Set<String> formulas(String name) {
        Set<String> many = new LinkedHashSet<>();
        StandIn.reset();
        try (var cuda = new CudaBackend()) {
            Backend watched = watched(cuda, many);
            var training = new Training(name, Backbones.size(name), 1);
            training.compile(watched);
            Tensor picture = Tensor.input("image", Shape.of(1, 3, training.size, training.size));
            Program.compile(watched, Map.of("y", training.model.forward(picture, Trace.eval())));
            return Stream.concat(StandIn.modules().stream(), many.stream())
                    .filter(text -> text.contains("{ // slot"))
                    .map(CudaModelsTest::slotAlone)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /** The backend; formulas that it is given are also put into the kernel of many tensors. */
    private static Backend watched(Backend cuda, Set<String> many) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepare") && arguments[0] instanceof Kernel.Pointwise kernel) {
                        Assembler.many(kernel).ifPresent(many::add);
                    }
                    return method.invoke(cuda, arguments);
                });
    }

    /** The module with the first slot of its kernel alone: the kernels around them are assembled by PtxTest. */
    private static String slotAlone(String module) {
        int entry = module.indexOf(".visible .entry ");
        String name = module.substring(entry + 16, module.indexOf('(', entry));
        int slot = module.indexOf("{ // slot");
        return module.substring(0, entry) + ".visible .entry " + name + "(.param .align 8 .b8 " + name
                + "_param_0[2048])\n{\n" + "\t.reg .f32 %f<9999>;\n\t.reg .b32 %r<9999>;\n\t.reg .b64 %rd<9999>;\n"
                + module.substring(slot, module.indexOf("} // end", slot)) + "}\n\tret;\n}\n";
    }
}
