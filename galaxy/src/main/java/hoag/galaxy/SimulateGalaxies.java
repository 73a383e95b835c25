package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.image.ContactSheet;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Thumbnails;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.simulate.GalaxyKind;
import hoag.galaxy.simulate.Morphology;
import hoag.galaxy.simulate.Observation;
import hoag.galaxy.simulate.SimulatedGalaxy;
import hoag.galaxy.simulate.SimulatedSet;
import hoag.galaxy.simulate.Volunteers;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Simulated galaxies with a catalogue, as {@code hoag simulate galaxies}: {@code OUT/images/*.png} (or FITS), {@code OUT/galaxies.csv} with id, file, split, {@code simulated} = yes,
 * {@code rare}, the truth ({@link Morphology#columns()}: {@code kind} and the numbers behind the picture) and votes in the columns of Galaxy Zoo 2's tree, and {@code OUT/sheet.png}, a row of examples
 * for each kind. (seed, number) says everything of a galaxy, so the same command makes the same bytes with any number of threads.
 *
 * @param out the folder
 * @param count galaxies, from 20
 * @param rare share of each of the five rare kinds, 0..0.15; of each at least one where it is above 0
 * @param observation pixels, seeing, noise, people, kind of file
 * @param threads how many make them
 * @param seed another seed, other galaxies
 */
public record SimulateGalaxies(Path out, int count, double rare, Observation observation, int threads, long seed) {
    private static final int LEAST = 20;
    private static final int ACROSS = 10;
    private static final int CHUNK = 256;

    /** @throws ConfigException when a value is out of its range */
    public SimulateGalaxies {
        if (count < LEAST || count > 10_000_000) {
            throw new ConfigException("--count " + count + " is not allowed; it must be 20..10000000");
        }
        if (!(rare >= 0 && rare <= 0.15)) {
            throw new ConfigException("--rare " + rare + " is not allowed; it must be 0..0.15 for each rare kind");
        }
        if (threads < 1 || threads > 1024) {
            throw new ConfigException("--threads " + threads + " is not allowed; it must be 1..1024");
        }
    }

    /** One in a hundred of each rare kind, 64 pixels, PNG. */
    public SimulateGalaxies(Path out, int count) {
        this(out, count, 0.01, Observation.DEFAULT, Runtime.getRuntime().availableProcessors(), 42);
    }

    /** Another share of rare kinds. */
    public SimulateGalaxies rare(double share) {
        return new SimulateGalaxies(out, count, share, observation, threads, seed);
    }

    /** Looked at otherwise. */
    public SimulateGalaxies observation(Observation other) {
        return new SimulateGalaxies(out, count, rare, other, threads, seed);
    }

    /** Another seed. */
    public SimulateGalaxies seed(long other) {
        return new SimulateGalaxies(out, count, rare, observation, threads, other);
    }

    /**
     * How it ended.
     *
     * @param catalogue the table
     * @param sheet the picture of examples
     * @param kinds how many of each
     * @param finished false when the progress said to stop: there is no table then
     */
    public record Result(Path catalogue, Path sheet, Map<GalaxyKind, Integer> kinds, boolean finished) {}

    /** @throws hoag.kernels.DataException when the folder cannot be written */
    public Result run(Progress progress) {
        Path images = Outputs.folder(Outputs.folder(out).resolve("images"));
        Path catalogue = out.resolve("galaxies.csv");
        Path sheet = out.resolve("sheet.png");
        Outputs.remove(catalogue); // it is of other galaxies from now on
        var set = new SimulatedSet(count, rare, observation, seed);
        List<String> rows = new ArrayList<>(List.of(header()));
        try (var pool = new java.util.concurrent.ForkJoinPool(threads)) {
            for (int from = 0; from < count; from += CHUNK) {
                if (progress.stopping()) {
                    return new Result(catalogue, sheet, set.kinds(), false);
                }
                int to = Math.min(count, from + CHUNK);
                int first = from;
                rows.addAll(pool.submit(() -> IntStream.range(first, to)
                                .parallel()
                                .mapToObj(number -> set.write(images, number))
                                .toList())
                        .join());
                progress.at("galaxies", to, count, "");
            }
        }
        Thumbnails.write(sheet(set), sheet);
        AtomicFile.writeText(catalogue, String.join("\n", rows) + "\n");
        return new Result(catalogue, sheet, set.kinds(), true);
    }

    private static String header() {
        List<String> names = new ArrayList<>(List.of("id", "file", "split", "simulated", "rare"));
        names.addAll(Morphology.columns());
        names.addAll(Volunteers.columns());
        return String.join(",", names);
    }

    /** A row for each kind, of galaxies that are none of the set's. */
    private Picture.Bytes sheet(SimulatedSet set) {
        List<Picture> pictures = new ArrayList<>();
        for (GalaxyKind kind : set.kinds().keySet()) {
            for (int i = 0; i < ACROSS; i++) {
                long number = -1L - kind.ordinal() * ACROSS - i;
                pictures.add(SimulatedGalaxy.of(kind, observation, seed, number).picture());
            }
        }
        return new ContactSheet(ACROSS, Math.min(128, observation.size()), 2).of(pictures);
    }
}
