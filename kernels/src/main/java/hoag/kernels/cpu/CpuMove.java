package hoag.kernels.cpu;

import hoag.kernels.Kernel;
import hoag.kernels.Launch;

/** Being written. */
final class CpuMove {
    private CpuMove() {}
    static Launch prepare(Kernel.Move kernel) { throw new IllegalStateException("CpuMove"); }
}
