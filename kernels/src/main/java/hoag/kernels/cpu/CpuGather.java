package hoag.kernels.cpu;

import hoag.kernels.Kernel;
import hoag.kernels.Launch;

/** Being written. */
final class CpuGather {
    private CpuGather() {}
    static Launch prepare(Kernel.Gather kernel) { throw new IllegalStateException("CpuGather"); }
}
