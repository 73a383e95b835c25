package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The cells of a curve on disk: a line for each score, and at the top what the run was, so that only the same one goes on. */
final class CurveTable {
    private static final String HEADER = "start,galaxies,repeat,task,metric,value";

    private final Path file;
    private final String first;
    private final List<Line> lines = new ArrayList<>();

    record Line(String start, int galaxies, int repeat, String task, String metric, double value) {
        String text() {
            return String.format(Locale.ROOT, "%s,%d,%d,%s,%s,%.6f", start, galaxies, repeat, task, metric, value);
        }

        static Line of(String text) {
            String[] parts = text.split(",");
            return new Line(
                    parts[0],
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    parts[3],
                    parts[4],
                    Double.parseDouble(parts[5]));
        }
    }

    /** @param fingerprint of data and settings */
    CurveTable(Path file, String fingerprint, boolean fresh) {
        this.file = file;
        first = "# " + fingerprint;
        if (!fresh && Files.exists(file)) {
            List<String> text = read(file);
            if (text.isEmpty() || !text.getFirst().equals(first)) {
                throw new ConfigException(file
                        + " belongs to a run with other data or settings; give --fresh to start anew, or"
                        + " another --out");
            }
            text.stream().skip(2).forEach(line -> lines.add(Line.of(line)));
        }
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    boolean has(String start, int galaxies, int repeat) {
        return lines.stream()
                .anyMatch(line -> line.start.equals(start) && line.galaxies == galaxies && line.repeat == repeat);
    }

    void add(String start, int galaxies, int repeat, Map<String, Map<String, Double>> scores) {
        scores.forEach((task, of) ->
                of.forEach((metric, value) -> lines.add(new Line(start, galaxies, repeat, task, metric, value))));
        StringBuilder text =
                new StringBuilder(first).append('\n').append(HEADER).append('\n');
        lines.forEach(line -> text.append(line.text()).append('\n'));
        AtomicFile.writeText(file, text);
    }

    /** Over the repeats, in the order in which they were first written. */
    List<Curve.Mean> means() {
        Map<List<Object>, List<Double>> groups = new LinkedHashMap<>();
        lines.forEach(line -> groups.computeIfAbsent(
                        List.of(line.start, line.galaxies, line.task, line.metric), ignored -> new ArrayList<>())
                .add(line.value));
        List<Curve.Mean> means = new ArrayList<>();
        groups.forEach((key, values) -> {
            double[] all = values.stream().mapToDouble(value -> value).toArray();
            double mean = Arrays.stream(all).average().orElseThrow();
            double squares =
                    Arrays.stream(all).map(v -> (v - mean) * (v - mean)).sum();
            means.add(new Curve.Mean(
                    (String) key.get(0),
                    (Integer) key.get(1),
                    (String) key.get(2),
                    (String) key.get(3),
                    mean,
                    Math.sqrt(squares / Math.max(1, all.length - 1)),
                    all.length));
        });
        return means;
    }
}
