package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import java.util.List;

/** Being written. */
final class CpuPool {
    private CpuPool() {}
    static Wish wish(Kernel.Pool kernel, List<Layout> offered) { return CpuBackend.plain(kernel); }
    static Launch prepare(Kernel.Pool kernel, Wish layouts) { throw new IllegalStateException("CpuPool"); }
}
