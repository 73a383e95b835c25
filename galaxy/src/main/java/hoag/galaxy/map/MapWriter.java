package hoag.galaxy.map;

import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.galaxy.survey.Survey;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Changes the map beside a survey: the file is written anew under a temporary name and renamed, so that a kill leaves the old one, and readers
 * keep what they have opened. Writers of several processes wait for each other ({@code survey.hoag.map.lock}), so that neither loses a column.
 */
public final class MapWriter {
    private static final Object ONE_OF_THIS_PROCESS = new Object();

    private MapWriter() {}

    /**
     * Gives every galaxy a place, the columns stay.
     *
     * @param places (rows, 2): the first rows of the survey
     * @param basis what new galaxies are placed by, with names of its own
     * @throws DataException when the file cannot be written
     */
    public static void places(Survey survey, Made made, float[][] places, List<TensorData> basis) {
        change(survey, (tensors, said) -> {
            tensors.keySet().removeIf(name -> name.startsWith(SurveyMap.BASIS));
            put(tensors, SurveyMap.X, axis(places, 0));
            put(tensors, SurveyMap.Y, axis(places, 1));
            basis.forEach(each -> put(tensors, SurveyMap.BASIS + each.name(), each));
            said.put(SurveyMap.MADE, made.json());
        });
    }

    /**
     * Adds columns, or replaces those of the same names.
     *
     * @throws DataException when the file cannot be written
     */
    public static void columns(Survey survey, Column... columns) {
        change(survey, (tensors, said) -> {
            for (Column column : columns) {
                put(tensors, SurveyMap.COLUMN + column.name(), column.data());
                said.put(SurveyMap.COLUMN + column.name(), column.made().json());
            }
        });
    }

    /**
     * Takes a column away.
     *
     * @throws DataException when the file cannot be written
     */
    public static void remove(Survey survey, String column) {
        change(survey, (tensors, said) -> {
            tensors.remove(SurveyMap.COLUMN + column);
            said.remove(SurveyMap.COLUMN + column);
        });
    }

    private static TensorData axis(float[][] places, int axis) {
        float[] values = new float[places.length];
        for (int row = 0; row < values.length; row++) {
            values[row] = places[row][axis];
        }
        return TensorData.of("", new long[] {values.length}, values);
    }

    private static void put(Map<String, TensorData> tensors, String name, TensorData data) {
        tensors.put(name, data.named(name));
    }

    private static void change(Survey survey, BiConsumer<Map<String, TensorData>, Map<String, String>> change) {
        Path path = SurveyMap.beside(survey.path());
        Path name = path.resolveSibling(path.getFileName() + ".lock");
        synchronized (ONE_OF_THIS_PROCESS) { // a lock is held by a process, not by a thread
            try (FileChannel channel = FileChannel.open(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                write(survey, path, change);
            } catch (IOException e) {
                throw new DataException(name + ": cannot be locked: " + e.getMessage(), e);
            }
        }
    }

    private static void write(
            Survey survey, Path path, BiConsumer<Map<String, TensorData>, Map<String, String>> change) {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        Map<String, String> said = new TreeMap<>();
        try (SurveyMap before = Files.exists(path) ? SurveyMap.open(survey).orElse(null) : null) {
            if (before != null) {
                before.tensors().forEach(each -> tensors.put(each.name(), each));
                said.putAll(before.metadata());
            }
            change.accept(tensors, said);
            said.put("format", SurveyMap.FORMAT);
            Safetensors.write(path, tensors.values(), said);
        }
    }
}
