package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Module;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Optimizer;
import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program says which node made the first NaN or infinity, and of what; and a step that went wrong changes nothing. */
class CheckTest {
    private static Backend backend(String name) {
        return name.equals("cpu") ? new CpuBackend(2) : new ReferenceBackend();
    }

    private static Optional<NotFinite> check(String name, Tensor result, String input, float... values) {
        try (Backend backend = backend(name)) {
            Program program = Program.compile(backend, Map.of("result", result));
            try (Workspace workspace = program.workspace()) {
                return program.check(workspace.feed(input, values).run(3, 4));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void theFirstOfManyBadNodes(String backend) {
        Tensor x = Tensor.input("x", Shape.of(2, 3));
        Tensor ratio = x.div(x.sum(1)); // the second row adds up to 0
        NotFinite found = check(backend, ratio.exp().log().sum(0, 1), "x", 1, 2, 3, -1, 0, 1)
                .orElseThrow();
        assertEquals("a / b", found.operation());
        assertEquals(Shape.of(2, 3), found.shape());
        assertArrayEquals(new int[] {1, 1}, found.index(), "0 / 0 is worse than -1 / 0");
        assertTrue(Float.isNaN(found.value()));
        assertEquals(3, found.count());
        assertEquals(0, found.operands().get(0).value());
        assertEquals(0, found.operands().get(1).value());
        assertEquals(
                "a / b [2, 3] is NaN at [1, 1] (the first of 3); what went in: a is input 'x' [2, 3] = 0.0 (-1.0 to"
                        + " 3.0); b is [2, 1] = 0.0 (0.0 to 6.0)",
                found.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void nothingToFind(String backend) {
        Tensor x = Tensor.input("x", Shape.of(2, 3));
        assertEquals(Optional.empty(), check(backend, x.exp().log(), "x", 1, 2, 3, -1, 0, 1));
        Tensor mask = Tensor.constant(Shape.of(3), 0, Float.NEGATIVE_INFINITY, 0);
        assertEquals(Optional.empty(), check(backend, x.add(mask).softmax(1), "x", 1, 2, 3, -1, 0, 1));
    }

    @Test
    void aBadInputIsNamedItself() {
        Tensor x = Tensor.input("x", Shape.of(3));
        NotFinite found = check("cpu", x.square().sum(0), "x", 1, Float.NaN, 3).orElseThrow();
        assertEquals("input [3] (input 'x') is NaN at [1]", found.toString());
        NotFinite infinite = check("cpu", x.sub(x.max(0)), "x", 1, Float.POSITIVE_INFINITY, 3)
                .orElseThrow();
        assertEquals("a - b", infinite.operation(), "the input is the user's; infinity minus infinity is a mistake");
    }

    @Test
    void gradientsAndRandomNodes() {
        Tensor x = Tensor.input("x", Shape.of(4));
        Tensor root = x.mul(Tensor.uniform(Shape.of(4), 5)).sqrt();
        Tensor slope = Gradients.of(root.sum(0).reshape(), List.of(x)).getFirst();
        NotFinite found = check("cpu", slope, "x", 1, 2, 0, 3).orElseThrow();
        assertArrayEquals(new int[] {2}, found.index());
        assertFalse(Float.isFinite(found.value()));
    }

    /** Two blocks, the second of which takes a logarithm of what may be negative. */
    private record Block(Conv2d conv, BatchNorm2d bn, boolean log) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            Tensor y = bn.apply(conv.apply(x, trace), trace);
            return log ? y.log() : y;
        }
    }

    private record Net(List<Block> blocks) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            Tensor y = x;
            for (Block block : blocks) {
                y = block.apply(y, trace);
            }
            return y;
        }
    }

    private static Net net(boolean log) {
        Init init = new Init(3);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            blocks.add(new Block(
                    Conv2d.of(init, 4, 4, 3, 1, 1, 1, false),
                    BatchNorm2d.of(init, 4, 1e-3, Activation.IDENTITY),
                    log && i == 1));
        }
        return new Net(blocks);
    }

