package hoag.galaxy;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.data.Split;
import hoag.galaxy.learn.ClassWeights;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.Labels;
import hoag.galaxy.learn.Task;
import hoag.galaxy.tree.Schema;
import hoag.kernels.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * Galaxies to learn from.
 *
 * @param catalog table with id (or file) and label columns; a column split (train, valid, test) divides it, else the id does; or a folder of
 *     images by class, whose label is {@code class}
 * @param images folder of the pictures, found by the column file or by id; null for beside the catalogue
 * @param tree decision tree whose votes are the labels: gz2, gz-decals, ..., or a JSON file; {@code A+B} for several campaigns; null for none
 * @param votes volunteers for each galaxy, if the tree's columns hold fractions; null if they hold counts
 * @param label label columns, each {@code COLUMN} or {@code COLUMN:class|number|flag}
 * @param smoothing label smoothing of classes, 0 up to 1: that share of the target is spread over all classes
 * @param classWeights how much a galaxy of each class counts in the loss: {@code uniform}, {@code balanced} (inversely to the class's share of the
 *     training galaxies), or {@code CLASS=W,CLASS=W...}, where what is not named counts 1
 * @param roster what else is read, and how the galaxies are divided
 */
public record Labelled(
        Path catalog,
        Path images,
        String tree,
        Double votes,
        List<String> label,
        double smoothing,
        String classWeights,
        Roster roster) {
    /** @throws ConfigException when there is neither a tree nor a label, or the smoothing is out of its range */
    public Labelled {
        boolean folders = tree == null && label.isEmpty() && Files.isDirectory(catalog);
        label = folders ? List.of("class") : List.copyOf(label);
        if (tree == null && label.isEmpty()) {
            throw new ConfigException("nothing to learn: give --tree NAME for votes, or --label COLUMN");
        }
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new ConfigException("--smoothing " + smoothing + " is not allowed; it must be 0 <= share < 1");
        }
        ClassWeights.parse(classWeights);
    }

    /** Votes along a tree, as counts. */
    public static Labelled tree(Path catalog, Path images, String tree) {
        return new Labelled(catalog, images, tree, null, List.of(), 0, "uniform", Roster.PLAIN);
    }

    /** Label columns, each {@code COLUMN} or {@code COLUMN:class|number|flag}. */
    public static Labelled label(Path catalog, Path images, String... label) {
        return new Labelled(catalog, images, null, null, List.of(label), 0, "uniform", Roster.PLAIN);
    }

    /** The same where the tree's columns hold fractions of so many volunteers' votes. */
    public Labelled votes(double votes) {
        return new Labelled(catalog, images, tree, votes, label, smoothing, classWeights, roster);
    }

    /** The same with label smoothing. */
    public Labelled smoothing(double smoothing) {
        return new Labelled(catalog, images, tree, votes, label, smoothing, classWeights, roster);
    }

    /** The same with other {@link #classWeights}. */
    public Labelled classWeights(String weights) {
        return new Labelled(catalog, images, tree, votes, label, smoothing, weights, roster);
    }

    /** The same, read and divided otherwise. */
    public Labelled roster(Roster roster) {
        return new Labelled(catalog, images, tree, votes, label, smoothing, classWeights, roster);
    }

    /** What was read: the table, what is to be learnt from it, and its parts. */
    record Lesson(
            Catalogue table,
            List<Task> tasks,
            Examples train,
            Examples valid,
            Object division,
            List<String> notes,
            List<String> leftOut) {
        /** The same with other galaxies to learn from and to choose by. */
        Lesson with(Examples train, Examples valid) {
            return new Lesson(table, tasks, train, valid, division, notes, leftOut);
        }

        /** The same without these galaxies, whose pictures cannot be used. */
        Lesson without(Set<String> ids) {
            Lesson rest = with(train.without(ids), valid.without(ids));
            return new Lesson(table, tasks, rest.train, rest.valid, division, notes, List.copyOf(new TreeSet<>(ids)));
        }
    }

    /** Reads the catalogue and divides it. */
    Lesson read() {
        return read(Set.of());
    }

    /** The same where the pictures of these galaxies need not be there. */
    Lesson read(Set<String> lost) {
        Roster.Read read = roster.read(catalog);
        Catalogue table = read.table();
        List<Task> tasks = new ArrayList<>();
        if (tree != null) {
            campaigns(tree).forEach(each -> tasks.add(new Task.Votes(Schema.of(each))));
        }
        label.forEach(each -> tasks.add(Labels.task(table, Labels.Wanted.of(each), smoothing)));
        LabelCheck.once(tasks);
        ImageFolder folder = ImageFolder.of(Catalogue.images(catalog, images)).without(lost);
        Catalogue used = there(table, folder, read.notes());
        LabelCheck.parts(used, tasks);
        Examples train = labelled(used, folder, tasks, Split.TRAIN, read.notes());
        return new Lesson(
                table,
                ClassWeights.parse(classWeights).of(tasks, train),
                train,
                labelled(used, folder, tasks, Split.VALID, read.notes()),
                roster.about(),
                read.notes(),
                List.of());
    }

    private Examples labelled(Catalogue table, ImageFolder folder, List<Task> tasks, Split part, List<String> notes) {
        Examples all = examples(table, folder, tasks, part);
        Examples known = Labels.known(tasks, all);
        if (known.size() < all.size()) {
            notes.add(all.size() - known.size() + " of the " + all.size() + " galaxies of "
                    + part.name().toLowerCase(Locale.ROOT) + " have no label and are left out");
        }
        return known;
    }

    /** {@code A+B}: a tree for each campaign; a galaxy that was not in one has no votes there, which cost nothing. */
    private static List<String> campaigns(String tree) {
        return Files.exists(Path.of(tree)) ? List.of(tree) : List.of(tree.split("\\+"));
    }

    private Catalogue there(Catalogue table, ImageFolder folder, List<String> notes) {
        if (!roster.skipMissing()) {
            return table;
        }
        Catalogue there = table.withImages(folder);
        if (there.size() < table.size()) {
            notes.add(table.size() - there.size() + " of " + table.size() + " galaxies have no image in " + folder
                    + " and are left out");
        }
        return there;
    }

    /**
     * The training galaxies with their labels for the tasks of a model, for a loop written by hand.
     *
     * @throws hoag.kernels.DataException when catalogue, labels or pictures cannot be used
     */
    public Examples examples(List<Task> tasks) {
        Catalogue table = roster.read(catalog).table();
        ImageFolder folder = ImageFolder.of(Catalogue.images(catalog, images));
        return examples(there(table, folder, new ArrayList<>()), folder, tasks, Split.TRAIN);
    }

    /** The galaxies of a part, for the same tasks. */
    Examples part(Lesson lesson, Split part) {
        ImageFolder folder = ImageFolder.of(Catalogue.images(catalog, images));
        return examples(there(lesson.table, folder, new ArrayList<>()), folder, lesson.tasks, part);
    }

    private Examples examples(Catalogue table, ImageFolder folder, List<Task> tasks, Split part) {
        return Labels.examples(
                table.part(part), folder, tasks, votes == null ? OptionalDouble.empty() : OptionalDouble.of(votes));
    }
}
