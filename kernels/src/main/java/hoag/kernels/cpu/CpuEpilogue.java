package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import java.util.List;

/**
 * A formula applied in place to stretches of a blocked result (N, blocks of 16 channels, H, W, 16) while they are in cache. Operands
 * beside the result: the same shape (blocked), (N, C, 1, 1) (blocked), (1, C, 1, 1), (N, 1, 1, 1) or one number (plain).
 */
final class CpuEpilogue {
    private final Shape out;
    private final Kernel.Epilogue epilogue;
    private final Loop loop;

    CpuEpilogue(Shape out, Kernel.Epilogue epilogue) {
        this.out = out;
        this.epilogue = epilogue;
        this.loop = epilogue == null ? null : Loops.map(List.of(epilogue.formula()), kinds());
    }

    private List<Loops.Kind> kinds() {
        List<Loops.Kind> kinds = new java.util.ArrayList<>(List.of(Loops.Kind.STREAM));
        for (Shape extra : epilogue.extras()) {
            Steps steps = steps(out, extra);
            kinds.add(steps.kind());
        }
        return kinds;
    }

    /** How an operand steps: floats from image to image and from block to block; whether it follows the pixels. */
    record Steps(Layout layout, int image, int block, int pixel) {
        Loops.Kind kind() {
            return pixel == 1 ? Loops.Kind.STREAM : block == 0 ? Loops.Kind.SCALAR : Loops.Kind.LANES;
        }

        /** Floats from the operand's first to what goes with float {@code from} of a plane. */
        int at(int n, int channelBlock, int from) {
            return n * image + channelBlock * block + pixel * from;
        }
    }

    static boolean fuses(Shape out, Kernel.Epilogue epilogue) {
        return epilogue.extras().stream().allMatch(extra -> steps(out, extra) != null);
    }

    static List<Layout> layouts(Shape out, Kernel.Epilogue epilogue) {
        return epilogue == null
                ? List.of()
                : epilogue.extras().stream()
                        .map(extra -> steps(out, extra).layout)
                        .toList();
    }

    /** Null if there is no way to walk such an operand. */
    static Steps steps(Shape out, Shape extra) {
        Shape full = extra.padded(4);
        int blocks = FilterPanels.blocks(out.dim(1));
        int plane = out.dim(2) * out.dim(3) * 16;
        if (extra.equals(out)) {
            return new Steps(Layout.BLOCKED, blocks * plane, plane, 1);
        }
        if (full.dim(2) * full.dim(3) != 1) {
            return null;
        }
        if (full.dim(0) == 1) {
            return new Steps(Layout.PLAIN, 0, full.dim(1) == 1 ? 0 : 16, 0);
        }
        return full.dim(1) == 1 ? new Steps(Layout.PLAIN, 1, 0, 0) : new Steps(Layout.BLOCKED, blocks * 16, 16, 0);
    }

    /** The formula tied to its operands; serves all workers. */
    final class Bound {
        private final float[][] arrays;
        private final int[] base;
        private final int[] image;
        private final int[] block;
        private final int[] pixel;
        private final PerWorker offsets;

        Bound(Buffer y, List<Buffer> extras) {
            int count = extras.size() + 1;
            arrays = new float[count + 1][];
            base = new int[count];
            image = new int[count];
            block = new int[count];
            pixel = new int[count];
            offsets = new PerWorker(count + 1);
            set(0, y, out);
            for (int i = 1; i < count; i++) {
                set(i, extras.get(i - 1), epilogue.extras().get(i - 1));
            }
            arrays[count] = arrays[0];
        }

        private void set(int i, Buffer buffer, Shape shape) {
            Steps steps = steps(out, shape);
            arrays[i] = buffer.floats();
            base[i] = buffer.offset();
            image[i] = steps.image;
            block[i] = steps.block;
            pixel[i] = steps.pixel;
        }

        /** Applies the formula to {@code length} floats of a block's plane, from float {@code from} of the plane on. */
        void apply(int worker, int n, int channelBlock, int from, int length) {
            apply(worker, n, channelBlock, base[0] + n * image[0] + channelBlock * block[0], from, length);
        }

        /** The same where the block's plane begins at {@code plane} of the result's array. */
        void apply(int worker, int n, int channelBlock, int plane, int from, int length) {
            int[] at = offsets.of(worker);
            at[0] = plane + from;
            for (int i = 1; i < base.length; i++) {
                at[i] = base[i] + n * image[i] + channelBlock * block[i] + pixel[i] * from;
            }
            at[base.length] = at[0];
            loop.run(arrays, at, length);
        }
    }

    Expr formula() {
        return epilogue.formula();
    }
}
