package hoag.galaxy.serve;

import java.util.List;
import java.util.Map;

/** A request whose parts have been checked against its route. */
record Call(Map<String, Object> values, Object json, byte[] bytes) {
    boolean has(String name) {
        return values.get(name) != null;
    }

    String text(String name) {
        return (String) values.get(name);
    }

    int whole(String name) {
        return Math.toIntExact((Long) values.get(name));
    }

    double real(String name) {
        return ((Number) values.get(name)).doubleValue();
    }

    List<String> texts(String name) {
        return ((List<?>) values.get(name)).stream().map(String.class::cast).toList();
    }

    /** The parts of the body. */
    Call body() {
        Map<String, Object> parts = new java.util.LinkedHashMap<>();
        ((Map<?, ?>) json).forEach((name, value) -> parts.put((String) name, value));
        return new Call(parts, null, null);
    }
}
