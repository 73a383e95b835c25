package hoag.cuda;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Pass;
import java.util.Locale;

/** Convolution and its gradients as products that read windows where they lie ({@code conv2d.cu}). */
final class CudaConv2d {
    private CudaConv2d() {}

    static CudaLaunch prepare(Device device, Kernel.Conv2d kernel) {
        return kernel.shape().depthwise() ? CudaDepthwise.prepare(device, kernel) : dense(device, kernel);
    }

    private static CudaLaunch dense(Device device, Kernel.Conv2d kernel) {
        Conv2dShape s = kernel.shape();
        int c = s.c() / s.groups();
        int k = s.k() / s.groups();
        int taps = s.kh() * s.kw();
        int rows = kernel.pass() == Pass.DATA ? c : k;
        int columns = switch (kernel.pass()) {
            case FORWARD -> s.n() * s.oh() * s.ow();
            case DATA -> s.n() * s.h() * s.w();
            case FILTER -> c * taps;
        };
        int length = switch (kernel.pass()) {
            case FORWARD -> c * taps;
            case DATA -> k * taps;
            case FILTER -> s.n() * s.oh() * s.ow();
        };
        int count = kernel.outputs().getFirst().size();
        Slot slot = Slot.epilogue(kernel.outputs().getFirst(), kernel.epilogue());
        String pass = kernel.pass().name().toLowerCase(Locale.ROOT);
        var tiles = CudaProduct.Tiles.of(device, "conv2d_" + pass, pass, rows, columns);
        Splits splits = Splits.of(tiles.count() * s.groups(), length);
        var launch = new CudaLaunch(
                device, "implicit product " + tiles + CudaProduct.rounding(device) + splits, splits.scratch(count));
        boolean data = kernel.pass() == Pass.DATA;
        int width = data ? s.w() : s.ow();
        int height = data ? s.h() : s.oh();
        launch.with(
                tiles.entry(),
                slot,
                tiles.grid(s.groups() * splits.count()),
                tiles.shared(),
                (operands, scratch) -> new Struct()
                        .table(operands.subList(2, kernel.inputs().size()))
                        .pointer(operands.get(0))
                        .pointer(operands.get(1))
                        .pointer(splits.target(operands.getLast(), scratch))
                        .ints(s.n(), s.c(), s.h(), s.w(), s.k(), s.oh(), s.ow())
                        .ints(s.top(), s.left(), s.dilationH(), s.dilationW())
                        .divisors(s.groups(), taps, s.kw(), s.strideH(), s.strideW())
                        .divisors(width, height, width * height)
                        .ints(count, splits.stretch()));
        return CudaProduct.finish(launch, "conv2d_finish", slot, splits, 2, kernel, count);
    }
}
