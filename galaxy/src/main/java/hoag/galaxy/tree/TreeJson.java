package hoag.galaxy.tree;

import hoag.kernels.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the JSON of a tree: objects, lists, texts and null, which is all that a tree has. */
final class TreeJson {
    private static final int DEEPEST = 32;

    private final String text;
    private int at;

    private TreeJson(String text) {
        this.text = text;
    }

    static Map<?, ?> object(String text) {
        var reader = new TreeJson(text);
        var value = reader.value(0);
        if (reader.peek() != 0) throw reader.wrong("the end");
        if (value instanceof Map<?, ?> map) return map;
        throw new FormatException("not a JSON object; want {\"name\", \"questions\"}");
    }

    private Object value(int depth) {
        if (depth > DEEPEST) throw wrong("fewer brackets");
        return switch (peek()) {
            case '{' -> map(depth);
            case '[' -> list(depth);
            case '"' -> string();
            default -> nothing();
        };
    }

    private Map<String, Object> map(int depth) {
        var map = new LinkedHashMap<String, Object>();
        expect('{');
        while (more(map.isEmpty(), '}')) {
            if (peek() != '"') throw wrong("a name in quotes");
            var key = string();
            expect(':');
            if (map.containsKey(key)) throw wrong("\"" + key + "\" once only");
            map.put(key, value(depth + 1));
        }
        return map;
    }

    private List<Object> list(int depth) {
        var list = new ArrayList<>();
        expect('[');
        while (more(list.isEmpty(), ']')) list.add(value(depth + 1));
        return list;
    }

    /** Moves past a comma, or past the closing bracket. */
    private boolean more(boolean first, char close) {
        if (peek() == close) {
            at++;
            return false;
        }
        if (!first) expect(',');
        return true;
    }

    private String string() {
        expect('"');
        var string = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') string.append(text.charAt(at) == '\\' ? escape() : text.charAt(at++));
        expect('"');
        return string.toString();
    }

    private char escape() {
        at++;
        char letter = at < text.length() ? text.charAt(at++) : 0;
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            default -> throw wrong("an escape");
        };
    }

    private char unicode() {
        try {
            at += 4;
            return (char) Integer.parseInt(text, at - 4, at, 16);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw wrong("four hex digits");
        }
    }

    private Object nothing() {
        if (!text.startsWith("null", at)) throw wrong("an object, a list, a text in quotes or null");
        at += 4;
        return null;
    }

    private void expect(char wanted) {
        if (peek() != wanted) throw wrong("'" + wanted + "'");
        at++;
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
        return at < text.length() ? text.charAt(at) : 0;
    }

    private FormatException wrong(String wanted) {
        int line = 1 + (int) text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count();
        return new FormatException("no proper JSON, line %d: want %s".formatted(line, wanted));
    }
}
