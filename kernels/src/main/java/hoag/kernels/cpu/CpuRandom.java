package hoag.kernels.cpu;

import hoag.kernels.Kernel;
import hoag.kernels.Launch;

/** Being written. */
final class CpuRandom {
    private CpuRandom() {}
    static Launch prepare(Kernel.Random kernel) { throw new IllegalStateException("CpuRandom"); }
}
