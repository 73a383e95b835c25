package hoag.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.kernels.Backend;
import hoag.kernels.Case;
import hoag.kernels.Cases;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Precision;
import hoag.kernels.reference.ReferenceBackend;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every kernel against the reference on the shared list of cases, through the whole backend on the emulator: the Java that starts it, the PTX of
 * its formulas, and its CUDA source. Layers of networks that would take the emulator long are left to the command of docs/gpu.md.
 */
class CudaConformanceTest {
    private static final double MOST = Double.parseDouble(System.getProperty("hoag.cuda.flops", "3e6"));
    private final Backend reference = new ReferenceBackend();

    @BeforeEach
    void start() {
        StandIn.reset();
    }

    @TestFactory
    Stream<DynamicTest> agreesWithTheReference() {
        return Cases.all(1).stream()
                .filter(each -> each.name().contains(System.getProperty("hoag.cases", "")))
                .filter(each -> !(each.kernel() instanceof Kernel.Chain)) // its links are cases too
                .filter(each -> cost(each.kernel()) <= MOST)
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> compare(each)));
    }

    /** Tensor cores: what is left of the error when the reference is given the rounded operands is that of float32. */
    @TestFactory
    Stream<DynamicTest> tensorCoresAgreeOnRoundedOperands() {
        assumeFalse(StandIn.real()
                && new CudaBackend().precision(Precision.TF32).whyNot().isPresent());
        return Stream.of(Precision.TF32, Precision.BF16)
                .flatMap(precision -> Cases.all(1).stream()
                        .filter(each -> each.name().contains(System.getProperty("hoag.cases", "")))
                        .filter(each -> each.kernel() instanceof Kernel.Product
                                || each.kernel() instanceof Kernel.Conv2d conv
                                        && !conv.shape().depthwise())
                        .filter(each -> cost(each.kernel()) <= MOST / 2)
                        .map(each -> DynamicTest.dynamicTest(
                                precision + " " + each.name(), () -> compareRounded(each, precision))));
    }

    private void compareRounded(Case each, Precision precision) {
        float[][] inputs = each.inputs();
        float[][] rounded = inputs.clone();
        for (int i = 0; i < 2; i++) {
            rounded[i] = rounded(inputs[i], precision);
        }
        float[][] truth = KernelRunner.run(reference, each.kernel(), rounded);
        try (Backend cuda = new CudaBackend().precision(precision);
                var runner = new KernelRunner(cuda, each.kernel())) {
            runner.write(inputs);
            runner.run();
            float[][] results = runner.read();
            for (int o = 0; o < truth.length; o++) {
                near(truth[o], results[o], Math.max(each.tolerance(), 1e-6) + cutOff(each.kernel(), precision));
            }
        }
    }

    /** Tensor cores do not round their sums, they cut them off: a bit each time that they add 4 products of tf32 or 8 of bf16. */
    private static double cutOff(Kernel kernel, Precision precision) {
        double length =
                kernel.flops() / 2.0 / Math.max(1, kernel.outputs().getFirst().size());
        return 0x1p-23 * length / (precision == Precision.TF32 ? 4 : 8);
    }

    private static float[] rounded(float[] values, Precision precision) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            rounded[i] = Float.intBitsToFloat(
                    precision == Precision.TF32
                            ? bits + 0x1000 & ~0x1fff
                            : bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
        }
        return rounded;
    }

    /** What the emulator computes, about; a pooling's gradient looks at every window again. */
    static double cost(Kernel kernel) {
        double elements = 10.0
                * kernel.outputs().stream().mapToLong(shape -> shape.size()).sum();
        return Math.max(
                elements, kernel instanceof Kernel.Pool pool && pool.gradient() ? 10 * kernel.flops() : kernel.flops());
    }

    private void compare(Case each) {
        float[][] inputs = each.inputs();
        float[][] truth = KernelRunner.run(reference, each.kernel(), inputs);
        try (Backend cuda = new CudaBackend();
                var runner = new KernelRunner(cuda, each.kernel())) {
            runner.write(inputs);
            for (int seed = 0; seed < 2; seed++) {
                StandIn.seed(seed);
                runner.run();
                float[][] results = runner.read();
                for (int o = 0; o < truth.length; o++) {
                    near(truth[o], results[o], each.tolerance());
                }
            }
        }
    }

    private static void near(float[] truth, float[] result, double tolerance) {
        assertEquals(truth.length, result.length);
        double largest = 0;
        for (float value : truth) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < truth.length; i++) {
            if (!(Math.abs((double) truth[i] - result[i]) <= tolerance * largest)) {
                fail("element " + i + " of " + truth.length + " is " + result[i] + ", the truth " + truth[i]);
            }
        }
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, StandIn.held(), "things that were not given back");
        assertEquals(0, StandIn.damaged(), "bytes written beside the memory of a kernel");
    }
}
