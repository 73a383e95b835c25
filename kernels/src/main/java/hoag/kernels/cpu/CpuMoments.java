package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import java.util.List;

/** Being written. */
final class CpuMoments {
    private CpuMoments() {}
    static Wish wish(Kernel.Moments kernel, List<Layout> offered) { return CpuBackend.plain(kernel); }
    static Launch prepare(Kernel.Moments kernel, Wish layouts) { throw new IllegalStateException("CpuMoments"); }
}
