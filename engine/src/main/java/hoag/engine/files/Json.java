package hoag.engine.files;

import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * JSON (RFC 8259), strictly: no comments, no trailing commas, no NaN, no name twice in one object, no half of a surrogate pair, no more than
 * {@value #DEEPEST} levels.
 *
 * <p>Values are {@code Map<String, Object>} in the order of the file, {@code List<Object>}, {@code String}, {@code Long} (whole numbers without
 * fraction and exponent that fit), {@code Double} (all other numbers), {@code Boolean} and {@code null}. {@link JsonNode} reads them with errors
 * that name the place.
 *
 * <pre>{@code
 * double rate = Json.read(path).get("training").get("rate").number();   // or: model.json: training.rate is missing
 * Json.write(path, Map.of("rate", 0.001));
 * }</pre>
 */
public final class Json {
    static final int DEEPEST = 128;

    private Json() {}

    /**
     * Reads a UTF-8 file.
     *
     * @throws DataException when the file cannot be read
     * @throws FormatException when it is no JSON
     */
    public static JsonNode read(Path path) {
        try {
            return parse(path.toString(), decode(path.toString(), ByteBuffer.wrap(Files.readAllBytes(path))));
        } catch (IOException e) {
            throw AtomicFile.cannotRead(path, e);
        }
    }

    /**
     * Reads a text.
     *
     * @param source what errors call it: {@code source: line 3, column 7: ...}
     * @throws FormatException when it is no JSON
     */
    public static JsonNode parse(String source, CharSequence text) {
        return new JsonNode(source, "", new JsonParser(source, text.toString()).document());
    }

    /** The text of UTF-8 bytes, or one error. */
    static String decode(String source, ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException("%s: is not UTF-8 text".formatted(source), e);
        }
    }

    /**
     * On one line, without spaces. Besides what {@link #parse} gives this takes every {@code Number}, {@code Iterable}, array, record (its
     * components), enum (its name), {@code Optional} (null when empty) and {@link JsonNode}. Doubles and floats come back with the same bits.
     *
     * @throws FormatException for NaN, infinities and other types, naming the place
     */
    public static String compact(Object value) {
        return new JsonPrinter(false).print(value);
    }

    /** For people: two spaces per level; lists of plain values on one line. Takes and throws what {@link #compact} does. */
    public static String pretty(Object value) {
        return new JsonPrinter(true).print(value) + "\n";
    }

    /** Writes {@link #pretty} text whole or not at all. */
    public static void write(Path path, Object value) {
        AtomicFile.writeText(path, pretty(value));
    }
}
