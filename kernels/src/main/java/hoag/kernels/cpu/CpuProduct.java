package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import java.util.List;

/** Being written. */
final class CpuProduct {
    private CpuProduct() {}
    static Wish wish(Kernel.Product kernel, List<Layout> offered) { return CpuBackend.plain(kernel); }
    static Launch prepare(Kernel.Product kernel, Wish layouts) { throw new IllegalStateException("CpuProduct"); }
    static boolean fuses(Kernel.Product kernel, Kernel.Epilogue epilogue) { return false; }
}
