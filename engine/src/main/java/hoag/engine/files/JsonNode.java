package hoag.engine.files;

import hoag.kernels.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value that knows where it stands, so that every error can say so: {@code model.json: layers[2].kernel: want a whole number, found
 * "three"}. Every reading method throws {@link FormatException} when the value is of another kind.
 *
 * @param source the file or whatever else it was read from
 * @param path names and indices from the top; empty at the top
 * @param value see {@link Json}
 */
public record JsonNode(String source, String path, Object value) {
    private static final int SHOWN = 40;

    /** The member of an object. */
    public JsonNode get(String name) {
        return find(name)
                .orElseThrow(() -> new FormatException("%s: %s is missing".formatted(source, member(path, name))));
    }

    /** The member of an object, if it is there; a null is there. */
    public Optional<JsonNode> find(String name) {
        var members = object();
        return members.containsKey(name)
                ? Optional.of(new JsonNode(source, member(path, name), members.get(name)))
                : Optional.empty();
    }

    /** The item of a list, from 0. */
    public JsonNode at(int index) {
        var items = items();
        if (index < 0 || index >= items.size())
            throw new FormatException("%s: no item %d, it has %d".formatted(place(), index, items.size()));
        return items.get(index);
    }

    /** The items of a list. */
    public List<JsonNode> items() {
        if (!(value instanceof List<?> list)) throw want("a list");
        var items = new ArrayList<JsonNode>(list.size());
        for (int i = 0; i < list.size(); i++) items.add(new JsonNode(source, path + "[" + i + "]", list.get(i)));
        return items;
    }

    /** The members of an object, in the order of the file. */
    public Map<String, JsonNode> members() {
        var members = new LinkedHashMap<String, JsonNode>();
        object().forEach((name, member) ->
                members.put((String) name, new JsonNode(source, member(path, (String) name), member)));
        return members;
    }

    /** The text; a {@link hoag.kernels.FormatException} if it is none. */
    public String string() {
        if (value instanceof String text) return text;
        throw want("a string");
    }

    /** A number, whole or not. */
    public double number() {
        if (value instanceof Number number) return number.doubleValue();
        throw want("a number");
    }

    /** A whole number written without fraction and exponent. */
    public long whole() {
        if (value instanceof Long number) return number;
        throw want("a whole number");
    }

    /** A whole number of 32 bits. */
    public int integer() {
        if (value instanceof Long number && number == number.intValue()) return number.intValue();
        throw want("a whole number of 32 bits");
    }

    /** True or false; a {@link hoag.kernels.FormatException} if it is neither. */
    public boolean truth() {
        if (value instanceof Boolean truth) return truth;
        throw want("true or false");
    }

    /** Whether it is null. */
    public boolean isNull() {
        return value == null;
    }

    /** A list of texts; a {@link hoag.kernels.FormatException} if it is none. */
    public List<String> strings() {
        return items().stream().map(JsonNode::string).toList();
    }

    /** A list of numbers; a {@link hoag.kernels.FormatException} if it is none. */
    public double[] numbers() {
        return items().stream().mapToDouble(JsonNode::number).toArray();
    }

    /** A list of whole numbers; a {@link hoag.kernels.FormatException} if it is none. */
    public long[] wholes() {
        return items().stream().mapToLong(JsonNode::whole).toArray();
    }

    /** An error about this value: {@code source: path: what}. */
    public FormatException error(String what) {
        return new FormatException("%s: %s".formatted(place(), what));
    }

    static String member(String path, String name) {
        return path.isEmpty() ? JsonPrinter.plain(name) : path + "." + JsonPrinter.plain(name);
    }

    private Map<?, ?> object() {
        if (value instanceof Map<?, ?> map) return map;
        throw want("an object");
    }

    private String place() {
        return path.isEmpty() ? source : source + ": " + path;
    }

    private FormatException want(String kind) {
        String found = switch (value) {
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "a list";
            case String text -> JsonPrinter.quoted(text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text);
            case null, default -> String.valueOf(value);
        };
        return error("want %s, found %s".formatted(kind, found));
    }
}
