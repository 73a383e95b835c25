package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.nn.Init;
import hoag.kernels.Backend;
import hoag.kernels.Machine;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each launch has to do is counted from its shapes, and timing a run changes nothing of what it computes. */
class LaunchCostTest {
    private static final Shape IMAGE = Shape.of(2, 16, 8, 8);
    private static final int CONV_FLOPS = 2 * 2 * 64 * 32 * 16 * 9;

    @Test
    void countsAndTimesEachLaunch() {
        Init init = new Init(3);
        Tensor x = Tensor.input("x", IMAGE);
        Tensor filter = init.normal("filter", Shape.of(32, 16, 3, 3), 1).tensor();
        Tensor y = x.conv2d(filter, new int[] {1, 1}, new int[] {1, 1, 1, 1}, new int[] {1, 1}, 1);
        float[] values = init.normal("x", IMAGE, 1).values();
        try (Backend cpu = new CpuBackend(2)) {
            Program program = Program.compile(cpu, Map.of("y", y));
            try (Workspace workspace = program.workspace()) {
                float[] before = workspace.feed("x", values).run().output("y");
                List<LaunchCost> timed = program.costs(workspace, 3);
                assertArrayEquals(before, workspace.output("y"));
                assertTrue(timed.stream().allMatch(cost -> cost.millis() > 0 && cost.bytes() > 0), timed::toString);
                LaunchCost conv = timed.stream()
                        .filter(cost -> cost.kernel().equals("conv2d"))
                        .findFirst()
                        .orElseThrow();
                assertEquals(CONV_FLOPS, conv.flops());
                assertEquals("n2 3x3 16>32 @8x8", conv.work());
                assertEquals(timed.size(), program.costs(null, 1).size());
            }
        }
    }

    @Test
    void theLimitIsTheSlowerOfArithmeticAndTraffic() {
        Machine machine = new Machine(100, 10, 50, 1000);
        assertEquals(1e-5, machine.leastMillis(1e3, 10), 1e-12);
        assertEquals(1e-5, machine.leastMillis(1, 500), 1e-12); // in cache
        assertEquals(1e-3, machine.leastMillis(1, 10_000), 1e-12);
        LaunchCost cost = new LaunchCost("pointwise", "", "", "", 1, 10_000, 2e-3);
        assertEquals(0.5, cost.share(machine), 1e-9);
        assertTrue(machine.boundByMemory(1, 10_000));
    }
}
