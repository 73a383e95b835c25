package hoag.cuda;

import hoag.kernels.Kernel;
import hoag.kernels.Precision;

/** Products of matrices ({@code product.cu}): tiles of 64 x 64. */
final class CudaProduct {
    static final int TILE = 64;

    private CudaProduct() {}

    static CudaLaunch prepare(Device device, Kernel.Product p) {
        int tilesM = (int) Grid.blocks(p.m(), TILE);
        int tilesN = (int) Grid.blocks(p.n(), TILE);
        Splits splits = Splits.of((long) tilesM * tilesN * p.batch(), p.k());
        int count = p.batch() * p.m() * p.n();
        Slot slot = Slot.epilogue(p.outputs().getFirst(), p.epilogue());
        var launch = new CudaLaunch(device, "tile 64x64" + rounding(device) + splits, splits.scratch(count));
        launch.with(
                entry(device, "product", "product_tiles", "product_splits", splits),
                splits.several() ? null : slot,
                new Grid(tilesN, tilesM, p.batch() * splits.count()),
                (operands, scratch) -> new Struct()
                        .table(operands.subList(2, p.inputs().size()))
                        .pointer(operands.get(0))
                        .pointer(operands.get(1))
                        .pointer(splits.target(operands.getLast(), scratch))
                        .ints(p.m(), p.n(), p.k())
                        .ints(p.transA() ? 1 : p.k(), p.transA() ? p.m() : 1, p.batchedA() ? p.m() * p.k() : 0)
                        .ints(p.transB() ? 1 : p.n(), p.transB() ? p.k() : 1, p.batchedB() ? p.k() * p.n() : 0)
                        .ints(p.batch(), splits.stretch()));
        return finish(launch, "product_finish", slot, splits, 2, p, count);
    }

    /** What the algorithm's name says of tensor cores. */
    static String rounding(Device device) {
        return device.precision() == Precision.FP32 ? "" : " " + device.precision();
    }

    /** The kernel in float32, or that of tensor cores ({@code tensor.cu}). */
    static String entry(Device device, String what, String single, String split, Splits splits) {
        return device.precision() == Precision.FP32
                ? splits.several() ? split : single
                : "tensor_" + what + "_" + device.precision() + (splits.several() ? "_splits" : "");
    }

    /** Adds the partial sums, if there are any. */
    static CudaLaunch finish(
            CudaLaunch launch, String entry, Slot slot, Splits splits, int own, Kernel kernel, int count) {
        return splits.several()
                ? launch.with(
                        entry,
                        slot,
                        Grid.each(count),
                        (operands, scratch) -> new Struct()
                                .table(operands.subList(own, kernel.inputs().size()))
                                .pointer(scratch)
                                .pointer(operands.getLast())
                                .ints(count, splits.count()))
                : launch;
    }
}
