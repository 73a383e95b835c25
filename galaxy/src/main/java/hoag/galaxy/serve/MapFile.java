package hoag.galaxy.serve;

import hoag.galaxy.map.Column;
import hoag.galaxy.map.SurveyMap;
import hoag.galaxy.survey.Survey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** The map beside the survey that is served, read into memory; read anew when its file has changed, or the survey has grown. */
final class MapFile {
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private final Served served;
    private Read read;
    private long looked;

    MapFile(Served served) {
        this.served = served;
    }

    /**
     * A map and what follows from it.
     *
     * @param said how it was made
     * @param behind words for people where the survey has galaxies without a place, else empty
     */
    record Read(
            String state,
            Survey survey,
            Plane plane,
            MapTiles tiles,
            MapDensity density,
            MapColumns columns,
            String said,
            String behind) {}

    /**
     * The map as it is.
     *
     * @return empty where there is none
     * @throws hoag.kernels.HoagException when it is damaged, or that of another survey
     */
    synchronized Optional<Read> now() {
        Survey survey = served.survey();
        if (read == null || read.survey() != survey || System.nanoTime() - looked > LOOK) {
            String state = state(SurveyMap.beside(survey.path()));
            if (read == null || read.survey() != survey || !read.state().equals(state)) {
                read = state.isEmpty() ? null : read(survey, state);
            }
            looked = System.nanoTime();
        }
        return Optional.ofNullable(read);
    }

    /** @throws Refusal when there is none */
    Read there() {
        return now().orElseThrow(() -> Refusal.notFound("the survey has no map yet; make one by: " + command()));
    }

    /** @throws Refusal when there is none, or another than the call is about */
    Read there(Call call) {
        Read map = there();
        String version = call.text("version");
        if (!version.isEmpty() && !version.equals(map.plane().version())) {
            throw new Refusal(409, "the map has changed; ask /map again");
        }
        return map;
    }

    /** Makes a map. */
    String command() {
        String name = served.survey().path().toString();
        return "hoag map " + (name.matches("[\\w./+-]+") ? name : "'" + name.replace("'", "'\\''") + "'");
    }

    private static String state(Path path) {
        try {
            BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
            return Long.toString(is.lastModifiedTime().to(TimeUnit.MILLISECONDS), 36) + Long.toString(is.size(), 36);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Read read(Survey survey, String state) {
        try (SurveyMap map = SurveyMap.open(survey).orElse(null)) {
            if (map == null || map.made().isEmpty()) {
                return null;
            }
            String version = state + Integer.toString(survey.size(), 36);
            Plane plane = new Plane(
                    version,
                    places(survey, map, true),
                    places(survey, map, false),
                    map.columns().stream().map(column -> extra(survey, column)).toList());
            return new Read(
                    state,
                    survey,
                    plane,
                    MapTiles.of(plane),
                    MapDensity.of(plane),
                    new MapColumns(survey, plane),
                    map.made().get().toString(),
                    map.behind(survey));
        }
    }

    private static float[] places(Survey survey, SurveyMap map, boolean across) {
        float[] places = new float[survey.size()];
        Arrays.fill(places, Float.NaN);
        for (int row = 0; row < Math.min(places.length, map.size()); row++) {
            places[row] = across ? map.x(row) : map.y(row);
        }
        return places;
    }

    private static Plane.Extra extra(Survey survey, Column column) {
        double[] values = new double[survey.size()];
        Arrays.setAll(values, column::value);
        boolean labels = column.labels();
        IntFunction<String> text = row -> text(values[row], labels);
        return new Plane.Extra(column.name(), labels, text);
    }

    private static String text(double value, boolean label) {
        return Double.isNaN(value) ? "" : label ? Integer.toString((int) value) : Float.toString((float) value);
    }
}
