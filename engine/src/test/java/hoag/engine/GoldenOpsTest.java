package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.engine.files.Safetensors;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Trace;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Operations and their gradients, compiled and run on the CPU, against PyTorch in float64. */
class GoldenOpsTest {
    private static final Backend CPU = new CpuBackend(2);
    private static final List<Safetensors> OPEN = new ArrayList<>();

    @AfterAll
    static void close() {
        CPU.close();
        OPEN.forEach(Safetensors::close);
    }

    @TestFactory
    Stream<DynamicTest> products() {
        return tests("product", 20, c -> run(c, GoldenNodes::product));
    }

    @TestFactory
    Stream<DynamicTest> norms() {
        return tests("norm", 29, c -> {
            if (c.op().equals("batch_norm")) {
                batchNorm(c);
            } else {
                run(c, GoldenNodes::norm);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> pointwise() {
        return tests("pointwise", 91, c -> run(c, GoldenOpsTest::formula));
    }

    @TestFactory
    Stream<DynamicTest> folds() {
        return tests("reduce", 53, c -> runAll(c, (each, in) -> GoldenMoves.ordered(each, in.get("x"))));
    }

    @TestFactory
    Stream<DynamicTest> losses() {
        return tests("loss", 49, c -> run(c, GoldenNodes::loss));
    }

    @TestFactory
    Stream<DynamicTest> convolutions() {
        return tests("conv", 57, c -> runAll(c, (each, in) -> Map.of("y", GoldenMoves.convolution(each, in))));
    }

    @TestFactory
    Stream<DynamicTest> moves() {
        return tests("move", 35, c -> runAll(c, GoldenMoves::outputs));
    }

    @TestFactory
    Stream<DynamicTest> attention() {
        return tests("attention", 22, c -> runAll(c, GoldenAttention::outputs));
    }

    @TestFactory
    Stream<DynamicTest> pools() {
        return tests("pool", 26, c -> run(c, (each, x) -> GoldenPools.pool(each, x.getFirst())));
    }

    @TestFactory
    Stream<DynamicTest> samples() {
        return tests("sample", 44, c -> runAll(c, GoldenSample::outputs));
    }

    /** Every case of the file, which must have this many; one of an unknown kind fails. */
    private static Stream<DynamicTest> tests(String file, int count, Consumer<GoldenCase> test) {
        Safetensors open = Safetensors.open(GoldenCase.resource("ops/" + file + ".safetensors"));
        OPEN.add(open);
        List<GoldenCase> cases = GoldenCase.of(open);
        assertEquals(count, cases.size(), "cases of " + file);
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> test.accept(c)));
    }

    private static Tensor formula(GoldenCase c, List<Tensor> x) {
        List<Tensor> all = c.op().equals("prelu")
                ? List.of(x.get(0), x.get(1).reshape(1, x.get(1).shape().size(), 1, 1))
                : x;
        return all.getFirst()
                .map(GoldenFormulas.formula(c), all.subList(1, all.size()).toArray(Tensor[]::new));
    }

    private static void run(GoldenCase c, BiFunction<GoldenCase, List<Tensor>, Tensor> function) {
        runAll(c, (each, in) -> Map.of("y", function.apply(each, List.copyOf(in.values()))));
    }

    /** Builds the outputs by name from the inputs by name, and compares them and the gradients. */
    private static void runAll(
            GoldenCase c, BiFunction<GoldenCase, Map<String, Tensor>, Map<String, Tensor>> function) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        c.names("in").forEach(name -> inputs.put(name, Tensor.input("in/" + name, c.shape("in/" + name))));
        Map<String, Tensor> made = function.apply(c, inputs);
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        c.names("out").forEach(name -> outputs.put("out/" + name, made.get(name).reshape(c.shape("out/" + name))));
        addGradients(c, inputs, outputs);
        try (Workspace workspace = Program.compile(CPU, outputs).workspace()) {
            feed(c, workspace).run();
            outputs.keySet().forEach(key -> c.check(key, workspace.output(key)));
        }
    }

    private static void addGradients(GoldenCase c, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        List<String> names = c.names("grad");
        if (!names.isEmpty()) {
            List<Tensor> ends =
                    c.names("up").stream().map(up -> outputs.get("out/" + up)).toList();
            List<Tensor> ups = c.names("up").stream()
                    .map(up -> Tensor.input("up/" + up, c.shape("up/" + up)))
                    .toList();
            List<Tensor> gradients =
                    Gradients.of(ends, ups, names.stream().map(inputs::get).toList());
            for (int i = 0; i < names.size(); i++) {
                outputs.put("grad/" + names.get(i), gradients.get(i));
            }
        }
    }

    private static Workspace feed(GoldenCase c, Workspace workspace) {
        workspace.inputs().keySet().forEach(key -> workspace.feed(key, c.floats(key)));
        return workspace;
    }

    /** Through the module; what has two axes gets a plane of one pixel. In training the running statistics must move as PyTorch moves them. */
    private static void batchNorm(GoldenCase c) {
        Map<String, Variable> held = new LinkedHashMap<>();
        c.names("in").stream()
                .skip(1)
                .forEach(name -> held.put(
                        name, Variable.parameter(name, c.shape("in/" + name)).set(c.floats("in/" + name))));
        var norm = new BatchNorm2d(
                held.get("weight"),
                held.get("bias"),
                held.get("running_mean"),
                held.get("running_var"),
                c.number("eps", 0),
                c.number("momentum", 0),
                Activation.IDENTITY);
        Trace trace = c.truth("training") ? Trace.train() : Trace.eval();
        Shape shape = c.shape("in/x");
        Map<String, Tensor> inputs = new LinkedHashMap<>(Map.of("x", Tensor.input("in/x", shape)));
        held.forEach((name, variable) -> inputs.put(name, variable.tensor()));
        Tensor x = shape.rank() == 4 ? inputs.get("x") : inputs.get("x").reshape(shape.dim(0), shape.dim(1), 1, 1);
        Tensor y = norm.apply(x, trace).reshape(shape);
        Map<String, Tensor> outputs = new LinkedHashMap<>(Map.of("out/y", y));
        addGradients(c, inputs, outputs);
        try (Workspace workspace =
                Program.compile(CPU, outputs, trace.updates()).workspace()) {
            feed(c, workspace).run();
            outputs.keySet().forEach(key -> c.check(key, workspace.output(key)));
        }
        c.names("out").stream()
                .skip(1)
                .forEach(name -> c.check("out/" + name, held.get(name).values()));
    }
}
