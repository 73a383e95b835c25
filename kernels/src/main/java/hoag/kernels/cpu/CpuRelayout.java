package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Work;
import java.util.List;

/**
 * Between row-major and blocked tensors, and from row-major weights to the {@link Packing} of a kernel. Lanes beyond the last channel are
 * written as zeros here, though nobody may rely on it.
 */
final class CpuRelayout {
    private static final int BLOCK = Tiles.BLOCK;

    private CpuRelayout() {}

    static Launch prepare(Kernel.Relayout kernel) {
        return new Copy(kernel);
    }

    /** Copies one piece: (from, its offset, to, its offset). */
    private interface Piece {
        void copy(int piece, float[] from, int fromOffset, float[] to, int toOffset);
    }

    private record Copy(Kernel.Relayout kernel) implements Launch {
        @Override
        public String algorithm() {
            return kernel.from() + " to " + kernel.to();
        }

        @Override
        public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
            Buffer from = operands.get(0);
            Buffer to = operands.get(1);
            Shape shape = kernel.shape();
            return switch (kernel.to()) {
                case Layout.Packed(Packing packing, long ignored)
                when plain(kernel.from()) -> new Bound(packing.pieces(), packing::pack, from, to);
                case Layout.Blocked(int block)
                when block == BLOCK && plain(kernel.from()) -> new Bound(pieces(shape), block(shape), from, to);
                case Layout.Plain()
                when kernel.from().equals(Layout.BLOCKED) -> new Bound(pieces(shape), unblock(shape), from, to);
                default ->
                    throw new IllegalArgumentException(
                            "cpu: no way from layout " + kernel.from() + " to " + kernel.to());
            };
        }
    }

    private record Bound(int pieces, Piece piece, Buffer from, Buffer to) implements Work {
        @Override
        public int tasks(int phase) {
            return pieces;
        }

        @Override
        public void run(int phase, int task, int worker) {
            piece.copy(task, from.floats(), from.offset(), to.floats(), to.offset());
        }
    }

    private static boolean plain(Layout layout) {
        return layout instanceof Layout.Plain;
    }

    /** One for each image and block of channels. */
    private static int pieces(Shape shape) {
        return shape.dim(0) * FilterPanels.blocks(shape.dim(1));
    }

    private static Piece block(Shape shape) {
        int channels = shape.dim(1);
        int pixels = shape.dim(2) * shape.dim(3);
        int blocks = FilterPanels.blocks(channels);
        return (piece, from, fromOffset, to, toOffset) -> {
            int first = piece % blocks * BLOCK;
            int source = fromOffset + (piece / blocks * channels + first) * pixels;
            blockPlane(from, source, to, toOffset + piece * pixels * BLOCK, pixels, Math.min(BLOCK, channels - first));
        };
    }

    private static Piece unblock(Shape shape) {
        int channels = shape.dim(1);
        int pixels = shape.dim(2) * shape.dim(3);
        int blocks = FilterPanels.blocks(channels);
        return (piece, from, fromOffset, to, toOffset) -> {
            int first = piece % blocks * BLOCK;
            int target = toOffset + (piece / blocks * channels + first) * pixels;
            unblockPlane(
                    from, fromOffset + piece * pixels * BLOCK, to, target, pixels, Math.min(BLOCK, channels - first));
        };
    }

    /** Sixteen pixels at a time, so that the lines that are read and written stay in L1. */
    private static void blockPlane(float[] from, int fromOffset, float[] to, int toOffset, int pixels, int lanes) {
        for (int first = 0; first < pixels; first += BLOCK) {
            int end = Math.min(pixels, first + BLOCK);
            for (int lane = 0; lane < lanes; lane++) {
                for (int pixel = first, at = fromOffset + lane * pixels; pixel < end; pixel++) {
                    to[toOffset + pixel * BLOCK + lane] = from[at + pixel];
                }
            }
            for (int lane = lanes; lane < BLOCK; lane++) {
                for (int pixel = first; pixel < end; pixel++) {
                    to[toOffset + pixel * BLOCK + lane] = 0;
                }
            }
        }
    }

    private static void unblockPlane(float[] from, int fromOffset, float[] to, int toOffset, int pixels, int lanes) {
        for (int first = 0; first < pixels; first += BLOCK) {
            int end = Math.min(pixels, first + BLOCK);
            for (int lane = 0; lane < lanes; lane++) {
                for (int pixel = first, at = toOffset + lane * pixels; pixel < end; pixel++) {
                    to[at + pixel] = from[fromOffset + pixel * BLOCK + lane];
                }
            }
        }
    }
}
