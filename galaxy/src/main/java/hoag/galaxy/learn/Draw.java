package hoag.galaxy.learn;

import hoag.kernels.Uniform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Parts of a set of galaxies, drawn class by class: a function of the seed alone, the smaller part of one seed within the larger. */
public final class Draw {
    private static final int LEAST = 2;

    private Draw() {}

    /**
     * The class of each galaxy by the first task that has classes, or yes and no; -1 where it is not known, null where no task has any.
     */
    public static int[] classes(List<Task> tasks, Examples examples) {
        int column = 0;
        for (Task task : tasks) {
            if (task instanceof Task.Classes || task instanceof Task.Flag) {
                int at = column;
                return IntStream.range(0, examples.size())
                        .map(i -> {
                            float label = examples.labels()[i * examples.columns() + at];
                            return Float.isNaN(label) ? -1 : (int) label;
                        })
                        .toArray();
            }
            column += task.labelColumns().size();
        }
        return null;
    }

    /**
     * So many galaxies: of each class its share, two at least where there are so many. A galaxy whose class is not known is not drawn.
     *
     * @param count how many; all if there are fewer
     */
    public static int[] rows(List<Task> tasks, Examples examples, int count, long seed) {
        int[] classes = classes(tasks, examples);
        int[] order = order(examples.size(), seed);
        if (classes == null) {
            return Arrays.copyOf(order, Math.min(count, order.length));
        }
        List<List<Integer>> members = new ArrayList<>();
        for (int row : order) {
            if (classes[row] >= 0) {
                while (members.size() <= classes[row]) {
                    members.add(new ArrayList<>());
                }
                members.get(classes[row]).add(row);
            }
        }
        // A galaxy's place among all is its place within its class over the size of the class: every class keeps its
        // share
        record Place(int row, double at) {}
        List<Place> places = new ArrayList<>();
        for (List<Integer> own : members) {
            for (int i = 0; i < own.size(); i++) {
                places.add(new Place(own.get(i), i < LEAST ? -1 : (i + 0.5) / own.size()));
            }
        }
        places.sort(Comparator.comparingDouble(Place::at));
        return places.stream().limit(count).mapToInt(Place::row).toArray();
    }

    /**
     * The fold of each galaxy, 0..folds-1: every class is spread evenly.
     *
     * @param seed of the order within a class
     */
    public static int[] folds(List<Task> tasks, Examples examples, int folds, long seed) {
        int[] classes = classes(tasks, examples);
        int[] order = order(examples.size(), seed);
        int[] fold = new int[order.length];
        int most = classes == null ? 0 : Arrays.stream(classes).max().orElse(0);
        int next = 0;
        for (int c = -1; c <= most; c++) {
            for (int row : order) {
                if (classes == null ? c == 0 : classes[row] == c) {
                    fold[row] = next++ % folds;
                }
            }
        }
        return fold;
    }

    private static int[] order(int count, long seed) {
        return Shuffle.rows(count, Uniform.mix(seed), 0, 0, count);
    }
}
