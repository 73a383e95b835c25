package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/** Folds over axes, up to four maps in one pass ({@code reduce.cu}); long ones in chunks, whose partial results are folded after. */
final class CudaReduce {
    private static final int MAPS = 4;
    private static final int CHUNK = 4096;
    private static final int SHORT = 64;

    private CudaReduce() {}

    static CudaLaunch prepare(Device device, Kernel.Reduce kernel) {
        int outputs = kernel.outputs().getFirst().size();
        Axes kept = Axes.of(kernel.space(), axis -> !folded(kernel, axis));
        Axes folded = Axes.of(kernel.space(), axis -> folded(kernel, axis));
        int length = kernel.space().size() == 0 ? 0 : folded.count();
        boolean columns = length <= SHORT || outputs >= 32 && kept.contiguous();
        Splits parts = isIndex(kernel.fold())
                ? new Splits(1, Math.max(1, length))
                : Splits.chunks(
                        columns ? Grid.blocks(outputs, Grid.THREADS) : outputs, length, columns ? CHUNK / 4 : CHUNK);
        int chunk = parts.stretch();
        int chunks = parts.count();
        String algorithm = (columns ? "a thread each" : "a block each") + (chunks > 1 ? ", " + chunks + " chunks" : "");
        var launch = new CudaLaunch(
                device,
                algorithm,
                chunks > 1 ? (long) chunks * outputs * kernel.maps().size() : 0);
        Grid grid =
                columns ? new Grid((int) Grid.blocks(outputs, Grid.THREADS), chunks, 1) : new Grid(outputs, chunks, 1);
        for (int first = 0; first < kernel.maps().size(); first += MAPS) {
            int from = first;
            List<Expr> maps = kernel.maps().subList(from, Math.min(kernel.maps().size(), from + MAPS));
            launch.with(
                    columns ? "reduce_columns" : "reduce_rows", Slot.map(kernel, maps), grid, (operands, scratch) -> {
                        var struct = new Struct()
                                .table(operands.subList(0, kernel.inputs().size()));
                        for (int m = 0; m < MAPS; m++) {
                            struct.pointer(
                                    m < maps.size()
                                            ? target(kernel, operands, scratch, from + m, chunks, outputs)
                                            : null);
                        }
                        return struct.axes(kept)
                                .axes(folded)
                                .ints(
                                        outputs,
                                        length,
                                        chunk,
                                        maps.size(),
                                        kernel.fold().ordinal());
                    });
        }
        for (int m = 0; m < kernel.maps().size() && chunks > 1; m++) {
            int map = m;
            launch.with(
                    "reduce_finish",
                    null,
                    Grid.each(outputs),
                    (operands, scratch) -> new Struct()
                            .pointer(target(kernel, operands, scratch, map, chunks, outputs))
                            .pointer(operands.get(kernel.inputs().size() + map))
                            .ints(outputs, chunks, kernel.fold().ordinal()));
        }
        return launch;
    }

    /** Where the first pass writes a map's results. */
    private static Buffer target(
            Kernel.Reduce kernel, List<Buffer> operands, Buffer scratch, int map, int chunks, int outputs) {
        return chunks == 1
                ? operands.get(kernel.inputs().size() + map)
                : scratch.slice(map * chunks * outputs, chunks * outputs);
    }

    private static boolean folded(Kernel.Reduce kernel, int axis) {
        return Arrays.stream(kernel.axes()).anyMatch(a -> a == axis);
    }

    private static boolean isIndex(Fold fold) {
        return fold == Fold.ARGMAX || fold == Fold.ARGMIN;
    }

    /** The axes of a shape that a kernel folds over. */
    static Axes axes(Shape shape, int[] axes, boolean folded) {
        return Axes.of(shape, axis -> Arrays.stream(axes).anyMatch(a -> a == axis) == folded);
    }
}
