package hoag.cuda;

import hoag.kernels.Kernel;
import hoag.kernels.Precision;

/** Products of matrices ({@code product.cu}): tiles of 64 x 128 or 128 x 128. */
final class CudaProduct {
    private static final int WIDE = 128;
    private static final int SHARED = 48 << 10; // bytes, of tensor.cu: what every launch may have

    private CudaProduct() {}

    static CudaLaunch prepare(Device device, Kernel.Product p) {
        Tiles tiles = Tiles.of(device, "product", "product", p.m(), p.n());
        Splits splits = Splits.of(tiles.count() * p.batch(), p.k());
        int count = p.batch() * p.m() * p.n();
        Slot slot = Slot.epilogue(p.outputs().getFirst(), p.epilogue());
        var launch = new CudaLaunch(device, "tile " + tiles + rounding(device) + splits, splits.scratch(count));
        launch.with(
                tiles.entry(),
                slot,
                tiles.grid(p.batch() * splits.count()),
                tiles.shared(),
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

    /**
     * The tiles of a result.
     *
     * @param entry the kernel, in float32 or by tensor cores ({@code tensor.cu})
     * @param tall rows of a tile
     * @param m tiles above each other
     * @param n tiles beside each other
     * @param shared bytes of shared memory that the launch brings
     */
    record Tiles(String entry, int tall, int m, int n, int shared) {
        /**
         * Those of {@code rows} x {@code columns}.
         *
         * @param single what the kernel in float32 is called, without its size
         * @param tensor the same for tensor cores, without chip and precision
         */
        static Tiles of(Device device, String single, String tensor, int rows, int columns) {
            int tall = rows > 64 ? 128 : 64;
            boolean exact = device.precision() == Precision.FP32;
            return new Tiles(
                    (exact ? single : "tensor_" + tensor + "_" + device.precision()) + "_" + tall,
                    tall,
                    (int) Grid.blocks(rows, tall),
                    (int) Grid.blocks(columns, WIDE),
                    exact ? 0 : SHARED);
        }

        long count() {
            return (long) m * n;
        }

        Grid grid(int deep) {
            return new Grid(n, m, deep);
        }

        @Override
        public String toString() {
            return tall + "x" + WIDE;
        }
    }

    /** What the algorithm's name says of tensor cores. */
    static String rounding(Device device) {
        return device.precision() == Precision.FP32 ? "" : " " + device.precision();
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
