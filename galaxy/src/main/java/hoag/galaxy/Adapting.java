package hoag.galaxy;

import hoag.galaxy.learn.Labels;
import hoag.galaxy.learn.Mode;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Task;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A {@link Finetune} in the making, from the weights to the catalogue:
 *
 * <pre>{@code
 * Fitted fitted = Finetune.from(model).classes(7).mode(blocks(2)).fit(catalogue);
 * }</pre>
 *
 * <p>What is not said: the labels are the column {@code label}; pictures lie beside the catalogue; the model is written beside it, under its name; the
 * head alone is trained. Immutable: each method gives another one.
 *
 * @param from a Hoag model, or published weights with timm's keys
 * @param labels columns, each {@code COLUMN} or {@code COLUMN:class|number|flag}
 * @param classes how many the first of them must have; 0: as many as there are
 * @param tree decision tree whose votes are the labels; null for none
 * @param votes volunteers for each galaxy, if the tree's columns hold fractions; null if they hold counts
 * @param images folder of the pictures; null: the catalogue's
 * @param out the model to write; null: the catalogue's name with {@code .safetensors}
 * @param recipe how pictures are seen and the optimizer goes on
 * @param compute device, threads and precision
 */
public record Adapting(
        Path from,
        List<String> labels,
        int classes,
        String tree,
        Double votes,
        Path images,
        Path out,
        Recipe recipe,
        Compute compute) {
    private static final String LABEL = "label";

    Adapting(Path from) {
        this(from, List.of(), 0, null, null, null, null, Finetune.RECIPE, Compute.cpu());
    }

    /** @throws ConfigException when the number of classes is 1 or negative */
    public Adapting {
        labels = List.copyOf(labels);
        if (classes < 0 || classes == 1) {
            throw new ConfigException("classes " + classes + " is not allowed; it must be 2 or more");
        }
    }

    /** One of so many classes, in the column {@code label}. */
    public Adapting classes(int count) {
        return classes(LABEL, count);
    }

    /** One of so many classes. */
    public Adapting classes(String column, int count) {
        return new Adapting(from, List.of(column + ":class"), count, tree, votes, images, out, recipe, compute);
    }

    /** One or more columns beside what is there, each {@code COLUMN} or {@code COLUMN:class|number|flag}: several flags are a multi-label model. */
    public Adapting labels(String... columns) {
        List<String> all = new ArrayList<>(labels);
        all.addAll(List.of(columns));
        return new Adapting(from, all, classes, tree, votes, images, out, recipe, compute);
    }

    /** Counts of votes along a tree: gz2, gz-decals, ..., or a JSON file. */
    public Adapting tree(String tree) {
        return new Adapting(from, labels, classes, tree, votes, images, out, recipe, compute);
    }

    /** Fractions of so many volunteers' votes, where the tree's columns do not hold counts. */
    public Adapting votes(double votes) {
        return new Adapting(from, labels, classes, tree, votes, images, out, recipe, compute);
    }

    /** What is trained: {@code Mode.HEAD}, {@code Mode.PROBE}, {@code Mode.blocks(2)}, {@code Mode.FULL}. */
    public Adapting mode(Mode mode) {
        return recipe(made -> made.settings(made.settings().mode(mode)));
    }

    /** So many passes over the galaxies, at most. */
    public Adapting epochs(int epochs) {
        return recipe(made -> made.settings(made.settings().epochs(epochs)));
    }

    /** Pictures of another folder. */
    public Adapting images(Path folder) {
        return new Adapting(from, labels, classes, tree, votes, folder, out, recipe, compute);
    }

    /** Another name for the model. */
    public Adapting out(Path file) {
        return new Adapting(from, labels, classes, tree, votes, images, file, recipe, compute);
    }

    /** Other settings, such as {@code Preset.of("zoobot-2.9").finetune()}. */
    public Adapting recipe(Recipe recipe) {
        return new Adapting(from, labels, classes, tree, votes, images, out, recipe, compute);
    }

    /** The settings changed. */
    public Adapting recipe(UnaryOperator<Recipe> change) {
        return recipe(change.apply(recipe));
    }

    /** Elsewhere. */
    public Adapting compute(Compute compute) {
        return new Adapting(from, labels, classes, tree, votes, images, out, recipe, compute);
    }

    /** {@link #fit(Path, Progress)}, silently. */
    public Fitted fit(Path catalogue) {
        return fit(catalogue, Progress.NONE);
    }

    /**
     * Finetunes on a catalogue, or goes on with an interrupted run.
     *
     * @throws ConfigException when the column has another number of classes
     * @throws hoag.kernels.DataException as {@link Finetune#run}
     */
    public Fitted fit(Path catalogue, Progress progress) {
        List<String> columns = labels.isEmpty() && tree == null ? List.of(LABEL) : labels;
        Path folder = catalogue.toAbsolutePath().getParent();
        var data = new Labelled(
                catalogue, images == null ? folder : images, tree, votes, columns, 0, "uniform", Roster.PLAIN);
        data.read().tasks().stream()
                .filter(task -> classes > 0 && task instanceof Task.Classes)
                .map(Task.Classes.class::cast)
                .findFirst()
                .ifPresent(task -> check(task, catalogue));
        String name = catalogue.getFileName().toString().replaceFirst("\\.[^.]+$", "");
        Path file = out == null ? folder.resolve(name + ".safetensors") : out;
        return new Finetune(data, from, file, null, false, recipe, compute).run(progress);
    }

    private void check(Task.Classes task, Path catalogue) {
        boolean first = task.column().equals(Labels.Wanted.of(labels.getFirst()).column());
        if (first && task.names().size() != classes) {
            throw new ConfigException(catalogue + ": column '" + task.column() + "' has "
                    + task.names().size() + " classes (" + String.join(", ", task.names()) + "), not " + classes);
        }
    }
}
