package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.driver.CUstream;

/** The vendor's libraries on one device, those that are there. What follows a product or a convolution is a kernel of ours over the result. */
final class Vendor implements AutoCloseable {
    private final Cublas products;
    private final Cudnn convolutions;

    /** On a stream, whose context is current. */
    Vendor(String who, Precision precision, CUstream stream, Memory memory) {
        products = Library.CUBLAS.whyNot().isEmpty() ? new Cublas(who, precision, stream, memory) : null;
        try {
            convolutions = Library.CUDNN.whyNot().isEmpty() ? new Cudnn(who, precision, stream) : null;
        } catch (RuntimeException e) {
            close(products);
            throw e;
        }
    }

    /** What is there, with versions, for {@code hoag devices}; what is not, and why. */
    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(products == null ? Library.CUBLAS.whyNot().orElseThrow() : "cuBLAS " + products.version());
        lines.add(convolutions == null ? Library.CUDNN.whyNot().orElseThrow() : "cuDNN " + Cudnn.version());
        return lines;
    }

    /** Empty if no library is there for it, or cannot compute it. */
    Optional<CudaLaunch> launch(Device device, Kernel kernel) {
        return switch (kernel) {
            case Kernel.Product p when products != null && p.k() > 0 -> Optional.of(product(device, p));
            case Kernel.Conv2d c
            when convolutions != null -> convolutions.convolution(c).map(found -> convolution(device, found));
            default -> Optional.empty();
        };
    }

    private CudaLaunch product(Device device, Kernel.Product p) {
        var launch = new CudaLaunch(device, "cuBLAS" + CudaProduct.rounding(device))
                .with(
                        "cuBLAS",
                        (operands, scratch) ->
                                products.multiply(p, operands.get(0), operands.get(1), operands.getLast()));
        return finish(launch, "product_finish", p, p.epilogue());
    }

    private CudaLaunch convolution(Device device, Cudnn.Convolution c) {
        Kernel.Conv2d kernel = c.kernel();
        long bytes = c.algorithm().bytes();
        var launch = new CudaLaunch(
                        device,
                        "cuDNN " + c.algorithm().number()
                                + (device.precision() == Precision.FP32
                                                || kernel.shape().depthwise()
                                        ? ""
                                        : " tf32"),
                        (bytes + 3) / 4)
                .with(
                        "cuDNN",
                        (operands, scratch) -> c.start(operands.get(0), operands.get(1), operands.getLast(), scratch));
        return finish(launch, "conv2d_finish", kernel, kernel.epilogue());
    }

    /** The epilogue in place: the sum of one split. */
    private static CudaLaunch finish(CudaLaunch launch, String entry, Kernel kernel, Kernel.Epilogue epilogue) {
        int count = kernel.outputs().getFirst().size();
        return epilogue == null
                ? launch
                : launch.with(
                        entry,
                        Slot.epilogue(kernel.outputs().getFirst(), epilogue),
                        Grid.each(count),
                        (List<Buffer> operands, Buffer scratch) -> new Struct()
                                .table(operands.subList(2, kernel.inputs().size()))
                                .pointer(operands.getLast())
                                .pointer(operands.getLast())
                                .ints(count, 1));
    }

    @Override
    public void close() {
        close(products);
        close(convolutions);
    }

    private static void close(AutoCloseable library) {
        switch (library) {
            case Cublas cublas -> cublas.close();
            case Cudnn cudnn -> cudnn.close();
            case null, default -> {}
        }
    }
}
