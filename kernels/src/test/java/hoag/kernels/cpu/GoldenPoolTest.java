package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.Layout;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Pooling with windows, and its gradients, in both layouts against PyTorch in float64. Adaptive pooling and free divisors are no kernels. */
class GoldenPoolTest {
    private static final CpuBackend CPU = new CpuBackend(2);
    private final Golden golden = new Golden("/golden/pool.safetensors");

    @AfterAll
    static void close() {
        CPU.close();
    }

    @TestFactory
    Stream<DynamicTest> agreesWithPyTorch() {
        return golden.cases().stream()
                .filter(each -> each.op().equals("max_pool2d")
                        || each.op().equals("avg_pool2d")
                                && !each.name().endsWith("divisor")
                                && !each.name().endsWith("ceil-count"))
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> pool(each)));
    }

    private void pool(Golden.Case each) {
        int[] x = golden.shape(each.name() + "/in/x");
        int[] y = golden.shape(each.name() + "/out/y");
        int[] size = each.numbers("kernel");
        int[] stride = each.numbers("stride");
        int[] pad = each.numbers("padding");
        boolean max = each.op().startsWith("max");
        int[] dilation = max ? each.numbers("dilation") : new int[] {1, 1};
        // rounding the number of windows up is more padding at the end
        int bottom = Math.max(pad[1], (y[2] - 1) * stride[0] + (size[0] - 1) * dilation[0] + 1 - x[2] - pad[0]);
        int right = Math.max(pad[3], (y[3] - 1) * stride[1] + (size[1] - 1) * dilation[1] + 1 - x[3] - pad[2]);
        var window = new Conv2dShape(
                x[0],
                x[1],
                x[2],
                x[3],
                x[1],
                size[0],
                size[1],
                stride[0],
                stride[1],
                pad[0],
                pad[2],
                bottom,
                right,
                dilation[0],
                dilation[1],
                x[1]);
        // PyTorch counts its own padding, never what rounding up adds
        boolean counted = pad[0] + pad[2] > 0 && each.attributes().contains("\"count_include_pad\":true");
        var mode = max ? PoolMode.MAX : counted ? PoolMode.AVERAGE_WITH_PADDING : PoolMode.AVERAGE;
        for (var layout : new Layout[] {Layout.PLAIN, Layout.BLOCKED}) {
            float[] in = golden.floats(each.name() + "/in/x");
            compare(each, "out/y", Once.run(CPU, new Kernel.Pool(window, mode, false), layout, in));
            compare(
                    each,
                    "grad/x",
                    Once.run(
                            CPU,
                            new Kernel.Pool(window, mode, true),
                            layout,
                            in,
                            golden.floats(each.name() + "/up/y")));
        }
    }

    private void compare(Golden.Case each, String tensor, float[] got) {
        double[] truth = golden.doubles(each.name() + "/" + tensor);
        assertEquals(truth.length, got.length);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], got[i], each.tolerance(tensor), each.name() + " " + tensor + " element " + i);
        }
    }
}
