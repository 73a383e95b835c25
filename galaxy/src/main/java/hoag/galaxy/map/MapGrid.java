package hoag.galaxy.map;

import hoag.kernels.ConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A map cut into square cells, with a galaxy for each, so that pictures fill the plane where there are galaxies and none covers another: of those
 * in a cell the one nearest to its middle; cells without any, beside those that have some, get the nearest of them that are not shown yet.
 *
 * @param across cells side by side
 * @param down rows of cells, the uppermost first
 * @param shown (down, across) row of the survey, -1 for none
 */
public record MapGrid(int across, int down, int[] shown) {
    /** Share of the galaxies at either end of an axis that may fall off the edge. */
    private static final double EDGE = 0.001;

    /** How far, in cells, a galaxy may be from the middle of the cell that it is shown in. */
    private static final double REACH = 1.25;

    private static final int TALLEST = 4;

    /**
     * Cells for a map.
     *
     * @param places (rows, 2)
     * @param pictured rows that can be shown
     * @param across cells side by side, 1..1000
     * @throws ConfigException when there cannot be so many
     */
    public static MapGrid of(float[][] places, IntPredicate pictured, int across) {
        checked(across);
        return new Maker(places, across).grid(pictured);
    }

    /**
     * Cells without a gap: galaxies from left to right in columns of as many each, a column's from above in as many cells, and of those that share a cell the one in their
     * midst. What is beside each other on the map stays so, distances do not.
     *
     * @param places (rows, 2)
     * @param pictured rows that can be shown
     * @param across cells side by side, 1..1000; no more than make a plane as wide as high
     * @throws ConfigException when there cannot be so many
     */
    public static MapGrid filled(float[][] places, IntPredicate pictured, int across) {
        checked(across);
        int[] rows = IntStream.range(0, places.length).filter(pictured).toArray();
        int width = Math.clamp((long) Math.sqrt(rows.length), 1, across);
        int height = Math.clamp(rows.length / width, 0, width);
        int[] shown = new int[width * height];
        int[] byX = sorted(rows, row -> places[row][0]);
        for (int column = 0; column < width; column++) {
            int[] byY = sorted(part(byX, column, width), row -> -places[row][1]);
            for (int line = 0; line < height; line++) {
                shown[line * width + column] = middle(places, part(byY, line, height));
            }
        }
        return new MapGrid(width, height, shown);
    }

    private static int[] sorted(int[] rows, IntToDoubleFunction by) {
        return Arrays.stream(rows)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> by.applyAsDouble(row))
                        .thenComparing(row -> row))
                .mapToInt(row -> row)
                .toArray();
    }

    private static int[] part(int[] rows, int number, int parts) {
        return Arrays.copyOfRange(
                rows, (int) ((long) rows.length * number / parts), (int) ((long) rows.length * (number + 1) / parts));
    }

    private static int middle(float[][] places, int[] rows) {
        double x =
                Arrays.stream(rows).mapToDouble(row -> places[row][0]).average().orElseThrow();
        double y =
                Arrays.stream(rows).mapToDouble(row -> places[row][1]).average().orElseThrow();
        return sorted(rows, row -> Math.hypot(places[row][0] - x, places[row][1] - y))[0];
    }

    private static void checked(int across) {
        if (across < 1 || across > 1000) {
            throw new ConfigException("--grid " + across + " is not allowed; it must be 1..1000 cells");
        }
    }

    /** How many cells show a galaxy. */
    public int count() {
        return (int) Arrays.stream(shown).filter(row -> row >= 0).count();
    }

    private static final class Maker {
        private final float[][] places;
        private final int across;
        private final int down;
        private final double left;
        private final double top;
        private final double side;

        Maker(float[][] places, int across) {
            this.places = places;
            this.across = across;
            double[] x = range(places, 0);
            double[] y = range(places, 1);
            side = Math.max(Double.MIN_NORMAL, Math.max(x[1] - x[0], (y[1] - y[0]) / TALLEST)) / across;
            down = (int) Math.clamp(Math.ceil((y[1] - y[0]) / side), 1, (long) TALLEST * across);
            left = (x[0] + x[1] - side * across) / 2;
            top = (y[0] + y[1] + side * down) / 2;
        }

        private static double[] range(float[][] places, int axis) {
            double[] sorted = Arrays.stream(places)
                    .mapToDouble(place -> place[axis])
                    .sorted()
                    .toArray();
            int off = (int) (EDGE * sorted.length);
            return new double[] {sorted[off], sorted[sorted.length - 1 - off]};
        }

        MapGrid grid(IntPredicate pictured) {
            List<List<Integer>> cells = new ArrayList<>();
            for (int cell = 0; cell < across * down; cell++) {
                cells.add(new ArrayList<>());
            }
            for (int row = 0; row < places.length; row++) {
                int cell = cell(row);
                if (cell >= 0 && pictured.test(row)) {
                    cells.get(cell).add(row);
                }
            }
            int[] shown = new int[cells.size()];
            Arrays.fill(shown, -1);
            for (int cell = 0; cell < shown.length; cell++) {
                for (int row : cells.get(cell)) {
                    shown[cell] = shown[cell] < 0 || far(row, cell) < far(shown[cell], cell) ? row : shown[cell];
                }
            }
            beside(cells, shown);
            return new MapGrid(across, down, shown);
        }

        private int cell(int row) {
            int column = along((places[row][0] - left) / side, across);
            int line = along((top - places[row][1]) / side, down);
            return column < 0 || line < 0 ? -1 : line * across + column;
        }

        /** The outer edge belongs to the last cell. */
        private static int along(double at, int count) {
            return at < -1e-6 || at > count + 1e-6 ? -1 : Math.clamp((int) at, 0, count - 1);
        }

        /** In cells. */
        private double far(int row, int cell) {
            double dx = (places[row][0] - left) / side - (cell % across + 0.5);
            double dy = (top - places[row][1]) / side - (cell / across + 0.5);
            return Math.hypot(dx, dy);
        }

        private record Offer(double far, int cell, int row) {}

        /** Free cells take from their neighbours' galaxies, the nearest pair first. */
        private void beside(List<List<Integer>> cells, int[] shown) {
            boolean[] taken = new boolean[places.length];
            List<Offer> offers = new ArrayList<>();
            for (int cell = 0; cell < shown.length; cell++) {
                if (shown[cell] >= 0) {
                    taken[shown[cell]] = true;
                } else {
                    offer(cells, cell, offers);
                }
            }
            offers.sort(Comparator.comparingDouble(Offer::far)
                    .thenComparingInt(Offer::cell)
                    .thenComparingInt(Offer::row));
            for (Offer each : offers) {
                if (shown[each.cell] < 0 && !taken[each.row]) {
                    shown[each.cell] = each.row;
                    taken[each.row] = true;
                }
            }
        }

        private void offer(List<List<Integer>> cells, int cell, List<Offer> offers) {
            for (int line = Math.max(0, cell / across - 1); line <= Math.min(down - 1, cell / across + 1); line++) {
                for (int i = Math.max(0, cell % across - 1); i <= Math.min(across - 1, cell % across + 1); i++) {
                    for (int row : cells.get(line * across + i)) {
                        double far = far(row, cell);
                        if (far <= REACH) {
                            offers.add(new Offer(far, cell, row));
                        }
                    }
                }
            }
        }
    }
}
