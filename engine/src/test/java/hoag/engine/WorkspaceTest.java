package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.DeviceException;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
    /** Memory is shared by values that live at different times, but what was fed must still be there at the next run. */
    @Test
    void oneFeedServesManyRuns() {
        Tensor x = Tensor.input("x", Shape.of(1, 2, 2));
        Tensor weight = Tensor.constant(Shape.of(2, 2), 1, 2, 3, 4);
        Tensor y = x.matmul(weight).matmul(weight).matmul(weight);
        try (var backend = new ReferenceBackend();
                Workspace workspace = Program.compile(backend, Map.of("y", y)).workspace()) {
            workspace.feed("x", 1, 0, 0, 1);
            float[] first = workspace.run().output("y");
            assertArrayEquals(new float[] {37, 54, 81, 118}, first);
            assertArrayEquals(first, workspace.run().output("y"));
        }
    }

    /** (rows, 2) looked up by index: an index beyond the table fails in the middle of a run, on whatever thread comes to it. */
    private static Program lookUp(Backend backend) {
        Tensor table = Tensor.input("table", Shape.of(40, 50));
        Tensor rows = table.exp().gather(Tensor.input("rows", Shape.of(3000)));
        return Program.compile(backend, Map.of("sum", rows.sum(0, 1).reshape(), "rows", rows));
    }

    private static float[] rows(int last) {
        float[] rows = new float[3000];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i % 40;
        }
        rows[2500] = last;
        return rows;
    }

    @Test
    void mistakesLeaveAWorkspaceUsable() {
        try (Backend cpu = new CpuBackend(3);
                Workspace workspace = lookUp(cpu).workspace()) {
            workspace.feed("table", new float[2000]).feed("rows", rows(7)).run();
            float sum = workspace.scalar("sum");
            assertEquals(150_000, sum);
            assertThrows(ConfigException.class, () -> workspace.feed("tables", 1));
            assertThrows(ShapeException.class, () -> workspace.feed("rows", 1, 2));
            assertThrows(ConfigException.class, () -> workspace.output("total"));
            assertThrows(ShapeException.class, () -> workspace.scalar("rows"));
            for (int i = 0; i < 50; i++) {
                workspace.feed("rows", rows(40));
                var error = assertThrows(DataException.class, workspace::run);
                assertTrue(error.getMessage().contains("index 40"), error.getMessage());
                assertEquals(sum, workspace.feed("rows", rows(7)).run().scalar("sum"));
            }
        }
    }

    @Test
    void closedIsClosed() {
        Backend cpu = new CpuBackend(2);
        Program program = lookUp(cpu);
        Workspace workspace = program.workspace();
        workspace.feed("table", new float[2000]).feed("rows", rows(7)).run();
        workspace.close();
        workspace.close();
        assertThrows(IllegalStateException.class, workspace::run);
        assertThrows(IllegalStateException.class, () -> workspace.runIfFinite(0, 0, "sum"));
        assertThrows(IllegalStateException.class, () -> workspace.feed("rows", rows(7)));
        assertThrows(IllegalStateException.class, () -> workspace.output("sum"));
        assertThrows(IllegalStateException.class, () -> program.check(workspace));
        Workspace late = program.workspace().feed("table", new float[2000]).feed("rows", rows(7));
        cpu.close();
        assertThrows(DeviceException.class, late::run);
        late.close();
    }

    /** What else the owner holds is closed when there is no memory for the next. */
    @Test
    void anOwnerOfTwo() {
        Tensor x = Tensor.input("x", Shape.of(3));
        Tensor much = Tensor.input("y", Shape.of(1 << 30)).exp();
        try (Backend cpu = new CpuBackend(1)) {
            Workspace first = Program.compile(cpu, Map.of("x", x.exp())).workspace();
            Program second = Program.compile(cpu, Map.of("y", much));
            assertThrows(DeviceException.class, () -> second.workspace(null, first));
            assertThrows(IllegalStateException.class, first::run);
        }
    }
}
