package hoag.kernels.cpu;

import hoag.kernels.Layout;
import hoag.kernels.Shape;
import hoag.kernels.cpu.Loops.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How formulas walk over a space: outer axes, and an inner run of neighbouring floats. Plain spaces collapse to as few axes as the operands'
 * broadcasting allows; blocked ones are (N, channel blocks) times a plane of 16 channels.
 *
 * @param outer sizes of the outer axes
 * @param axes for each outer axis, true if it belongs to the reduced axes (all false for pointwise)
 * @param length of the run
 * @param innerReduced true if the run is reduced
 * @param strides floats an operand steps for each outer axis
 * @param pieces parts that a run is cut into, each of {@link #PIECE} floats but the last
 */
record Runs(
        int[] outer,
        boolean[] axes,
        int length,
        boolean innerReduced,
        List<Kind> kinds,
        int[][] strides,
        boolean blocked,
        int pieces) {
    /** Floats of a run at once: 16 KiB of each operand stay in the first-level cache. */
    static final int PIECE = 4096;

    /** Where nothing is reduced. */
    static Runs of(Shape space, List<Shape> operands, List<Layout> layouts) {
        boolean onePixel = space.rank() == 4 && space.dim(2) * space.dim(3) == 1 && layouts.contains(Layout.BLOCKED);
        return onePixel ? onePixel(space, operands) : of(space, operands, layouts, new boolean[space.rank()]);
    }

    /** (N, C, 1, 1) blocked is (N, C filled up to sixteens) plain; an operand of C values is read beyond its end, as buffers allow. */
    private static Runs onePixel(Shape space, List<Shape> operands) {
        int channels = (space.dim(1) + 15) / 16 * 16;
        List<Shape> filled = operands.stream()
                .map(s -> s.padded(4))
                .map(s -> s.dim(1) == 1 ? s : s.with(1, channels))
                .toList();
        return plain(space.with(1, channels), filled, new boolean[4]);
    }

    static Runs of(Shape space, List<Shape> operands, List<Layout> layouts, boolean[] reduced) {
        boolean blocked = space.rank() == 4 && layouts.stream().anyMatch(layout -> layout instanceof Layout.Blocked);
        return blocked ? blocked(space, operands, reduced) : plain(space, operands, reduced);
    }

    private static Runs make(
            int[] outer,
            boolean[] axes,
            int length,
            boolean innerReduced,
            List<Kind> kinds,
            int[][] strides,
            boolean blocked) {
        return new Runs(
                outer, axes, length, innerReduced, kinds, strides, blocked, Math.max(1, (length + PIECE - 1) / PIECE));
    }

    /** The layouts in which these operands can be walked together, or null if only plain will do. */
    static List<Layout> blockedLayouts(Shape space, List<Shape> operands) {
        List<Layout> layouts = new ArrayList<>();
        for (Shape operand : operands) {
            Shape s = operand.padded(4);
            boolean pixels = s.dim(2) == space.dim(2) && s.dim(3) == space.dim(3);
            boolean onePixel = s.dim(2) * s.dim(3) == 1;
            boolean channels = s.dim(1) == space.dim(1);
            boolean vector = s.dim(0) == 1 && onePixel || s.dim(1) == 1 && onePixel;
            if (space.dim(1) > 1 && channels && (pixels || onePixel) && operand.rank() == 4 && !vector) {
                layouts.add(Layout.BLOCKED);
            } else if (onePixel && (vector || space.dim(1) == 1 && channels)) {
                layouts.add(Layout.PLAIN);
            } else {
                return null;
            }
        }
        return layouts;
    }

    private static Runs blocked(Shape space, List<Shape> operands, boolean[] reduced) {
        int blocks = (space.dim(1) + 15) / 16;
        int plane = space.dim(2) * space.dim(3) * 16;
        List<Kind> kinds = new ArrayList<>();
        int[][] strides = new int[operands.size()][];
        for (int i = 0; i < strides.length; i++) {
            Shape s = operands.get(i).padded(4);
            boolean pixels = s.dim(2) * s.dim(3) > 1
                    || space.dim(2) * space.dim(3) == 1
                            && s.dim(0) == space.dim(0)
                            && s.dim(1) == space.dim(1)
                            && (s.dim(0) > 1 || space.dim(0) == 1);
            boolean channels = s.dim(1) > 1;
            int perBlock = pixels ? plane : channels ? 16 : 0;
            boolean perImage = s.dim(0) > 1;
            kinds.add(pixels ? Kind.STREAM : channels ? Kind.LANES : Kind.SCALAR);
            strides[i] = new int[] {perImage ? channels ? blocks * perBlock : 1 : 0, perBlock};
        }
        return make(
                new int[] {space.dim(0), blocks},
                new boolean[] {reduced[0], reduced[1]},
                plane,
                reduced[2],
                kinds,
                strides,
                true);
    }

    private static Runs plain(Shape space, List<Shape> operands, boolean[] reduced) {
        List<int[]> axes = new ArrayList<>(); // size, reduced, then a stride for each operand; outermost first
        int[][] strides = operands.stream().map(s -> strides(s, space.rank())).toArray(int[][]::new);
        for (int axis = 0; axis < space.rank(); axis++) {
            if (space.dim(axis) != 1) {
                int[] row = new int[2 + strides.length];
                row[0] = space.dim(axis);
                row[1] = reduced[axis] ? 1 : 0;
                for (int i = 0; i < strides.length; i++) {
                    row[2 + i] = strides[i][axis];
                }
                if (!axes.isEmpty() && merges(axes.getLast(), row)) {
                    row[0] *= axes.removeLast()[0];
                }
                axes.add(row);
            }
        }
        int[] inner = axes.isEmpty() ? one(strides.length) : axes.removeLast();
        List<Kind> kinds = Arrays.stream(inner, 2, inner.length)
                .mapToObj(stride -> stride == 0 ? Kind.SCALAR : Kind.STREAM)
                .toList();
        int[] outer = axes.stream().mapToInt(row -> row[0]).toArray();
        boolean[] outerReduced = new boolean[outer.length];
        int[][] outerStrides = new int[strides.length][outer.length];
        for (int axis = 0; axis < outer.length; axis++) {
            outerReduced[axis] = axes.get(axis)[1] == 1;
            for (int i = 0; i < strides.length; i++) {
                outerStrides[i][axis] = axes.get(axis)[2 + i];
            }
        }
        return make(outer, outerReduced, inner[0], inner[1] == 1, kinds, outerStrides, false);
    }

    /** A run of one element that every operand streams. */
    private static int[] one(int operands) {
        int[] row = new int[2 + operands];
        Arrays.fill(row, 2, row.length, 1);
        row[0] = 1;
        return row;
    }

    private static boolean merges(int[] outer, int[] inner) {
        boolean fits = outer[1] == inner[1];
        for (int i = 2; i < inner.length; i++) {
            fits &= outer[i] == inner[i] * inner[0];
        }
        return fits;
    }

    private static int[] strides(Shape operand, int rank) {
        Shape padded = operand.padded(rank);
        int[] strides = padded.strides();
        for (int axis = 0; axis < rank; axis++) {
            strides[axis] = padded.dim(axis) == 1 ? 0 : strides[axis];
        }
        return strides;
    }

    /** Runs there are. */
    int count() {
        int count = 1;
        for (int size : outer) {
            count *= size;
        }
        return count;
    }

    /** Floats of piece {@code piece} of a run. */
    int pieceLength(int piece) {
        return Math.min(PIECE, length - piece * PIECE);
    }

    /** Sets where each operand starts for piece {@code piece} of run {@code run}; the operands' bases are added. */
    void place(int run, int piece, int[] bases, int[] offsets) {
        for (int i = 0; i < kinds.size(); i++) {
            offsets[i] = bases[i] + (kinds.get(i) == Kind.STREAM ? piece * PIECE : 0);
        }
        for (int axis = outer.length - 1, rest = run; axis >= 0; axis--) {
            int at = rest % outer[axis];
            rest /= outer[axis];
            for (int i = 0; i < kinds.size(); i++) {
                offsets[i] += at * strides[i][axis];
            }
        }
    }

    /** For each outer axis the runs that lie between two neighbours. */
    int[] runStrides() {
        int[] result = new int[outer.length];
        for (int axis = outer.length - 1, step = 1; axis >= 0; step *= outer[axis--]) {
            result[axis] = step;
        }
        return result;
    }
}
