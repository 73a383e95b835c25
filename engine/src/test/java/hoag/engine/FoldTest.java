package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.engine.nn.Init;
import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A scale and a shift of each channel behind a convolution go into its filter and its epilogue. */
class FoldTest {
    @Test
    void scaleGoesIntoTheFilterAndShiftRemains() {
        Init init = new Init(11);
        Shape channel = Shape.of(1, 8, 1, 1);
        Tensor x = Tensor.input("x", Shape.of(2, 3, 7, 5));
        Tensor filter = init.normal("filter", Shape.of(8, 3, 3, 3), 1).tensor();
        Tensor mean = init.normal("mean", channel, 1).tensor();
        Tensor gain = init.normal("gain", channel, 1).tensor();
        Tensor shift = init.normal("shift", channel, 1).tensor();
        Tensor conv = x.conv2d(filter, new int[] {1, 1}, new int[] {1, 1, 1, 1}, new int[] {1, 1}, 1);
        Expr affine = Expr.in(0).minus(Expr.in(1)).times(Expr.in(2)).plus(Expr.in(3));
        Tensor y = Pointwise.of(affine, List.of(conv, mean, gain, shift), conv.shape());
        float[] values = init.normal("x", x.shape(), 1).values();
        try (Backend cpu = new CpuBackend(2)) {
            Program program = Program.compile(cpu, Map.of("y", y));
            Step folded = program.plan.steps().stream()
                    .filter(step -> step.kernel() instanceof Kernel.Conv2d)
                    .findFirst()
                    .orElseThrow();
            assertEquals(3, folded.in().size(), "image, folded filter, shift: " + program.plan);
            try (Workspace fast = program.workspace();
                    Workspace truth = program.on(new ReferenceBackend()).workspace()) {
                assertArrayEquals(
                        truth.feed("x", values).run().output("y"),
                        fast.feed("x", values).run().output("y"),
                        1e-4f);
            }
        }
    }
}
