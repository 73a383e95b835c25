package hoag.galaxy.image;

import hoag.kernels.ConfigException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads settings from a map such as JSON gives, and names what is wrong. */
record Fields(String what, Map<?, ?> map) {
    /** @throws ConfigException when the map has a key that is not among these */
    Fields only(String... keys) {
        var unknown = new LinkedHashSet<Object>(map.keySet());
        unknown.removeAll(Set.of(keys));
        if (!unknown.isEmpty())
            throw new ConfigException(
                    "%s: unknown setting %s; known are %s".formatted(what, unknown, Arrays.toString(keys)));
        return this;
    }

    double number(String key) {
        return number(key, value(key));
    }

    int whole(String key) {
        double value = number(key);
        if (value != (int) value) throw wrong(key, value, "a whole number");
        return (int) value;
    }

    boolean flag(String key) {
        return value(key) instanceof Boolean flag ? flag : bad(key, "true or false");
    }

    List<Double> numbers(String key) {
        return value(key) instanceof List<?> list
                ? list.stream().map(v -> number(key, v)).toList()
                : bad(key, "a list of numbers");
    }

    /** A list of texts; none where there is none. */
    List<String> texts(String key) {
        return switch (map.get(key)) {
            case null -> List.of();
            case List<?> list
            when list.stream().allMatch(String.class::isInstance) ->
                list.stream().map(String.class::cast).toList();
            default -> bad(key, "a list of texts");
        };
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
        var text = String.valueOf(value(key));
        for (var choice : type.getEnumConstants()) if (name(choice).equals(text)) return choice;
        return bad(
                key,
                "one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Fields::name)
                                .toList());
    }

    /** The map below a key; null where there is none. */
    Fields below(String key) {
        var value = map.get(key);
        if (value == null) return null;
        return value instanceof Map<?, ?> inner ? new Fields(what + "." + key, inner) : bad(key, "a map");
    }

    static String name(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private Object value(String key) {
        var value = map.get(key);
        if (value == null) throw new ConfigException("%s: %s is missing".formatted(what, key));
        return value;
    }

    private double number(String key, Object value) {
        return value instanceof Number n ? n.doubleValue() : Fields.<Double>fail(wrong(key, value, "a number"));
    }

    private <T> T bad(String key, String wanted) {
        throw wrong(key, map.get(key), wanted);
    }

    private static <T> T fail(ConfigException e) {
        throw e;
    }

    private ConfigException wrong(String key, Object value, String wanted) {
        return new ConfigException("%s: %s is %s; want %s".formatted(what, key, value, wanted));
    }
}
