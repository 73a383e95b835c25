package hoag.engine.files;

import hoag.kernels.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The few Python literals that NumPy writes: dicts, tuples, lists, strings without escapes, whole numbers, True and False. Nothing is called. */
final class PythonLiteral {
    private static final int DEEPEST = 8;
    private static final int MOST_DIGITS = 18;

    private final String source;
    private final String text;
    private int at;

    PythonLiteral(String source, String text) {
        this.source = source;
        this.text = text;
    }

    Object document() {
        Object value = value(0);
        if (skip() != -1) throw wrong();
        return value;
    }

    private Object value(int depth) {
        if (depth > DEEPEST) throw wrong();
        int c = skip();
        return switch (c) {
            case '{' -> dict(depth);
            case '(' -> items(')', depth);
            case '[' -> items(']', depth);
            case '\'', '"' -> string(c);
            case 'T' -> word("True", true);
            case 'F' -> word("False", false);
            default -> number();
        };
    }

    private Map<Object, Object> dict(int depth) {
        var map = new LinkedHashMap<>();
        at++;
        while (skip() != '}') {
            Object key = value(depth + 1);
            expect(':');
            if (map.putIfAbsent(key, value(depth + 1)) != null) throw wrong();
            if (skip() != '}') expect(',');
        }
        at++;
        return map;
    }

    private List<Object> items(char end, int depth) {
        var items = new ArrayList<>();
        at++;
        while (skip() != end) {
            items.add(value(depth + 1));
            if (skip() != end) expect(',');
        }
        at++;
        return items;
    }

    private String string(int quote) {
        int end = text.indexOf(quote, at + 1);
        if (end < 0 || text.substring(at, end).contains("\\")) throw wrong();
        String string = text.substring(at + 1, end);
        at = end + 1;
        return string;
    }

    private Boolean word(String word, boolean value) {
        if (!text.startsWith(word, at)) throw wrong();
        at += word.length();
        return value;
    }

    /** A whole number; Python 2 wrote some with an L behind. */
    private Long number() {
        int start = at;
        if (peek() == '-') at++;
        int digits = at;
        while (peek() >= '0' && peek() <= '9') at++;
        if (at == digits || at - digits > MOST_DIGITS) throw wrong();
        long number = Long.parseLong(text.substring(start, at));
        if (peek() == 'L') at++;
        return number;
    }

    private void expect(char wanted) {
        if (skip() != wanted) throw wrong();
        at++;
    }

    private int skip() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\t') at++;
        return peek();
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    private FormatException wrong() {
        return new FormatException("%s: .npy header is no plain Python literal at character %d: %s"
                .formatted(
                        source,
                        at + 1,
                        JsonPrinter.quoted(
                                text.substring(0, Math.min(text.length(), 100)).strip())));
    }
}
