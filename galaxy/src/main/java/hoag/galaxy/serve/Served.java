package hoag.galaxy.serve;

import hoag.galaxy.Compute;
import hoag.galaxy.Model;
import hoag.galaxy.labels.LabelStore;
import hoag.galaxy.learn.Task;
import hoag.galaxy.survey.Condition;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.tree.Schema;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.HoagException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What a server has open.
 *
 * @param galaxies the survey, as it grows
 * @param model looks at pictures; null where the survey's model is not at hand
 * @param pictures the galaxies' picture files
 * @param labels what people said
 * @param trees decision trees to label by, the model's first
 * @param backend computes distances
 * @param compute where
 * @param seed of the order in which galaxies are offered
 */
record Served(
        Growing galaxies,
        Model model,
        PictureFiles pictures,
        LabelStore labels,
        List<Schema> trees,
        Backend backend,
        Compute compute,
        long seed)
        implements AutoCloseable {
    /** @throws HoagException when something cannot be opened; then nothing stays open */
    static Served open(
            Path survey, Path model, List<Path> images, Path labels, List<String> trees, Compute compute, long seed) {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            PictureFiles pictures = PictureFiles.of(images);
            Growing galaxies = keep(open, new Growing(survey));
            Model looks = keep(open, model(galaxies.now(), model, seed, compute));
            LabelStore said = keep(open, LabelStore.open(labels == null ? LabelStore.beside(survey) : labels));
            return new Served(
                    galaxies, looks, pictures, said, trees(looks, trees), keep(open, compute.open()), compute, seed);
        } catch (RuntimeException | Error e) {
            open.reversed().forEach(Served::close);
            throw e;
        }
    }

    private static <T extends AutoCloseable> T keep(List<AutoCloseable> open, T one) {
        if (one != null) {
            open.add(one);
        }
        return one;
    }

    /** Without being asked for, a model that is not where it was is no error: everything but new pictures works without it. */
    private static Model model(Survey survey, Path file, long seed, Compute compute) {
        try {
            return Model.of(survey, file, seed, compute);
        } catch (HoagException e) {
            if (file != null) {
                throw e;
            }
            return null;
        }
    }

    private static List<Schema> trees(Model model, List<String> chosen) {
        List<Schema> trees = new ArrayList<>();
        chosen.forEach(name -> add(trees, Schema.of(name)));
        if (model != null) {
            for (Task task : model.tasks()) {
                if (task instanceof Task.Votes(Schema schema)) {
                    add(trees, schema);
                }
            }
        }
        Schema.names().forEach(name -> add(trees, Schema.named(name)));
        return List.copyOf(trees);
    }

    private static void add(List<Schema> trees, Schema tree) {
        if (trees.stream().noneMatch(known -> known.name().equals(tree.name()))) {
            trees.add(tree);
        }
    }

    /** @throws Refusal when there is no such tree */
    Schema tree(String name) {
        return trees.stream()
                .filter(tree -> tree.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("there is no tree of that name; /trees lists them"));
    }

    /** The survey as it is now; a row that it has it keeps. */
    Survey survey() {
        return galaxies.now();
    }

    /** @throws Refusal when the survey has no such galaxy */
    int row(String id) {
        int row = survey().find(id);
        if (row < 0) {
            throw Refusal.notFound("the survey has no galaxy of that id");
        }
        return row;
    }

    /**
     * Which galaxies fulfil a condition on what the catalogue says of them.
     *
     * @param where blank for all
     * @throws Refusal when it is no condition, or there is no such column; says where
     */
    IntPredicate where(String where) {
        if (where.isBlank()) {
            return row -> true;
        }
        Survey survey = survey();
        try {
            return Condition.parse(where).of(survey);
        } catch (ConfigException e) {
            throw Refusal.badRequest(
                    e.getMessage().replaceFirst("^--where", "where").replace(survey + " has", "the survey has"));
        }
    }

    /** What tells the model of the survey from others. */
    String fingerprint() {
        return survey().info().model();
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            System.getLogger(Served.class.getName()).log(System.Logger.Level.WARNING, one + ": not closed", e);
        }
    }

    @Override
    public void close() {
        close(backend);
        close(labels);
        if (model != null) {
            close(model);
        }
        close(galaxies);
    }
}
