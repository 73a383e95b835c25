package hoag.galaxy.map;

import hoag.kernels.ConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

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
        if (across < 1 || across > 1000) {
            throw new ConfigException("--grid " + across + " is not allowed; it must be 1..1000 cells");
        }
        return new Maker(places, across).grid(pictured);
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
            offers.sort(java.util.Comparator.comparingDouble(Offer::far)
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
