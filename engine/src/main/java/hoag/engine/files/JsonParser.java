package hoag.engine.files;

import hoag.kernels.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One pass by recursive descent. */
final class JsonParser {
    private static final int HEX = 16;
    private static final int SHOWN = 20;

    private final String source;
    private final String text;
    private int at;
    private int depth;

    JsonParser(String source, String text) {
        this.source = source;
        this.text = text;
    }

    Object document() {
        Object value = value();
        if (skip() != -1) throw wrong("nothing more after the value");
        return value;
    }

    private Object value() {
        return switch (skip()) {
            case '{' -> nested(this::object);
            case '[' -> nested(this::array);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw wrong("a value");
        };
    }

    private Object nested(java.util.function.Supplier<Object> reader) {
        if (++depth > Json.DEEPEST) throw error("more than %d levels deep".formatted(Json.DEEPEST));
        at++;
        Object value = reader.get();
        depth--;
        return value;
    }

    private Map<String, Object> object() {
        var members = new LinkedHashMap<String, Object>();
        if (take('}')) return members;
        do {
            if (skip() != '"') throw wrong("a name in quotes");
            int start = at;
            String name = string();
            expect(':');
            Object value = value();
            if (members.containsKey(name)) {
                at = start;
                throw error("the name %s stands twice".formatted(JsonPrinter.quoted(name)));
            }
            members.put(name, value);
        } while (take(','));
        expect('}');
        return members;
    }

    private List<Object> array() {
        var items = new ArrayList<>(2);
        if (take(']')) return items;
        do {
            items.add(value());
        } while (take(','));
        expect(']');
        return items;
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) throw wrong("a value");
        at += word.length();
        return value;
    }

    private Object number() {
        int start = at;
        if (peek() == '-') at++;
        if (peek() == '0') at++;
        else digits();
        boolean whole = !fraction() & !exponent();
        String digits = text.substring(start, at);
        if (whole && !digits.equals("-0")) {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException e) {
                return finite(digits, start);
            }
        }
        return finite(digits, start);
    }

    private boolean fraction() {
        if (peek() != '.') return false;
        at++;
        digits();
        return true;
    }

    private boolean exponent() {
        if (peek() != 'e' && peek() != 'E') return false;
        at++;
        if (peek() == '+' || peek() == '-') at++;
        digits();
        return true;
    }

    private void digits() {
        if (!isDigit(peek())) throw wrong("a digit");
        while (isDigit(peek())) at++;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private Double finite(String digits, int start) {
        double value = Double.parseDouble(digits);
        if (Double.isFinite(value)) return value;
        at = start;
        throw error("number too large for a double");
    }

    private String string() {
        int start = ++at;
        while (peek() >= ' ' && peek() != '"' && peek() != '\\') at++;
        if (peek() == '"' && !hasSurrogates(start)) return text.substring(start, at++);
        at = start;
        return stringWithEscapes();
    }

    private boolean hasSurrogates(int start) {
        for (int i = start; i < at; i++) if (Character.isSurrogate(text.charAt(i))) return true;
        return false;
    }

    private String stringWithEscapes() {
        var out = new StringBuilder();
        while (peek() != '"') {
            char c = character();
            if (Character.isHighSurrogate(c) && peek() >= ' ' && peek() != '"') {
                char low = character();
                if (!Character.isLowSurrogate(low)) throw error("half of a surrogate pair");
                out.append(c).append(low);
            } else if (Character.isSurrogate(c)) {
                throw error("half of a surrogate pair");
            } else {
                out.append(c);
            }
        }
        at++;
        return out.toString();
    }

    private char character() {
        int c = peek();
        if (c == -1) throw wrong("the end of a string");
        if (c < ' ') throw error("control character 0x%02x in a string; write it as \\u%04x".formatted(c, c));
        at++;
        return c == '\\' ? escape() : (char) c;
    }

    private char escape() {
        int c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> {
                at--;
                throw wrong("one of \"\\/bfnrtu after a backslash");
            }
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++, at++) {
            int digit = peek() < 128 ? Character.digit(peek(), HEX) : -1;
            if (digit < 0) throw wrong("four hexadecimal digits after \\u");
            code = code * HEX + digit;
        }
        return (char) code;
    }

    private boolean take(char wanted) {
        if (skip() != wanted) return false;
        at++;
        return true;
    }

    private void expect(char wanted) {
        if (!take(wanted)) throw wrong("'" + wanted + "'");
    }

    /** Passes over white space; the character after it, -1 at the end. */
    private int skip() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') at++;
        return peek();
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    private FormatException wrong(String wanted) {
        String rest = text.substring(Math.min(at, text.length()), Math.min(at + SHOWN, text.length()));
        String found = rest.isEmpty()
                ? "the end of the text"
                : JsonPrinter.quoted(rest.lines().findFirst().orElse("")).replace("\\\"", "\"");
        return error("want %s, found %s".formatted(wanted, found));
    }

    private FormatException error(String what) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < Math.min(at, text.length()); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new FormatException("%s: line %d, column %d: %s".formatted(source, line, at - start + 1, what));
    }
}
