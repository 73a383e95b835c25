package hoag.galaxy;

import hoag.galaxy.image.Loader;
import hoag.galaxy.image.Transform;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.Progress;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Looks at every picture before a training, as the model will see it, so that none ends it after hours. Galaxies whose pictures cannot be used are left
 * out and listed in {@code OUT.left-out.csv} with the reasons; a run that goes on leaves out what that list names of the time before its first step.
 *
 * @param list where galaxies that are left out are listed
 * @param share of galaxies that may be left out
 */
record Sound(Path list, double share, Compute compute, Progress progress) {
    private static final int BATCH = 32;

    /** The list beside a model. */
    static Path list(Path out) {
        return out.resolveSibling(out.getFileName() + ".left-out.csv");
    }

    /** The galaxies of a run that was interrupted, without those it left out. */
    Labelled.Lesson again(Labelled.Lesson lesson) {
        return lesson.without(LeftOut.read(list).beforeTheFirstStep());
    }

    /**
     * The galaxies whose pictures can be used.
     *
     * @param more further galaxies to look at, a test part for instance
     * @throws DataException when more than the share cannot be used, or a class loses all galaxies to learn from
     */
    Labelled.Lesson of(Labelled.Lesson lesson, Examples more, Transform transform) {
        Examples looked = lesson.train().and(lesson.valid()).and(more);
        Map<String, String> bad = look(looked, transform);
        LeftOut left = LeftOut.of(bad);
        left.write(list);
        if (bad.isEmpty()) {
            return lesson;
        }
        int all = looked.size();
        String what = bad.size() + " of " + all + " galaxies have pictures that cannot be used (all in " + list
                + "; the first: " + bad.values().iterator().next() + ")";
        if (bad.size() > share * all) {
            throw new DataException(what + "; mend them, or let a larger share be left out with --bad-pictures");
        }
        progress.say(what + " and are left out");
        var rest = lesson.without(bad.keySet());
        Set<String> ids = Set.copyOf(rest.train().and(rest.valid()).ids());
        LabelCheck.parts(lesson.table().where(row -> ids.contains(row.id())), lesson.tasks());
        return rest;
    }

    /** By id, why its picture cannot be used. */
    Map<String, String> look(Examples examples, Transform transform) {
        Map<String, String> bad = new LinkedHashMap<>();
        int all = examples.size();
        int done = 0;
        try (Loader loader = new Loader(
                examples.images(),
                transform,
                epoch -> IntStream.range(0, all).toArray(),
                new Loader.Settings(Math.min(BATCH, all), 1, compute.threads(), 2, false),
                failure -> bad.put(
                        examples.ids().get(failure.row()), failure.error().getMessage()))) {
            for (Loader.Batch next = loader.next(); next != null; next = loader.next()) {
                if (progress.stopping()) {
                    throw new CancellationException("stopped while looking at pictures");
                }
                done += next.count();
                progress.at("looking at pictures", done, all, bad.isEmpty() ? "" : bad.size() + " cannot be used");
            }
        }
        return bad;
    }
}
