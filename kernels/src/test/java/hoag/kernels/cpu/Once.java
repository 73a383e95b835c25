package hoag.kernels.cpu;

import hoag.kernels.Backend;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import java.util.Collections;

/** A kernel with one result, run once. */
final class Once {
    private Once() {}

    static float[] run(Backend backend, Kernel kernel, Backend.Wish wish, float[]... inputs) {
        try (var runner = new KernelRunner(backend, kernel, wish)) {
            runner.write(inputs);
            runner.run();
            return runner.read()[0];
        }
    }

    /** All operands are offered in this layout. */
    static float[] run(Backend backend, Kernel kernel, Layout offered, float[]... inputs) {
        return run(backend, kernel, backend.wish(kernel, Collections.nCopies(inputs.length, offered)), inputs);
    }
}
