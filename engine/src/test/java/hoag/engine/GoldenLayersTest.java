package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hoag.engine.files.Safetensors;
import hoag.engine.nn.GlobalResponseNorm;
import hoag.engine.nn.GroupNorm;
import hoag.engine.nn.LayerNorm;
import hoag.engine.nn.Module;
import hoag.engine.nn.PReLU;
import hoag.engine.nn.RmsNorm;
import hoag.engine.nn.Trace;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers that hold weights against PyTorch in float64: what the operation tests feed as inputs is held here. */
class GoldenLayersTest {
    private static final Backend CPU = new CpuBackend(2);

    @AfterAll
    static void close() {
        CPU.close();
    }

    @ParameterizedTest
    @CsvSource({"norm,layer_norm", "norm,group_norm", "norm,rms_norm", "norm,grn", "pointwise,prelu"})
    void agree(String file, String op) {
        try (Safetensors open = Safetensors.open(GoldenCase.resource("ops/" + file + ".safetensors"))) {
            List<GoldenCase> cases = GoldenCase.of(open).stream()
                    .filter(c -> c.op().equals(op) && c.names("in").contains("weight"))
                    .toList();
            assertEquals(false, cases.isEmpty(), "cases of " + op);
            cases.forEach(GoldenLayersTest::check);
        }
    }

    private static void check(GoldenCase c) {
        Tensor x = Tensor.input("x", c.shape("in/" + c.names("in").getFirst()));
        Tensor y = layer(c).apply(x, Trace.eval());
        try (Workspace workspace = Program.compile(CPU, Map.of("y", y)).workspace()) {
            workspace.feed("x", c.floats("in/" + c.names("in").getFirst())).run();
            c.check("out/y", workspace.output("y"));
        }
    }

    private static Module layer(GoldenCase c) {
        double eps = c.number("eps", 0);
        Variable weight = held(c, "weight");
        return switch (c.op()) {
            case "layer_norm" -> new LayerNorm(weight, held(c, "bias"), eps, c.whole("axis"));
            case "group_norm" -> new GroupNorm(weight, held(c, "bias"), c.whole("groups"), eps);
            case "rms_norm" -> new RmsNorm(weight, eps, c.whole("axis"));
            case "grn" -> new GlobalResponseNorm(weight, held(c, "bias"), eps, c.truth("channels_last") ? 3 : 1);
            default -> new PReLU(weight);
        };
    }

    private static Variable held(GoldenCase c, String name) {
        return Variable.parameter(name, c.shape("in/" + name)).set(c.floats("in/" + name));
    }

    @Test
    void groupsDivideTheChannels() {
        Variable six = Variable.parameter("weight", Shape.of(6));
        var refused = assertThrows(ConfigException.class, () -> new GroupNorm(six, six, 4, 1e-5));
        assertEquals("GroupNorm: groups 4 must divide the 6 channels", refused.getMessage());
    }
}
