package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import java.util.List;

/** Being written. */
final class CpuDepthwise {
    private CpuDepthwise() {}
    static Wish wish(Kernel.Conv2d kernel, List<Layout> offered) { return CpuBackend.plain(kernel); }
    static Launch prepare(Kernel.Conv2d kernel, Wish layouts) { throw new IllegalStateException("CpuDepthwise"); }
    static boolean fuses(Kernel.Conv2d kernel, Kernel.Epilogue epilogue) { return false; }
}
