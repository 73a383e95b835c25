package hoag.galaxy;

import hoag.galaxy.learn.Mode;
import hoag.galaxy.learn.Progress;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How well models do by how many labels they had, and what they started from, as {@code hoag curve}: trains anew for every start, size and repeat, and
 * scores each on the test part. A cell learns from so many galaxies of the training part, drawn class by class, and chooses penalty or epoch by a quarter
 * as many of the validation part; one repeat draws the same galaxies for every start, the smaller sets within the larger.
 *
 * <p>Writes {@code cells.csv} (every score of every cell), {@code curve.csv} (mean and standard deviation over the repeats) and {@code curve.svg}. Modes
 * HEAD and PROBE compute the representations of a start once for all cells. A run that was stopped goes on with the next cell.
 *
 * @param data what to learn from; its test part is what scores are of
 * @param starts what to start from, each by a name
 * @param out folder of the results
 * @param sizes how many galaxies to learn from, 4 or more
 * @param repeats how often each is drawn anew, 1..100
 * @param architecture of a start from random weights, and of weights that do not say it themselves; null: EfficientNet-B0
 */
public record Curve(
        Labelled data,
        List<Start> starts,
        Path out,
        List<Integer> sizes,
        int repeats,
        String architecture,
        Recipe recipe,
        Compute compute) {
    private static final int LEAST = 4;

    /**
     * What a model begins with.
     *
     * @param name in the tables and in the figure
     * @param from a Hoag model, or published weights with timm's keys; null for random weights
     */
    public record Start(String name, Path from) {
        /** {@code scratch}, {@code NAME=FILE} or {@code FILE}, which goes by the file's name. */
        public static Start of(String text) {
            if (text.equals("scratch")) {
                return new Start(text, null);
            }
            int equals = text.indexOf('=');
            Path file = Path.of(text.substring(equals + 1));
            String name = file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
            return new Start(equals > 0 ? text.substring(0, equals) : name, file);
        }
    }

    /** @throws ConfigException when a value is out of its range, or two starts have one name */
    public Curve {
        starts = List.copyOf(starts);
        sizes = sizes.stream().sorted().distinct().toList();
        if (starts.isEmpty() || sizes.isEmpty() || sizes.getFirst() < LEAST) {
            throw new ConfigException("a curve wants one start and one size at least, and sizes of " + LEAST
                    + " galaxies or more; it has " + starts.size() + " starts and the sizes " + sizes);
        }
        if (repeats < 1 || repeats > 100) {
            throw new ConfigException("--repeats " + repeats + " is not allowed; it must be 1..100");
        }
        Set<String> names = new HashSet<>();
        starts.forEach(start -> {
            if (!names.add(start.name)) {
                throw new ConfigException("two starts are called " + start.name + "; write --start NAME=FILE");
            }
        });
    }

    /** Five repeats, probes. */
    public Curve(Labelled data, List<Start> starts, Path out, List<Integer> sizes) {
        this(
                data,
                starts,
                out,
                sizes,
                5,
                null,
                Finetune.RECIPE.settings(Finetune.SETTINGS.mode(Mode.PROBE)),
                Compute.cpu());
    }

    /** The same with another number of {@link #repeats}. */
    public Curve repeats(int repeats) {
        return new Curve(data, starts, out, sizes, repeats, architecture, recipe, compute);
    }

    /** The same with another {@link #architecture}. */
    public Curve architecture(String architecture) {
        return new Curve(data, starts, out, sizes, repeats, architecture, recipe, compute);
    }

    /** The same with another {@link #recipe}. */
    public Curve recipe(Recipe recipe) {
        return new Curve(data, starts, out, sizes, repeats, architecture, recipe, compute);
    }

    /** The same elsewhere. */
    public Curve compute(Compute compute) {
        return new Curve(data, starts, out, sizes, repeats, architecture, recipe, compute);
    }

    /**
     * How far it came.
     *
     * @param cells that are done, those of earlier calls too
     * @param of so many
     * @param means what stands in curve.csv
     */
    public record Result(int cells, int of, List<Mean> means) {
        /** Whether every cell is done. */
        public boolean finished() {
            return cells == of;
        }
    }

    /** A score of a task by the models of one start and size: mean and standard deviation over the repeats. */
    public record Mean(
            String start, int galaxies, String task, String metric, double mean, double deviation, int repeats) {}

    /**
     * Trains and scores what is not done yet.
     *
     * @throws hoag.kernels.DataException when catalogue, labels or pictures cannot be used, or there is no test part
     * @throws ConfigException when the folder holds another curve's cells
     */
    public Result run(Progress progress) {
        return new Curving(this, progress).run();
    }
}
