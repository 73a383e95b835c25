package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import java.util.List;

/** Convolutions: depthwise ones and filter gradients have their own files; this one holds dense forward and data gradient. */
final class CpuConv2d {
    private CpuConv2d() {}

    /** @param exact sums as the definition has them; else also {@link CpuWinograd} where it is faster */
    static Wish wish(Kernel.Conv2d kernel, List<Layout> offered, boolean exact) {
        if (kernel.shape().depthwise()) {
            return CpuDepthwise.wish(kernel, offered);
        }
        if (kernel.pass() == Kernel.Pass.FILTER) {
            return CpuConv2dFilter.wish(kernel, offered);
        }
        if (kernel.shape().groups() > 1) {
            return CpuBackend.plain(kernel);
        }
        return !exact && WinogradPlan.chosen(DenseGeometry.of(kernel))
                ? CpuWinograd.wish(kernel)
                : CpuConv2dDense.wish(kernel, offered);
    }

    static boolean fuses(Kernel.Conv2d kernel, Kernel.Epilogue epilogue) {
        if (kernel.shape().depthwise()) {
            return CpuDepthwise.fuses(kernel, epilogue);
        }
        if (kernel.pass() == Kernel.Pass.FILTER) {
            return CpuConv2dFilter.fuses(kernel, epilogue);
        }
        return kernel.shape().groups() == 1
                && CpuEpilogue.fuses(kernel.outputs().getFirst(), epilogue);
    }

    /** @param exact as for {@link #wish} */
    static Launch prepare(Kernel.Conv2d kernel, Wish layouts, boolean exact) {
        if (kernel.shape().depthwise()) {
            return CpuDepthwise.prepare(kernel, layouts);
        }
        if (kernel.pass() == Kernel.Pass.FILTER) {
            return CpuConv2dFilter.prepare(kernel, layouts, exact);
        }
        if (layouts.inputs().get(1) instanceof Layout.Packed(WinogradPanels _, long _)) {
            return new CpuWinograd(kernel);
        }
        boolean data = kernel.pass() == Kernel.Pass.DATA;
        return kernel.shape().groups() > 1
                ? new CpuConv2dGrouped(kernel.shape(), data)
                : new CpuConv2dDense(kernel, layouts);
    }
}
