package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoweringTest {
    private static final Shape PAIR = Shape.of(2);

    /** Every update reads what was there before the run, whichever is written first. */
    @Test
    void twoVariablesChangePlaces() {
        Variable a = Variable.parameter("a", PAIR).set(new float[] {1, 2});
        Variable b = Variable.parameter("b", PAIR).set(new float[] {3, 4});
        List<Tensor> swap = List.of(
                Update.of(List.of(a), List.of(Expr.in(0)), b.tensor()),
                Update.of(List.of(b), List.of(Expr.in(0)), a.tensor()));
        try (Backend cpu = new CpuBackend(1);
                Workspace workspace = Program.compile(cpu, Map.of("a", a.tensor(), "b", b.tensor()), swap)
                        .workspace()) {
            workspace.run();
            assertArrayEquals(new float[] {1, 2}, workspace.output("a"));
            workspace.run();
            assertArrayEquals(new float[] {3, 4}, workspace.output("a"));
            assertArrayEquals(new float[] {1, 2}, workspace.output("b"));
        }
    }

    /** Equal computations are done once; the same operation on the same operands in another order is another. */
    @Test
    void theOrderOfOperandsCounts() {
        Tensor a = Tensor.input("a", Shape.of(1, 2, 2));
        Tensor b = Tensor.input("b", Shape.of(1, 2, 2));
        Map<String, Tensor> products = Map.of("ab", a.matmul(b), "ba", b.matmul(a));
        try (Backend cpu = new CpuBackend(1);
                Workspace workspace = Program.compile(cpu, products).workspace()) {
            workspace.feed("a", 1, 2, 3, 4).feed("b", 0, 1, 1, 0).run();
            assertArrayEquals(new float[] {2, 1, 4, 3}, workspace.output("ab"));
            assertArrayEquals(new float[] {3, 4, 1, 2}, workspace.output("ba"));
        }
    }
}
