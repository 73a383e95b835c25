package hoag.galaxy.survey;

import hoag.kernels.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A condition on what a catalogue says of galaxies, such as {@code mag < 17 and (type = 'Sb' or not bar >= 0.5)}: comparisons with
 * {@code = != < <= > >=} of a column with a number or a text in quotes, {@code ra}, {@code dec} and {@code id} among the columns, joined by
 * {@code and}, {@code or}, {@code not} and brackets. A column with other characters than letters, digits, {@code _} and {@code .} stands in double
 * quotes. A galaxy of which a column is not known does not fulfil any comparison with it.
 */
public final class Condition {
    private static final List<String> COMPARISONS = List.of("<=", ">=", "!=", "<>", "==", "=", "<", ">");
    private static final int DEEPEST = 200;

    private final String text;
    private final Node root;

    private Condition(String text, Node root) {
        this.text = text;
        this.root = root;
    }

    /**
     * Understands the text.
     *
     * @throws ConfigException when it is no condition; names the place
     */
    public static Condition parse(String text) {
        Parser parser = new Parser(text);
        Node root = parser.any(0);
        if (parser.at < text.length()) {
            throw parser.error("want and, or, or the end");
        }
        return new Condition(text, root);
    }

    /**
     * Which rows of the survey fulfil it; each row is asked when it is looked at.
     *
     * @throws ConfigException when the survey has no galaxy with one of the columns
     */
    public IntPredicate of(Survey survey) {
        var known = survey.columnNames();
        root.columns().forEach(column -> {
            if (!column.equals("id") && !known.contains(column)) {
                throw new ConfigException("--where \"" + text + "\": " + survey + " has no column \"" + column
                        + "\"; it has id, " + String.join(", ", known));
            }
        });
        return row -> root.test(name -> field(survey, row, name));
    }

    private static String field(Survey survey, int row, String name) {
        return switch (name) {
            case "id" -> survey.id(row);
            case "ra" -> number(survey.ra(row));
            case "dec" -> number(survey.dec(row));
            default -> survey.columns(row).get(name);
        };
    }

    private static String number(double value) {
        return Double.isNaN(value) ? null : Double.toString(value);
    }

    @Override
    public String toString() {
        return text;
    }

    /** What is known of one galaxy. */
    private interface Fields {
        String get(String column);
    }

    private sealed interface Node {
        boolean test(Fields fields);

        List<String> columns();
    }

    private record Every(List<Node> parts) implements Node {
        @Override
        public boolean test(Fields fields) {
            return parts.stream().allMatch(part -> part.test(fields));
        }

        @Override
        public List<String> columns() {
            return parts.stream().flatMap(part -> part.columns().stream()).toList();
        }
    }

    private record Some(List<Node> parts) implements Node {
        @Override
        public boolean test(Fields fields) {
            return parts.stream().anyMatch(part -> part.test(fields));
        }

        @Override
        public List<String> columns() {
            return parts.stream().flatMap(part -> part.columns().stream()).toList();
        }
    }

    private record Not(Node part) implements Node {
        @Override
        public boolean test(Fields fields) {
            return !part.test(fields);
        }

        @Override
        public List<String> columns() {
            return part.columns();
        }
    }

    /** @param number NaN where a text is meant */
    private record Comparison(String column, String sign, String value, double number) implements Node {
        @Override
        public boolean test(Fields fields) {
            String field = fields.get(column);
            if (field == null) {
                return false;
            }
            if (Double.isNaN(number)) {
                return holds(field.compareTo(value));
            }
            try {
                double known = Double.parseDouble(field);
                return !Double.isNaN(known) && holds(Double.compare(known, number));
            } catch (NumberFormatException e) {
                return false;
            }
        }

        private boolean holds(int order) {
            return switch (sign) {
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                case ">=" -> order >= 0;
                case "!=", "<>" -> order != 0;
                default -> order == 0;
            };
        }

        @Override
        public List<String> columns() {
            return List.of(column);
        }
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
            space();
        }

        private ConfigException error(String wanted) {
            String there = at < text.length()
                    ? "at \"" + text.substring(at, Math.min(text.length(), at + 20)) + "\""
                    : "at its end";
            return new ConfigException(
                    "--where \"" + text + "\": character " + (at + 1) + ", " + there + ": " + wanted);
        }

        private void space() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private Node any(int depth) {
            List<Node> parts = new ArrayList<>(List.of(every(depth)));
            while (word("or")) {
                parts.add(every(depth));
            }
            return parts.size() == 1 ? parts.getFirst() : new Some(parts);
        }

        private Node every(int depth) {
            List<Node> parts = new ArrayList<>(List.of(one(depth)));
            while (word("and")) {
                parts.add(one(depth));
            }
            return parts.size() == 1 ? parts.getFirst() : new Every(parts);
        }

        private Node one(int depth) {
            if (depth > DEEPEST) {
                throw error("too many brackets");
            }
            if (word("not")) {
                return new Not(one(depth + 1));
            }
            if (sign("(")) {
                Node inner = any(depth + 1);
                if (!sign(")")) {
                    throw error("want )");
                }
                return inner;
            }
            return comparison();
        }

        private Node comparison() {
            String column = column();
            for (String sign : COMPARISONS) {
                if (sign(sign)) {
                    return value(column, sign);
                }
            }
            throw error("want one of = != < <= > >= after " + column);
        }

        private Node value(String column, String sign) {
            if (at < text.length() && text.charAt(at) == '\'') {
                return new Comparison(column, sign, quoted('\''), Double.NaN);
            }
            int end = at;
            while (end < text.length()
                    && (Character.isLetterOrDigit(text.charAt(end)) || "+-._".indexOf(text.charAt(end)) >= 0)) {
                end++;
            }
            String number = text.substring(at, end);
            try {
                double value = Double.parseDouble(number);
                if (Double.isFinite(value) && Character.isDigit(number.charAt(number.length() - 1))) {
                    at = end;
                    space();
                    return new Comparison(column, sign, number, value);
                }
            } catch (NumberFormatException e) {
                // told below, with the place
            }
            throw error("want a number, or a text in single quotes, after " + column + " " + sign);
        }

        private String column() {
            if (at < text.length() && text.charAt(at) == '"') {
                return quoted('"');
            }
            int end = at;
            while (end < text.length()
                    && (Character.isLetterOrDigit(text.charAt(end)) || "._".indexOf(text.charAt(end)) >= 0)) {
                end++;
            }
            if (end == at) {
                throw error("want the name of a column");
            }
            String column = text.substring(at, end);
            at = end;
            space();
            return column;
        }

        /** Doubled quotes stand for one. */
        private String quoted(char quote) {
            StringBuilder inside = new StringBuilder();
            int begin = at++;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c != quote) {
                    inside.append(c);
                } else if (at < text.length() && text.charAt(at) == quote) {
                    inside.append(text.charAt(at++));
                } else {
                    space();
                    return inside.toString();
                }
            }
            at = begin;
            throw error("this quote is not closed");
        }

        private boolean sign(String sign) {
            boolean there = text.startsWith(sign, at);
            if (there) {
                at += sign.length();
                space();
            }
            return there;
        }

        private boolean word(String word) {
            int end = at + word.length();
            boolean there = text.regionMatches(true, at, word, 0, word.length())
                    && (end == text.length()
                            || !Character.isLetterOrDigit(text.charAt(end)) && text.charAt(end) != '_');
            if (there) {
                at = end;
                space();
            }
            return there;
        }
    }
}
