package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import java.util.List;

/** Rows of a table ({@code gather.cu}); the gradient sorts places by row first, so that sums have one order. */
final class CudaGather {
    private CudaGather() {}

    static CudaLaunch prepare(Device device, Kernel.Gather kernel) {
        return kernel.gradient() ? backward(device, kernel) : forward(device, kernel);
    }

    private static CudaLaunch forward(Device device, Kernel.Gather kernel) {
        return new CudaLaunch(device, "copy of rows")
                .faulting()
                .with(
                        "gather_forward",
                        null,
                        Grid.turns((long) kernel.count() * kernel.width()),
                        (operands, scratch) -> new Struct()
                                .pointer(operands.get(0))
                                .pointer(operands.get(1))
                                .pointer(operands.get(2))
                                .pointer(device.fault())
                                .ints(kernel.rows(), kernel.width(), kernel.count()));
    }

    private static CudaLaunch backward(Device device, Kernel.Gather kernel) {
        int rows = kernel.rows();
        CudaLaunch.Arguments arguments = (operands, scratch) -> arguments(device, kernel, operands, scratch);
        return new CudaLaunch(device, "sorted places", 2L * rows + 1 + kernel.count())
                .faulting()
                .with("gather_clear", null, Grid.turns(rows), arguments)
                .with("gather_count", null, Grid.turns(kernel.count()), arguments)
                .with("gather_starts", null, new Grid(1, 1, 1), arguments)
                .with("gather_place", null, Grid.turns(kernel.count()), arguments)
                .with("gather_sort", null, Grid.each(rows), arguments)
                .with("gather_sum", null, Grid.turns((long) rows * kernel.width()), arguments);
    }

    private static Struct arguments(Device device, Kernel.Gather kernel, List<Buffer> operands, Buffer scratch) {
        int rows = kernel.rows();
        return new Struct()
                .pointer(operands.get(0))
                .pointer(operands.get(1))
                .pointer(operands.get(2))
                .pointer(device.fault())
                .pointer(scratch.slice(0, rows + 1))
                .pointer(scratch.slice(rows + 1, rows))
                .pointer(scratch.slice(2 * rows + 1, kernel.count()))
                .ints(rows, kernel.width(), kernel.count());
    }
}
