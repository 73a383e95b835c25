package hoag.galaxy.map;

import hoag.engine.files.DType;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.galaxy.survey.Survey;
import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The map of a survey as it was when it was opened, in {@code survey.hoag.map} beside it: a place in the plane and any number of columns for every
 * galaxy, by the survey's row. It is a safetensors file that is mapped, so that a million galaxies cost nothing until they are looked at:
 * {@code map.x} and {@code map.y} (float32), {@code column.NAME} (int32 labels, -1 for none, or float32, NaN if unknown), {@code basis.*} (what
 * new galaxies are placed by), and how each was made among the metadata. {@link MapWriter} replaces the file as a whole, so that whoever reads
 * keeps what it opened. Any number of threads may call it.
 *
 * <p>A page reads it like this; the survey may be larger than its map, then the last rows have no place yet:
 *
 * <pre>{@code
 * try (Survey survey = Survey.open(path); SurveyMap map = SurveyMap.open(survey).orElseThrow()) {
 *     ByteBuffer x = map.xs().asByteBuffer();                        // 4 bytes a galaxy, little-endian: send as it is
 *     ByteBuffer y = map.ys().asByteBuffer();
 *     for (Column column : map.columns()) {
 *         column.bytes();                                             // the same; column.labels() tells int32 from float32
 *     }
 *     map.made().orElseThrow();                                       // method, seed, settings, model, objects
 *     String old = map.behind(survey);                                // "" or words for people: the survey has grown since
 * }
 * }</pre>
 */
public final class SurveyMap implements AutoCloseable {
    static final String FORMAT = "hoag-map";
    static final String X = "map.x";
    static final String Y = "map.y";
    static final String COLUMN = "column.";
    static final String BASIS = "basis.";
    static final String MADE = "map";
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final Safetensors file;
    private final Made made;
    private final MemorySegment x;
    private final MemorySegment y;
    private final List<Column> columns = new ArrayList<>();

    private SurveyMap(Path path, Safetensors file) {
        this.path = path;
        this.file = file;
        Map<String, String> said = file.metadata();
        if (!FORMAT.equals(said.get("format"))) {
            throw new FormatException(path + ": is no map of a survey; delete it and make one with hoag map");
        }
        made = said.containsKey(MADE) ? Made.parse(path.toString(), said.get(MADE)) : null;
        x = made == null ? MemorySegment.NULL : axis(X);
        y = made == null ? MemorySegment.NULL : axis(Y);
        if (x.byteSize() != y.byteSize()) {
            throw new FormatException(path + ": has " + x.byteSize() / 4 + " x and " + y.byteSize() / 4
                    + " y; delete it and make it again");
        }
        for (String name : new java.util.TreeSet<>(file.names())) {
            if (name.startsWith(COLUMN)) {
                columns.add(column(name.substring(COLUMN.length()), said.get(name)));
            }
        }
    }

    private MemorySegment axis(String name) {
        TensorData data = file.get(name);
        if (data.dtype() != DType.F32 || data.shape().length != 1) {
            throw new FormatException(path + ": " + name + " is " + data + "; want F32 of one axis");
        }
        return data.data();
    }

    private Column column(String name, String said) {
        if (said == null) {
            throw new FormatException(
                    path + ": nothing is said of column " + name + "; delete the file, make it again");
        }
        return new Column(name, Made.parse(path.toString(), said), file.get(COLUMN + name));
    }

    /** The name of the file beside a survey. */
    public static Path beside(Path survey) {
        return survey.resolveSibling(survey.getFileName() + ".map");
    }

    /**
     * Opens the map beside a survey; empty where there is none.
     *
     * @throws FormatException when it is damaged
     * @throws DataException when it is that of another survey: the galaxies it was made on are not the survey's first
     */
    public static Optional<SurveyMap> open(Survey survey) {
        Path path = beside(survey.path());
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        SurveyMap map = read(path);
        try {
            if (map.made != null) {
                map.mustFit(survey, map.made, "the map");
            }
            map.columns.forEach(column -> map.mustFit(survey, column.made(), "column " + column.name()));
        } catch (RuntimeException e) {
            map.close();
            throw e;
        }
        return Optional.of(map);
    }

    private static SurveyMap read(Path path) {
        Safetensors file = Safetensors.open(path);
        try {
            return new SurveyMap(path, file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void mustFit(Survey survey, Made made, String what) {
        if (!made.fits(survey)) {
            throw new DataException(path + ": " + what + " was made of " + made.objects() + " galaxies that are not"
                    + " those of " + survey.path() + "; delete the file and make it again with hoag map, hoag cluster");
        }
    }

    /** How the places were made; empty where there are columns only. */
    public Optional<Made> made() {
        return Optional.ofNullable(made);
    }

    /** Rows that have a place: the first of the survey. */
    public int size() {
        return (int) (x.byteSize() / 4);
    }

    /** Where a galaxy lies, to the right. */
    public float x(int row) {
        return x.get(FLOAT, 4L * row);
    }

    /** Where a galaxy lies, upwards. */
    public float y(int row) {
        return y.get(FLOAT, 4L * row);
    }

    /** All x, 4 bytes each, little-endian, as they stand in the file. */
    public MemorySegment xs() {
        return x;
    }

    /** All y, 4 bytes each, little-endian, as they stand in the file. */
    public MemorySegment ys() {
        return y;
    }

    /** All places: (rows, 2). */
    public float[][] places() {
        float[][] places = new float[size()][];
        for (int row = 0; row < places.length; row++) {
            places[row] = new float[] {x(row), y(row)};
        }
        return places;
    }

    /** All columns by name. */
    public List<Column> columns() {
        return List.copyOf(columns);
    }

    /** The column of this name. */
    public Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** Words for people when the survey has galaxies without a place; empty when every one has. */
    public String behind(Survey survey) {
        return size() == survey.size() || made == null
                ? ""
                : "the map has " + size() + " of " + survey.size() + " galaxies: hoag map "
                        + survey.path().getFileName()
                        + " --place-new places the others among them, hoag map makes it anew";
    }

    /** What new galaxies are placed by, if the method has it: {@code mean}, {@code components} ... */
    Optional<TensorData> basis(String name) {
        return file.find(BASIS + name);
    }

    /** All of what new galaxies are placed by. */
    public List<TensorData> basis() {
        return file.tensors().stream()
                .filter(each -> each.name().startsWith(BASIS))
                .map(each -> each.named(each.name().substring(BASIS.length())))
                .toList();
    }

    List<TensorData> tensors() {
        return List.copyOf(file.tensors());
    }

    Map<String, String> metadata() {
        return file.metadata();
    }

    /** Gives the mapping back. */
    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
