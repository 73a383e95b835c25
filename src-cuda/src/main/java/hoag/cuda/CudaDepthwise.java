package hoag.cuda;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Pass;

/** Convolution with a filter for each channel ({@code depthwise.cu}). */
final class CudaDepthwise {
    private static final int STRETCH = 8192;

    private CudaDepthwise() {}

    static CudaLaunch prepare(Device device, Kernel.Conv2d kernel) {
        return kernel.pass() == Pass.FILTER ? filter(device, kernel) : pixels(device, kernel);
    }

    private static CudaLaunch pixels(Device device, Kernel.Conv2d kernel) {
        Slot slot = Slot.epilogue(kernel.outputs().getFirst(), kernel.epilogue());
        return new CudaLaunch(device, "depthwise, a thread each")
                .with(
                        kernel.pass() == Pass.FORWARD ? "depthwise_forward" : "depthwise_data",
                        slot,
                        Grid.turns(kernel.outputs().getFirst().size()),
                        (operands, scratch) -> sizes(
                                        new Struct()
                                                .table(operands.subList(
                                                        2, kernel.inputs().size()))
                                                .pointer(operands.get(0))
                                                .pointer(operands.get(1))
                                                .pointer(operands.getLast()),
                                        kernel)
                                .ints(0));
    }

    private static Struct sizes(Struct struct, Kernel.Conv2d kernel) {
        Conv2dShape s = kernel.shape();
        boolean data = kernel.pass() == Pass.DATA;
        return struct.ints(s.n(), s.h(), s.w(), s.kh(), s.oh(), s.ow())
                .ints(s.top(), s.left(), s.dilationH(), s.dilationW())
                .divisors(s.strideH(), s.strideW(), s.c(), s.kh() * s.kw(), s.kw())
                .divisors(data ? s.w() : s.ow(), data ? s.h() : s.oh());
    }

    private static CudaLaunch filter(Device device, Kernel.Conv2d kernel) {
        Conv2dShape s = kernel.shape();
        int count = kernel.outputs().getFirst().size();
        Splits pixels = Splits.chunks(count, s.n() * s.oh() * s.ow(), STRETCH);
        int splits = pixels.count();
        var launch = new CudaLaunch(
                        device,
                        "depthwise, a block each" + (splits > 1 ? ", " + splits + " splits" : ""),
                        splits > 1 ? (long) splits * count : 0)
                .with(
                        "depthwise_filter",
                        null,
                        new Grid(count, splits, 1),
                        (operands, scratch) -> sizes(
                                        new Struct()
                                                .table(java.util.List.of())
                                                .pointer(operands.get(0))
                                                .pointer(operands.get(1))
                                                .pointer(splits > 1 ? scratch : operands.getLast()),
                                        kernel)
                                .ints(pixels.stretch()));
        return splits == 1
                ? launch
                : launch.with(
                        "depthwise_finish",
                        null,
                        Grid.each(count),
                        (operands, scratch) -> new Struct()
                                .pointer(scratch)
                                .pointer(operands.getLast())
                                .ints(count, splits));
    }
}
