package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hoag.engine.nn.Init;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewsTest {
    @Test
    void operandsAreSeenInTheProductsShape() {
        Shape tokens = Shape.of(8, 197, 192);
        Shape rows = Shape.of(1, 1576, 192);
        assertEquals(rows, Views.seenAs(tokens, tokens, rows));
        assertEquals(Shape.of(1, 1, 192), Views.seenAs(Shape.of(192), tokens, rows));
        assertEquals(Shape.of(1, 1576, 1), Views.seenAs(Shape.of(8, 197, 1), tokens, rows));
        assertEquals(Shape.of(1, 1, 1), Views.seenAs(Shape.SCALAR, tokens, rows));
        assertNull(Views.seenAs(Shape.of(8, 1, 192), tokens, rows), "the same for some rows");
        Shape scores = Shape.of(2, 3, 5, 7);
        assertEquals(Shape.of(6, 1, 1), Views.seenAs(Shape.of(2, 3, 1, 1), scores, Shape.of(6, 5, 7)));
        assertNull(Views.seenAs(Shape.of(3, 5, 7), scores, Shape.of(6, 5, 7)), "the same for every image");
        assertNull(Views.seenAs(Shape.of(7), Shape.of(5, 7), Shape.of(7, 5)), "rows across rows");
    }

    /** Bias, activation, a gain for each image and a residual behind a layer over tokens: one launch, and the truth. */
    @Test
    void layerOverTokensIsOneProduct() {
        Init init = new Init(3);
        float[] values = init.normal("x", Shape.of(2, 5, 6), 1).values();
        Tensor x = Tensor.input("x", Shape.of(2, 5, 6));
        Tensor weight = init.normal("weight", Shape.of(6, 6), 1).tensor();
        Tensor bias = init.normal("bias", Shape.of(6), 1).tensor();
        Tensor y = x.linear(weight).add(bias).silu().add(x);
        try (Backend cpu = new CpuBackend(2)) {
            Program program = Program.compile(cpu, Map.of("y", y));
            assertEquals(
                    1, program.plan.steps().stream().filter(s -> !s.isView()).count(), program.plan.toString());
            try (Workspace fast = program.workspace();
                    Workspace truth = program.on(new ReferenceBackend()).workspace()) {
                assertArrayEquals(
                        truth.feed("x", values).run().output("y"),
                        fast.feed("x", values).run().output("y"),
                        1e-5f);
            }
        }
    }
}
