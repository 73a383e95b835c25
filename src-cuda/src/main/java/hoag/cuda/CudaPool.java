package hoag.cuda;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;

/** Pooling and its gradient ({@code pool.cu}). */
final class CudaPool {
    private CudaPool() {}

    static CudaLaunch prepare(Device device, Kernel.Pool kernel) {
        Conv2dShape s = kernel.window();
        boolean gradient = kernel.gradient();
        return new CudaLaunch(device, "a thread each")
                .with(
                        gradient ? "pool_gradient" : "pool_forward",
                        null,
                        Grid.turns(kernel.outputs().getFirst().size()),
                        (operands, scratch) -> new Struct()
                                .pointer(operands.getFirst())
                                .pointer(gradient ? operands.get(1) : null)
                                .pointer(operands.getLast())
                                .ints(s.n() * s.c(), s.h(), s.w(), s.kh(), s.kw(), s.oh(), s.ow())
                                .ints(s.strideH(), s.strideW(), s.top(), s.left(), s.dilationH(), s.dilationW())
                                .ints(kernel.mode().ordinal()));
    }
}
