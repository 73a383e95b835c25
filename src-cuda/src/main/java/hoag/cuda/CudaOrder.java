package hoag.cuda;

import hoag.kernels.Kernel;

/** Columns in order ({@code order.cu}). */
final class CudaOrder {
    private CudaOrder() {}

    static CudaLaunch prepare(Device device, Kernel.Order kernel) {
        long elements = kernel.count() == 0 ? 0 : (long) kernel.rows() * kernel.length();
        return new CudaLaunch(device, "ranks")
                .with(
                        "order_rank",
                        null,
                        Grid.turns(elements),
                        (operands, scratch) -> new Struct()
                                .pointer(operands.getFirst())
                                .pointer(operands.getLast())
                                .ints(kernel.rows(), kernel.length(), kernel.count(), kernel.largestFirst() ? 1 : 0));
    }
}
