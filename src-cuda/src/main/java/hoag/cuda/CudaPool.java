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
                                .ints(s.top(), s.left(), s.dilationH(), s.dilationW())
                                .divisors(s.strideH(), s.strideW())
                                .divisors(gradient ? s.w() : s.ow(), gradient ? s.h() : s.oh())
                                .ints(kernel.mode().ordinal()));
    }
}
