package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import java.util.List;

/** Being written. */
final class CpuReduce {
    private CpuReduce() {}
    static Wish wish(Kernel.Reduce kernel, List<Layout> offered) { return CpuBackend.plain(kernel); }
    static Launch prepare(Kernel.Reduce kernel, Wish layouts) { throw new IllegalStateException("CpuReduce"); }
}
