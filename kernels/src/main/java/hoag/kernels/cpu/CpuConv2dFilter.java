package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import java.util.List;

/** Filter gradients of convolutions that are not depthwise: (x, dy) to (K, C/groups, kh, kw). */
final class CpuConv2dFilter {
    private CpuConv2dFilter() {}

    static Wish wish(Kernel.Conv2d kernel, List<Layout> offered) {
        Conv2dShape s = kernel.shape();
        if (s.groups() > 1) {
            return CpuBackend.plain(kernel);
        }
        boolean plain = s.c() < Tiles.BLOCK && !(offered.getFirst() instanceof Layout.Blocked);
        return new Wish(List.of(plain ? Layout.PLAIN : Layout.BLOCKED, Layout.BLOCKED), List.of(Layout.PLAIN));
    }

    /** A filter's gradient goes to its optimizer, not through a formula per pixel. */
    static boolean fuses(Kernel.Conv2d kernel, Kernel.Epilogue epilogue) {
        return false;
    }

    /** @param exact sums as the definition has them; else also {@link CpuWinogradFilter} where it is faster */
    static Launch prepare(Kernel.Conv2d kernel, Wish layouts, boolean exact) {
        boolean blocked = layouts.inputs().getFirst() instanceof Layout.Blocked;
        return !exact && blocked && CpuWinogradFilter.chosen(kernel.shape())
                ? new CpuWinogradFilter(kernel.shape(), Lanes.count())
                : prepare(kernel.shape(), layouts, Lanes.count());
    }

    static Launch prepare(Conv2dShape s, Wish layouts, int lanes) {
        if (s.groups() > 1) {
            return new CpuConv2dFilterGrouped(s);
        }
        return layouts.inputs().getFirst() instanceof Layout.Plain
                ? new CpuConv2dFilterPlain(s, lanes)
                : new CpuConv2dFilterDense(s, lanes);
    }
}
