package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** 57 convolutions, their gradients and transposed convolutions against PyTorch in float64. */
class GoldenConv2dTest {
    private static final CpuBackend CPU = new CpuBackend(2);
    private final Golden golden = new Golden("/golden/conv.safetensors");

    @AfterAll
    static void close() {
        CPU.close();
    }

    @TestFactory
    Stream<DynamicTest> agreesWithPyTorch() {
        assertEquals(57, golden.cases().size());
        return golden.cases().stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    if (each.op().equals("conv2d")) {
                        convolution(each);
                    } else {
                        transposed(each);
                    }
                }));
    }

    private static Conv2dShape shape(int[] x, int[] weight, int[] y, Golden.Case each) {
        int[] stride = each.numbers("stride");
        int[] pad = each.numbers("padding");
        int[] dilation = each.numbers("dilation");
        int groups = each.numbers("groups")[0];
        var shape = new Conv2dShape(
                x[0],
                x[1],
                x[2],
                x[3],
                y[1],
                weight[2],
                weight[3],
                stride[0],
                stride[1],
                pad[0],
                pad[2],
                pad[1],
                pad[3],
                dilation[0],
                dilation[1],
                groups);
        assertEquals(Shape.of(y), shape.output());
        return shape;
    }

    private void convolution(Golden.Case each) {
        String in = each.name() + "/in/";
        var s = shape(golden.shape(in + "x"), golden.shape(in + "weight"), golden.shape(each.name() + "/out/y"), each);
        float[] x = golden.floats(in + "x");
        float[] weight = golden.floats(in + "weight");
        float[] up = golden.floats(each.name() + "/up/y");
        compare(each, "out/y", run(s, Kernel.Pass.FORWARD, s.k(), x, weight, each));
        compare(each, "grad/x", KernelRunner.run(CPU, new Kernel.Conv2d(s, Kernel.Pass.DATA, null), up, weight)[0]);
        compare(each, "grad/weight", KernelRunner.run(CPU, new Kernel.Conv2d(s, Kernel.Pass.FILTER, null), x, up)[0]);
    }

    /** A transposed convolution is the data gradient of the convolution with the same filter. */
    private void transposed(Golden.Case each) {
        String in = each.name() + "/in/";
        var s = shape(golden.shape(each.name() + "/out/y"), golden.shape(in + "weight"), golden.shape(in + "x"), each);
        compare(
                each,
                "out/y",
                run(s, Kernel.Pass.DATA, s.c(), golden.floats(in + "x"), golden.floats(in + "weight"), each));
        float[] up = golden.floats(each.name() + "/up/y");
        compare(
                each,
                "grad/x",
                KernelRunner.run(
                        CPU, new Kernel.Conv2d(s, Kernel.Pass.FORWARD, null), up, golden.floats(in + "weight"))[0]);
        compare(
                each,
                "grad/weight",
                KernelRunner.run(CPU, new Kernel.Conv2d(s, Kernel.Pass.FILTER, null), up, golden.floats(in + "x"))[0]);
    }

    /** With the bias as an epilogue, if the backend takes it. */
    private float[] run(Conv2dShape s, Kernel.Pass pass, int channels, float[] x, float[] weight, Golden.Case each) {
        var plain = new Kernel.Conv2d(s, pass, null);
        if (!each.has("grad/bias")) {
            return KernelRunner.run(CPU, plain, x, weight)[0];
        }
        float[] bias = golden.floats(each.name() + "/in/bias");
        var epilogue = new Kernel.Epilogue(Expr.in(0).plus(Expr.in(1)), List.of(Shape.of(channels, 1, 1)));
        if (CPU.fuses(plain, epilogue)) {
            return KernelRunner.run(CPU, new Kernel.Conv2d(s, pass, epilogue), x, weight, bias)[0];
        }
        float[] y = KernelRunner.run(CPU, plain, x, weight)[0];
        int pixels =
                plain.outputs().getFirst().dim(2) * plain.outputs().getFirst().dim(3);
        for (int i = 0; i < y.length; i++) {
            y[i] += bias[i / pixels % channels];
        }
        return y;
    }

    private void compare(Golden.Case each, String tensor, float[] got) {
        double[] truth = golden.doubles(each.name() + "/" + tensor);
        assertEquals(truth.length, got.length);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], got[i], each.tolerance(tensor), each.name() + " " + tensor + " element " + i);
        }
    }
}
