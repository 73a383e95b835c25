package hoag.kernels.cpu;

import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy between two arrays that walk one space with their own strides: y[toStart + index . to] = x[fromStart + index . from].
 *
 * <p>Axes that lie behind each other on both sides become one. If both sides are contiguous along the innermost axis, rows go by
 * {@link System#arraycopy}; else two axes, the one that the source and the one that the target walks fastest, are copied in bands of 16
 * rows, so that each cache line is read and written while it is in L1.
 */
final class StridedCopy {
    private static final int BAND = 16;
    private static final int TASK = 1 << 15;

    /** The two innermost axes: rows and columns of a plane. */
    private final int rows;

    private final int columns;
    private final int fromRow;
    private final int fromColumn;
    private final int toRow;
    private final int toColumn;
    /** The axes outside of them. */
    private final int[] dims;

    private final int[] from;
    private final int[] to;
    private final int fromStart;
    private final int toStart;
    /** Rows copied together; bands in a plane; bands in a task; bands in all. */
    private final int band;

    private final int bands;
    private final int perTask;
    private final int total;

    private record Axis(int size, int from, int to) {}

    /** @param space axes in the order in which the target walks them, slowest first */
    StridedCopy(Shape space, int[] from, int fromStart, int[] to, int toStart) {
        List<Axis> axes = merged(space, from, to);
        Axis column = axes.removeLast();
        Axis row = takeRow(axes, column);
        rows = row.size;
        columns = column.size;
        fromRow = row.from;
        fromColumn = column.from;
        toRow = row.to;
        toColumn = column.to;
        dims = axes.stream().mapToInt(Axis::size).toArray();
        this.from = axes.stream().mapToInt(Axis::from).toArray();
        this.to = axes.stream().mapToInt(Axis::to).toArray();
        this.fromStart = fromStart;
        this.toStart = toStart;
        band = contiguous() ? 1 : BAND;
        bands = (rows + band - 1) / band;
        perTask = Math.max(1, TASK / Math.max(1, band * columns));
        total = space.size() == 0 ? 0 : bands * (space.size() / (rows * columns));
    }

    private static List<Axis> merged(Shape space, int[] from, int[] to) {
        var axes = new ArrayList<Axis>();
        for (int axis = 0; axis < space.rank(); axis++) {
            int size = space.dim(axis);
            Axis last = axes.isEmpty() ? null : axes.getLast();
            if (last != null && last.from == from[axis] * size && last.to == to[axis] * size) {
                axes.set(axes.size() - 1, new Axis(last.size * size, from[axis], to[axis]));
            } else if (size != 1) {
                axes.add(new Axis(size, from[axis], to[axis]));
            }
        }
        return axes.isEmpty() ? new ArrayList<>(List.of(new Axis(1, 1, 1))) : axes;
    }

    /** The axis that the source walks fastest, or the one next to the columns if these are it. */
    private static Axis takeRow(List<Axis> axes, Axis column) {
        if (axes.isEmpty()) {
            return new Axis(1, 0, 0);
        }
        int best = axes.size() - 1;
        for (int i = 0; i < axes.size() && Math.abs(column.from) != 1; i++) {
            best = Math.abs(axes.get(i).from) < Math.abs(axes.get(best).from) ? i : best;
        }
        return axes.remove(best);
    }

    private boolean contiguous() {
        return fromColumn == 1 && toColumn == 1;
    }

    int tasks() {
        return (total + perTask - 1) / perTask;
    }

    void run(int task, float[] x, int xOffset, float[] y, int yOffset) {
        for (int i = task * perTask, end = Math.min(total, i + perTask); i < end; i++) {
            int row = i % bands * band;
            int source = xOffset + fromStart + row * fromRow;
            int target = yOffset + toStart + row * toRow;
            for (int axis = dims.length - 1, rest = i / bands; axis >= 0; rest /= dims[axis--]) {
                int index = rest % dims[axis];
                source += index * from[axis];
                target += index * to[axis];
            }
            if (contiguous()) {
                System.arraycopy(x, source, y, target, columns);
            } else {
                band(x, source, y, target, Math.min(band, rows - row));
            }
        }
    }

    private void band(float[] x, int source, float[] y, int target, int count) {
        for (int column = 0; column < columns; column++, source += fromColumn, target += toColumn) {
            for (int row = 0; row < count; row++) {
                y[target + row * toRow] = x[source + row * fromRow];
            }
        }
    }
}