    private static float[] picture() {
        float[] picture = new float[2 * 4 * 5 * 5];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = (float) Math.sin(i);
        }
        return picture;
    }

    private static Optional<NotFinite> check(Net net) {
        Trace trace = Trace.train();
        Tensor y = net.apply(Tensor.input("image", Shape.of(2, 4, 5, 5)), trace);
        try (Backend cpu = new CpuBackend(1)) {
            Program program = Program.compile(cpu, Map.of("y", y), trace.updates());
            try (Workspace workspace = program.workspace().feed("image", picture())) {
                return program.check(workspace, trace.places(net));
            }
        }
    }

    @Test
    void thePartOfTheModel() {
        NotFinite found = check(net(true)).orElseThrow();
        assertEquals("log(a)", found.operation());
        assertEquals("blocks.1", found.place());
        assertEquals("blocks.1.bn", found.operands().getFirst().from());
        assertTrue(found.operands().getFirst().value() < 0, found::toString);
        assertEquals(Optional.empty(), check(net(false)));
    }

    @Test
    void aBadWeight() {
        Net net = net(false);
        Variable weight = net.blocks().get(1).conv().weight();
        float[] values = weight.values();
        values[7] = Float.NaN;
        weight.set(values);
        NotFinite found = check(net).orElseThrow();
        assertEquals("variable", found.operation());
        assertEquals("variable blocks.1.conv.weight", found.place());
        assertArrayEquals(new int[] {0, 0, 2, 1}, found.index());
        values[7] = 3e38f;
        weight.set(values);
        NotFinite overflow = check(net).orElseThrow();
        assertEquals("conv2d", overflow.operation());
        assertEquals("blocks.1.conv", overflow.place());
        assertEquals(3e38f, overflow.operands().get(1).largest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void aStepThatWentWrongChangesNothing(String name) {
        Net net = net(true);
        Trace trace = Trace.train();
        Tensor y = net.apply(Tensor.input("image", Shape.of(2, 4, 5, 5)), trace);
        Tensor loss = y.map(Expr.in(0).times(Expr.in(1)), Tensor.input("scale", Shape.SCALAR))
                .sum(0, 1, 2, 3)
                .reshape();
        var minimizer = new AdamW()
                .minimize(loss, List.of(new Optimizer.Group(Modules.parameters(net), 1, 0)), Optimizer.Options.NONE);
        List<Tensor> updates = new ArrayList<>(minimizer.updates());
        updates.addAll(trace.updates());
        Map<String, float[]> before = values(net);
        try (Backend backend = backend(name);
                Workspace workspace =
                        Program.compile(backend, Map.of("loss", loss), updates).workspace()) {
            workspace.feed("image", picture()).feed("scale", 1).feed(Optimizer.RATE, 1e-3f);
            new AdamW().feed(1, (key, value) -> workspace.feed(key, (float) value));
            assertFalse(workspace.runIfFinite(0, 0, "loss"));
            before.forEach(
                    (key, values) -> assertArrayEquals(values, values(net).get(key), key));
            net.blocks().get(1).bn().bias().set(9, 9, 9, 9);
            assertTrue(workspace.runIfFinite(0, 0, "loss"));
            assertFalse(java.util.Arrays.equals(
                    before.get("blocks.0.conv.weight"), values(net).get("blocks.0.conv.weight")));
            assertFalse(java.util.Arrays.equals(
                    before.get("blocks.0.bn.running_mean"), values(net).get("blocks.0.bn.running_mean")));
        }
    }

    private static Map<String, float[]> values(Net net) {
        Map<String, float[]> values = new java.util.TreeMap<>();
        Modules.variables(net).forEach((key, variable) -> values.put(key, variable.values()));
        return values;
    }
}
