package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import java.util.List;

/** Being written. */
final class CpuPointwise {
    private CpuPointwise() {}
    static Wish wish(Kernel.Pointwise kernel, List<Layout> offered) { return CpuBackend.plain(kernel); }
    static Launch prepare(Kernel.Pointwise kernel, Wish layouts) { throw new IllegalStateException("CpuPointwise"); }
}
