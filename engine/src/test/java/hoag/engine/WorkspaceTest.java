package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import hoag.kernels.Shape;
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
}
