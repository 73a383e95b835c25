package hoag.galaxy.learn;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.data.Row;
import hoag.galaxy.data.VoteTargets;
import hoag.galaxy.tree.Schema;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Columns of a catalogue as tasks and labels. */
public final class Labels {
    private static final Set<String> YES = Set.of("1", "1.0", "yes", "true");
    private static final Set<String> NO = Set.of("0", "0.0", "no", "false");
    private static final int MOST_CLASSES = 1000;

    private Labels() {}

    /** How a column is to be understood. */
    public enum Kind {
        /** As classes if it holds words or few whole numbers, else as a number. */
        GUESS,
        /** One of several names. */
        CLASS,
        /** A number in any units. */
        NUMBER,
        /** yes, true, 1 or no, false, 0. */
        FLAG
    }

    /** One {@code --label}: a column and, after a colon, what it is. */
    public record Wanted(String column, Kind kind) {
        /** Reads {@code COLUMN} or {@code COLUMN:class|number|flag}. */
        public static Wanted of(String text) {
            int colon = text.lastIndexOf(':');
            if (colon < 0) {
                return new Wanted(text, Kind.GUESS);
            }
            try {
                return new Wanted(
                        text.substring(0, colon),
                        Kind.valueOf(text.substring(colon + 1).toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(
                        "--label " + text + ": '" + text.substring(colon + 1) + "' is none of class, number, flag");
            }
        }
    }

    /** The task that a column gives, from the rows that a model may learn from. */
    public static Task task(Catalogue catalogue, Wanted wanted, double smoothing) {
        String column = wanted.column;
        catalogue.header().index(column);
        catalogue.rows().forEach(row -> refuseNaN(row, column));
        List<Row> known =
                catalogue.rows().stream().filter(row -> !row.isBlank(column)).toList();
        if (known.isEmpty()) {
            throw new DataException(catalogue.header().file() + ": column '" + column
                    + "' is blank in every row; there is nothing to learn");
        }
        return switch (wanted.kind == Kind.GUESS ? guess(known, column) : wanted.kind) {
            case NUMBER -> number(known, column);
            case FLAG -> flag(known, column);
            default -> classes(catalogue, known, column, smoothing);
        };
    }

    private static Kind guess(List<Row> rows, String column) {
        boolean whole = true;
        int numbers = 0;
        Row word = null;
        for (Row row : rows) {
            double value = number(row.text(column));
            if (Double.isNaN(value)) {
                word = word == null ? row : word;
            } else {
                whole &= value == Math.rint(value);
                numbers++;
            }
        }
        if (word != null && numbers > 0) {
            throw new DataException(word.where() + ": " + column + " is \"" + word.text(column) + "\", but " + numbers
                    + " of the " + rows.size() + " labels are numbers; mend them, or write " + column
                    + ":class to take each as the name of a class");
        }
        if (word != null) {
            return Kind.CLASS;
        }
        return whole && rows.stream().map(row -> row.text(column)).distinct().count() <= 20 ? Kind.CLASS : Kind.NUMBER;
    }

    /** NaN for what is no number; words are told by their first letter, for an exception each would take seconds in a large table. */
    private static double number(String text) {
        char first = text.charAt(0);
        if (!Character.isDigit(first) && "+-.".indexOf(first) < 0) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static Task number(List<Row> rows, String column) {
        double[] values = rows.stream().mapToDouble(row -> row.number(column)).toArray();
        double mean = Arrays.stream(values).average().orElse(0);
        double deviation = Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElse(0));
        return new Task.Number(column, mean, deviation);
    }

    private static Task flag(List<Row> rows, String column) {
        rows.forEach(row -> flag(row, column));
        return new Task.Flag(column);
    }

    private static float flag(Row row, String column) {
        String text = row.text(column).toLowerCase(Locale.ROOT);
        if (!YES.contains(text) && !NO.contains(text)) {
            throw new DataException(row.where() + ": " + column + " is \"" + row.text(column)
                    + "\"; a flag is yes, true or 1, no, false or 0, or blank");
        }
        return YES.contains(text) ? 1 : 0;
    }

    private static Task classes(Catalogue catalogue, List<Row> rows, String column, double smoothing) {
        Set<String> names =
                new TreeSet<>(rows.stream().map(row -> row.text(column)).toList());
        if (names.size() > MOST_CLASSES) {
            throw new DataException(catalogue.header().file() + ": column '" + column + "' has " + names.size()
                    + " different labels, too many for classes; write " + column + ":number");
        }
        return new Task.Classes(column, new ArrayList<>(names), smoothing);
    }

    /**
     * The catalogue's rows as examples for these tasks.
     *
     * @param votes how many volunteers saw a galaxy, if the tree's columns hold fractions
     * @throws DataException naming row and column where a label is not understood, or a picture is missing
     */
    public static Examples examples(Catalogue catalogue, ImageFolder images, List<Task> tasks, OptionalDouble votes) {
        return examples(catalogue, images, tasks, votes, severalCampaigns(tasks));
    }

    /** Whether a model learnt from more than one campaign, so that a galaxy may lack the votes of one. */
    public static boolean severalCampaigns(List<Task> tasks) {
        return tasks.stream().filter(Task.Votes.class::isInstance).count() > 1;
    }

    /** The same for some of a model's tasks. {@code campaigns}: a galaxy whose votes of a tree are all blank was not in its campaign. */
    public static Examples examples(
            Catalogue catalogue, ImageFolder images, List<Task> tasks, OptionalDouble votes, boolean campaigns) {
        int columns = Task.labelColumns(tasks).size();
        float[] labels = new float[catalogue.size() * columns];
        int at = 0;
        for (Task task : tasks) {
            if (campaigns && task instanceof Task.Votes(Schema schema)) {
                campaign(catalogue, schema, votes, labels, at, columns);
            } else {
                fill(catalogue, task, votes, labels, at, columns);
            }
            at += task.labelColumns().size();
        }
        return new Examples(catalogue.ids(), catalogue.images(images), labels);
    }

    /** The rows with a label for one task at least; others cost nothing and teach nothing. */
    static int[] known(List<Task> tasks, float[] labels, int n) {
        int columns = Task.labelColumns(tasks).size();
        return IntStream.range(0, n)
                .filter(row -> isKnown(tasks, labels, row * columns))
                .toArray();
    }

    private static boolean isKnown(List<Task> tasks, float[] labels, int at) {
        int from = at;
        for (Task task : tasks) {
            int to = from + task.labelColumns().size();
            for (int i = from; i < to; i++) {
                if (task instanceof Task.Votes ? labels[i] > 0 : !Float.isNaN(labels[i])) {
                    return true;
                }
            }
            from = to;
        }
        return false;
    }

    /** The galaxies that have a label for one task at least: others cost nothing and teach nothing. */
    public static Examples known(List<Task> tasks, Examples examples) {
        int[] known = known(tasks, examples.labels(), examples.size());
        return known.length == examples.size() ? examples : examples.rows(known);
    }

    /** One of several campaigns: a galaxy whose columns are all blank was not in it and has no votes, which cost nothing. */
    private static void campaign(
            Catalogue catalogue, Schema schema, OptionalDouble votes, float[] labels, int at, int columns) {
        List<String> own =
                schema.labelColumns().stream().filter(catalogue.header()::has).toList();
        int[] there = IntStream.range(0, catalogue.size())
                .filter(row ->
                        own.isEmpty() || !own.stream().allMatch(catalogue.rows().get(row)::isBlank))
                .toArray();
        Set<String> ids = Arrays.stream(there)
                .mapToObj(row -> catalogue.rows().get(row).id())
                .collect(Collectors.toSet());
        double[][] counts = VoteTargets.of(catalogue.where(row -> ids.contains(row.id())), schema, votes)
                .votes();
        for (int i = 0; i < there.length; i++) {
            for (int c = 0; c < counts[i].length; c++) {
                labels[there[i] * columns + at + c] = (float) counts[i][c];
            }
        }
    }

    private static void fill(
            Catalogue catalogue, Task task, OptionalDouble votes, float[] labels, int at, int columns) {
        if (task instanceof Task.Votes(Schema schema)) {
            double[][] counts = VoteTargets.of(catalogue, schema, votes).votes();
            for (int row = 0; row < counts.length; row++) {
                for (int c = 0; c < counts[row].length; c++) {
                    labels[row * columns + at + c] = (float) counts[row][c];
                }
            }
            return;
        }
        for (int row = 0; row < catalogue.size(); row++) {
            labels[row * columns + at] = label(catalogue.rows().get(row), task);
        }
    }

    /** A blank says that a label is not known; NaN comes from a computation that failed, and nobody may have noticed. */
    private static void refuseNaN(Row row, String column) {
        if (row.text(column).equalsIgnoreCase("nan")) {
            throw new DataException(row.where() + ": " + column + " is \"" + row.text(column)
                    + "\"; leave the field blank if the label is not known");
        }
    }

    private static float label(Row row, Task task) {
        String column = task.labelColumns().getFirst();
        refuseNaN(row, column);
        if (row.isBlank(column)) {
            return Float.NaN;
        }
        return switch (task) {
            case Task.Classes classes -> {
                int index = classes.names().indexOf(row.text(column));
                if (index < 0) {
                    throw new DataException(row.where() + ": " + column + " is \"" + row.text(column)
                            + "\"; the model knows " + String.join(", ", classes.names()));
                }
                yield index;
            }
            case Task.Number ignored -> (float) row.number(column);
            case Task.Flag ignored -> flag(row, column);
            case Task.Votes ignored -> throw new IllegalStateException("votes have columns of their own");
        };
    }
}
