package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests made from the server's own document, right ones and wrong ones: whatever comes, the answer is one that the document foresees, of the
 * form that it states, and what breaks the document is refused.
 */
class OpenApiTest {
    private static final int EACH = 60;
    private static final List<String> STRANGE = List.of(
            "",
            " ",
            "0",
            "-1",
            "1e400",
            "NaN",
            "null",
            "true",
            "../../etc/passwd",
            "%00",
            "\u0000",
            "\uD83C\uDF0C",
            "' or 1=1 --",
            "<script>",
            "a".repeat(5000),
            "g1",
            "9223372036854775808",
            "10.0,-5.0",
            "upload:0",
            "[]");

    @TempDir
    Path folder;

    private Server server;
    private Map<?, ?> document;
    private SchemaCheck check;
    private final Random random = new Random(11);

    @BeforeEach
    void start() throws Exception {
        Sample.map(Sample.survey(folder.resolve("s.hoag")));
        server = Sample.serve(folder.resolve("s.hoag"), Sample.pictures(folder.resolve("images"), 5))
                .start();
        document = (Map<?, ?>)
                Json.parse("document", Sample.get(server, "/openapi.json").body())
                        .value();
        check = new SchemaCheck(document);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** One operation of the document. */
    private record Operation(String method, String path, Map<?, ?> is) {
        List<Map<?, ?>> parameters() {
            return ((List<?>) is.get("parameters"))
                    .stream().<Map<?, ?>>map(each -> (Map<?, ?>) each).toList();
        }

        /** The schema of a JSON body, null for none. */
        Map<?, ?> body() {
            return is.get("requestBody") instanceof Map<?, ?> body
                            && ((Map<?, ?>) body.get("content")).get("application/json") instanceof Map<?, ?> json
                    ? (Map<?, ?>) json.get("schema")
                    : null;
        }
    }

    private List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        ((Map<?, ?>) document.get("paths"))
                .forEach((path, methods) -> ((Map<?, ?>) methods)
                        .forEach((method, is) -> all.add(new Operation(
                                method.toString().toUpperCase(java.util.Locale.ROOT), path.toString(), (Map<?, ?>)
                                        is))));
        return all;
    }

    @Test
    void theDocumentIsOfWhatIsServed() {
        TreeSet<String> documented = new TreeSet<>();
        operations().forEach(each -> documented.add(each.method() + " " + each.path()));
        assertEquals(new TreeSet<>(server.routes()), documented);
        assertTrue(documented.containsAll(List.of("GET /search", "POST /labels", "GET /labels", "GET /anomalies")));
    }

    @Test
    void whateverComesIsAnsweredAsDocumented() throws Exception {
        Map<String, Integer> statuses = new TreeMap<>();
        for (Operation operation : operations()) {
            for (int i = 0; i < EACH; i++) {
                boolean wrong = i % 3 == 2;
                statuses.merge(operation.path() + " " + ask(operation, wrong), 1, Integer::sum);
            }
        }
        operations().stream()
                .filter(operation -> operation.body() == null)
                .filter(operation -> !operation.path().endsWith(".fits")) // which cannot hold every name of a person
                .forEach(operation -> assertTrue(
                        statuses.containsKey(operation.path() + " 200"),
                        operation.path() + " never answered 200: " + statuses));
        assertTrue(statuses.containsKey("/labels 200") && statuses.containsKey("/labels/undo 200"), statuses + "");
    }

