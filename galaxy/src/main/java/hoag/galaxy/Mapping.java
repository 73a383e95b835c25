package hoag.galaxy;

import hoag.galaxy.data.Outputs;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.Column;
import hoag.galaxy.map.Halfway;
import hoag.galaxy.map.Joined;
import hoag.galaxy.map.Made;
import hoag.galaxy.map.MapFile;
import hoag.galaxy.map.MapSettings;
import hoag.galaxy.map.MapWriter;
import hoag.galaxy.map.Mapper;
import hoag.galaxy.map.Stopped;
import hoag.galaxy.map.SurveyMap;
import hoag.galaxy.survey.Survey;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ForkJoinPool;

/**
 * Gives every galaxy of a survey a place in the plane, the like beside the like, as {@code hoag map}; kept in {@code survey.hoag.map} beside it
 * ({@link SurveyMap}).
 *
 * @param survey made by {@link Index}
 * @param settings how
 * @param placeNew whether the map that is there stays, and galaxies that came since are placed on it; then the settings are the map's own
 * @param out files to write: the plane filled with pictures (.png, .pdf), or a table (.csv)
 * @param file how pictures fill the plane
 * @param seed of everything random
 * @param compute device, threads and precision
 */
public record Mapping(
        Path survey, MapSettings settings, boolean placeNew, List<Path> out, MapFile file, long seed, Compute compute) {
    /** @throws ConfigException when a file to write is of no kind that is known */
    public Mapping {
        out = List.copyOf(out);
        out.forEach(MapFile::check);
    }

    /** By UMAP, on all cores of the CPU. */
    public Mapping(Path survey) {
        this(survey, MapSettings.DEFAULT, false, List.of(), new MapFile(40, 64, false), 42, Compute.cpu());
    }

    /** The same with other {@link #settings}. */
    public Mapping settings(MapSettings settings) {
        return new Mapping(survey, settings, placeNew, out, file, seed, compute);
    }

    /** The same, or new galaxies on the map that is there. */
    public Mapping placeNew(boolean placeNew) {
        return new Mapping(survey, settings, placeNew, out, file, seed, compute);
    }

    /** The same, with files to write. */
    public Mapping out(Path... out) {
        return new Mapping(survey, settings, placeNew, List.of(out), file, seed, compute);
    }

    /** The same with another {@link #file}. */
    public Mapping file(MapFile file) {
        return new Mapping(survey, settings, placeNew, out, file, seed, compute);
    }

    /** The same with another {@link #seed}. */
    public Mapping seed(long seed) {
        return new Mapping(survey, settings, placeNew, out, file, seed, compute);
    }

    /** The same elsewhere. */
    public Mapping compute(Compute compute) {
        return new Mapping(survey, settings, placeNew, out, file, seed, compute);
    }

    /**
     * How it ended.
     *
     * @param galaxies that have a place now
     * @param added of them placed on the map that was there
     * @param method that made the map
     * @param note what was chosen otherwise than for many galaxies; blank for nothing
     * @param finished false when the progress said to stop; then the map is what it was, and the same call goes on
     */
    public record Result(int galaxies, int added, String method, String note, boolean finished) {}

    /**
     * Makes the map, or adds to it, and keeps it. Galaxies that are added come into the groups of {@link Cluster} as well.
     *
     * @throws DataException when the survey has fewer than 3 galaxies, all are the same, or the map cannot be written
     * @throws ConfigException when there are fewer galaxies than neighbours, or no map to place new ones on
     */
    public Result run(Progress progress) {
        out.forEach(Outputs::file);
        try (Survey open = Survey.open(survey);
                Backend backend = compute.open();
                ForkJoinPool pool = compute.pool()) {
            Result result =
                    Compute.within(pool, () -> placeNew ? add(open, backend, progress) : make(open, backend, progress));
            write(open, progress);
            return result;
        } catch (Stopped e) {
            return new Result(0, 0, settings.method().text(), "", false);
        }
    }

    private void write(Survey open, Progress progress) {
        try (SurveyMap map = SurveyMap.open(open).orElseThrow()) {
            for (int i = 0; i < out.size(); i++) {
                progress.at("files", i, out.size(), "");
                file.write(open, map, out.get(i));
            }
        }
    }

    private Result make(Survey open, Backend backend, Progress progress) {
        Made made = settings.of(open.size()).made(open, seed);
        Halfway halfway = Halfway.beside(open, "map", made);
        Mapper.Placed placed = new Mapper(settings, seed, backend).fit(open, halfway, progress);
        MapWriter.places(open, made, placed.places(), placed.basis());
        halfway.done();
        return new Result(open.size(), 0, settings.method().text(), settings.fewer(open.size()), true);
    }

    /** New galaxies come into the groups of those that are like them. */
    private static void joined(Survey open, Backend backend, Progress progress) {
        try (SurveyMap map = SurveyMap.open(open).orElseThrow()) {
            Column[] columns = map.columns().stream()
                    .filter(column -> column.labels() && column.size() < open.size())
                    .map(column -> new Joined(open, map, backend).column(column, progress))
                    .toArray(Column[]::new);
            if (columns.length > 0) {
                MapWriter.columns(open, columns);
            }
        }
    }

    private Result add(Survey open, Backend backend, Progress progress) {
        try (SurveyMap map = SurveyMap.open(open)
                .filter(each -> each.made().isPresent())
                .orElseThrow(() -> new ConfigException(
                        survey + ": has no map to place new galaxies on; make one with hoag map " + survey))) {
            Made made = map.made().orElseThrow();
            float[][] places = new Mapper(MapSettings.of(made), made.seed(), backend).extend(open, map, progress);
            if (places.length > map.size()) {
                MapWriter.places(open, made, places, map.basis());
            }
            joined(open, backend, progress);
            return new Result(places.length, places.length - map.size(), made.method(), "", true);
        }
    }
}
