package hoag.galaxy.serve;

import hoag.engine.files.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What goes back: status, type, bytes, and further headers. */
record Reply(int status, String type, byte[] bytes, Map<String, String> headers) {
    static final String JSON = "application/json";

    static Reply json(Object value) {
        return new Reply(200, JSON, Json.compact(value).getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Reply error(int status, String message) {
        return new Reply(
                status, JSON, Json.compact(Map.of("error", message)).getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Reply of(String type, byte[] bytes) {
        return new Reply(200, type, bytes, Map.of());
    }

    Reply header(String name, String value) {
        Map<String, String> more = new java.util.LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, type, bytes, more);
    }
}