    private int ask(Operation operation, boolean wrong) throws Exception {
        String path = operation.path();
        StringBuilder query = new StringBuilder();
        boolean broken = false;
        for (Map<?, ?> parameter : operation.parameters()) {
            Map<?, ?> schema = (Map<?, ?>) parameter.get("schema");
            boolean inPath = parameter.get("in").equals("path");
            if (!inPath && !(Boolean) parameter.get("required") && random.nextInt(3) == 0) {
                continue;
            }
            boolean many = "array".equals(schema.get("type"));
            Map<?, ?> one = many ? (Map<?, ?>) schema.get("items") : schema;
            for (int n = many ? random.nextInt(3) : 1; n > 0; n--) {
                String text = wrong && random.nextBoolean()
                        ? STRANGE.get(random.nextInt(STRANGE.size()))
                        : String.valueOf(value(one, parameter.get("name").toString()));
                broken |= breaks(text, one);
                String escaped = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
                if (inPath) {
                    path = path.replace("{" + parameter.get("name") + "}", escaped);
                } else {
                    query.append(query.isEmpty() ? "?" : "&")
                            .append(parameter.get("name"))
                            .append('=')
                            .append(escaped);
                }
            }
        }
        HttpRequest.Builder request = Sample.request(server, path + query);
        if (operation.method().equals("GET")) {
            request.GET();
        } else {
            Object body = operation.body() == null ? null : value(operation.body(), "body");
            if (wrong && body instanceof Map<?, ?> map) {
                body = spoilt(map);
            }
            broken |= body != null
                    && !check.breaks(body, operation.body(), "body").isEmpty();
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(Json.compact(body)));
        }
        Sample.Said said = Sample.send(request.build());
        String what = operation.method() + " " + path + query + " -> " + said.status() + " " + said.body();
        assertTrue(said.status() < 500, what);
        if (broken) {
            assertTrue(said.status() >= 400, "should be refused: " + what);
        }
        foreseen(operation, said, what);
        return said.status();
    }

    /** Whether text in an address is not what the schema wants. */
    private boolean breaks(String text, Map<?, ?> schema) {
        Object value = text;
        if (!"string".equals(schema.get("type"))) {
            try {
                value = Json.parse("text", text).value();
            } catch (RuntimeException e) {
                return true;
            }
        }
        return !check.breaks(value, schema, "").isEmpty();
    }

    private void foreseen(Operation operation, Sample.Said said, String what) {
        Map<?, ?> responses = (Map<?, ?>) operation.is().get("responses");
        Object response = responses.get(said.status() + "");
        Map<?, ?> content =
                (Map<?, ?>) ((Map<?, ?>) (response == null ? responses.get("default") : response)).get("content");
        String type = said.header("Content-Type").replaceFirst(";.*", "");
        assertTrue(content.containsKey(type), "another type: " + what);
        if (type.equals("application/json")) {
            Map<?, ?> schema = (Map<?, ?>) ((Map<?, ?>) content.get(type)).get("schema");
            Object value = Json.parse("answer", said.body()).value();
            assertEquals(List.of(), check.breaks(value, schema, "answer"), what);
        }
    }

    /** Something that fits: now and then a thing that exists. */
    private Object value(Map<?, ?> schema, String name) {
        if (schema.get("oneOf") instanceof List<?> several) {
            return value((Map<?, ?>) several.get(random.nextInt(several.size())), name);
        }
        if (schema.get("enum") instanceof List<?> words) {
            return words.get(random.nextInt(words.size()));
        }
        return switch (String.valueOf(schema.get("type"))) {
            case "string" -> text(name);
            case "integer" -> {
                long least = (Long) schema.get("minimum");
                long most = (Long) schema.get("maximum");
                yield switch (random.nextInt(4)) {
                    case 0 -> least;
                    case 1 -> most;
                    default -> Math.min(most, least + random.nextInt(50));
                };
            }
            case "number" -> {
                double least = schema.get("minimum") instanceof Number number ? number.doubleValue() : -20;
                double most = schema.get("maximum") instanceof Number number ? Math.min(1e6, number.doubleValue()) : 20;
                yield least + (most - least) * random.nextDouble();
            }
            case "boolean" -> random.nextBoolean();
            case "array" -> {
                long least = (Long) schema.get("minItems");
                List<Object> list = new ArrayList<>();
                for (long n = Math.min((Long) schema.get("maxItems"), least + random.nextInt(3)); n > 0; n--) {
                    list.add(value((Map<?, ?>) schema.get("items"), name.replaceFirst("^ids$", "id")));
                }
                yield list;
            }
            case "object" -> {
                Map<String, Object> object = new LinkedHashMap<>();
                List<?> required = schema.get("required") instanceof List<?> list ? list : List.of();
                ((Map<?, ?>) schema.get("properties")).forEach((key, each) -> {
                    if (required.contains(key) || random.nextInt(2) == 0) {
                        object.put(key.toString(), value((Map<?, ?>) each, key.toString()));
                    }
                });
                yield object;
            }
            default -> throw new IllegalStateException("no value for " + schema);
        };
    }

    private String text(String name) {
        return switch (name) {
            case "id", "galaxy", "like", "unlike" -> random.nextInt(5) == 0 ? letters() : Sample.id(random.nextInt(40));
            case "who" -> random.nextBoolean() ? "ann" : "bob";
            case "tree", "name" -> random.nextInt(4) == 0 ? letters() : "rings";
            case "column" -> random.nextInt(4) == 0 ? letters() : random.nextBoolean() ? "cluster" : "mag";
            case "where" -> random.nextInt(4) == 0 ? letters() : "mag < 16";
            case "version" -> "";
            case "question" -> "ring";
            case "answer" -> random.nextBoolean() ? "yes" : letters();
            default -> letters();
        };
    }

    private String letters() {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(random.nextInt(4) > 0 ? 33 + random.nextInt(90) : 0x1F300 + random.nextInt(80));
        }
        return text.toString();
    }

    private Map<String, Object> spoilt(Map<?, ?> body) {
        Map<String, Object> other = new LinkedHashMap<>();
        body.forEach((key, value) -> other.put(key.toString(), value));
        List<String> keys = List.copyOf(other.keySet());
        String key = keys.get(random.nextInt(keys.size()));
        switch (random.nextInt(4)) {
            case 0 -> other.remove(key);
            case 1 -> other.put(key, List.of(1L, 2L));
            case 2 -> other.put("more", 1L);
            default -> other.put(key, STRANGE.get(random.nextInt(STRANGE.size())));
        }
        return other;
    }

    @Test
    void whatIsNoJsonIsRefused() throws Exception {
        for (String body :
                List.of("", "{", "[]", "null", "7", "{\"a\":1}", "[".repeat(100_000), "{\"key\":\"\\ud800\"}")) {
            Sample.Said said = Sample.post(server, "/labels", body);
            assertEquals(said.status(), body.length() > 64 << 10 ? 413 : 400, said.body());
        }
        Sample.Said latin = Sample.send(Sample.request(server, "/labels")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(new byte[] {'"', (byte) 0xe9, '"'}))
                .build());
        assertEquals("{\"error\":\"body: is not UTF-8 text\"}", latin.body());
    }
}
