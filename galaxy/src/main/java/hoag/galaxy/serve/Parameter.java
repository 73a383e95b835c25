package hoag.galaxy.serve;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A value in the address of a request.
 *
 * @param place {@code path} or {@code query}
 * @param form what it must look like; a {@link Form.Many} may be given many times
 * @param fallback where it is not given; null when it has none
 * @param required whether a request without it is refused
 */
record Parameter(String name, String place, Form form, Object fallback, boolean required, String about) {
    static Parameter path(String name, Form form, String about) {
        return new Parameter(name, "path", form, null, true, about);
    }

    static Parameter query(String name, Form form, Object fallback, String about) {
        return new Parameter(name, "query", form, fallback, false, about);
    }

    static Parameter required(String name, Form form, String about) {
        return new Parameter(name, "query", form, null, true, about);
    }

    Map<String, Object> document() {
        Map<String, Object> schema = new LinkedHashMap<>(form.schema());
        if (fallback != null && !(form instanceof Form.Many)) {
            schema.put("default", fallback);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", name);
        document.put("in", place);
        document.put("required", required);
        document.put("description", about);
        document.put("schema", schema);
        return document;
    }
}
