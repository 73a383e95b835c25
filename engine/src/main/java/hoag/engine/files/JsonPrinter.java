package hoag.engine.files;

import hoag.kernels.FormatException;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes values as JSON text. */
final class JsonPrinter {
    private final boolean pretty;
    private final StringBuilder out = new StringBuilder();

    JsonPrinter(boolean pretty) {
        this.pretty = pretty;
    }

    String print(Object value) {
        value(value, "", 0);
        return out.toString();
    }

    /** A string as JSON writes it. */
    static String quoted(String text) {
        return '"' + plain(text) + '"';
    }

    /** A string without line breaks and control characters, for errors. */
    static String plain(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) out.append(escaped(text.charAt(i)));
        return out.toString();
    }

    private static String escaped(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> c < ' ' || c == 0x7f ? "\\u%04x".formatted((int) c) : String.valueOf(c);
        };
    }

    private void value(Object value, String path, int depth) {
        if (depth > Json.DEEPEST)
            throw new FormatException("json: %s is more than %d levels deep".formatted(place(path), Json.DEEPEST));
        switch (value) {
            case null -> out.append("null");
            case JsonNode node -> value(node.value(), path, depth);
            case Optional<?> optional -> value(optional.orElse(null), path, depth);
            case CharSequence text -> out.append(string(text.toString(), path));
            case Enum<?> constant -> out.append(quoted(constant.name()));
            case Boolean truth -> out.append(truth);
            case Number number -> out.append(number(number, path));
            case Map<?, ?> map -> object(map, path, depth);
            case Record record -> object(components(record), path, depth);
            case Iterable<?> items -> array(list(items), path, depth);
            case Object array when array.getClass().isArray() -> array(list(array), path, depth);
            default ->
                throw new FormatException("json: %s is a %s, which JSON cannot hold"
                        .formatted(place(path), value.getClass().getName()));
        }
    }

    private static String string(String text, String path) {
        if (!java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new FormatException("json: %s holds half of a surrogate pair".formatted(place(path)));
        }
        return quoted(text);
    }

    private static String number(Number number, String path) {
        if (!Double.isFinite(number.doubleValue()) && !(number instanceof java.math.BigInteger)) {
            throw new FormatException(
                    "json: %s is %s, which JSON cannot hold; write null or a string".formatted(place(path), number));
        }
        return number.toString();
    }

    private static String place(String path) {
        return path.isEmpty() ? "the value" : path;
    }

    private void object(Map<?, ?> map, String path, int depth) {
        out.append('{');
        String comma = "";
        for (var entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            out.append(comma);
            newLine(depth + 1);
            out.append(string(name, path)).append(pretty ? ": " : ":");
            value(entry.getValue(), JsonNode.member(path, name), depth + 1);
            comma = ",";
        }
        if (!map.isEmpty()) newLine(depth);
        out.append('}');
    }

    private void array(List<?> items, String path, int depth) {
        boolean broken = pretty && items.stream().anyMatch(JsonPrinter::isNested);
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) out.append(pretty && !broken ? ", " : ",");
            if (broken) newLine(depth + 1);
            value(items.get(i), path + "[" + i + "]", depth + 1);
        }
        if (broken) newLine(depth);
        out.append(']');
    }

    private static boolean isNested(Object value) {
        Object plain = value instanceof JsonNode node ? node.value() : value;
        return plain instanceof Map
                || plain instanceof Iterable
                || plain instanceof Record
                || plain != null && plain.getClass().isArray();
    }

    private void newLine(int depth) {
        if (pretty) out.append('\n').repeat("  ", depth);
    }

    private static Map<String, Object> components(Record record) {
        var map = new LinkedHashMap<String, Object>();
        for (RecordComponent component : record.getClass().getRecordComponents())
            map.put(component.getName(), component(record, component));
        return map;
    }

    private static Object component(Record record, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new FormatException(
                    "json: cannot read %s of %s"
                            .formatted(component.getName(), record.getClass().getName()),
                    e);
        }
    }

    private static List<Object> list(Iterable<?> items) {
        var list = new ArrayList<>();
        items.forEach(list::add);
        return list;
    }

    private static List<Object> list(Object array) {
        var list = new ArrayList<>(Array.getLength(array));
        for (int i = 0; i < Array.getLength(array); i++) list.add(Array.get(array, i));
        return list;
    }
}
