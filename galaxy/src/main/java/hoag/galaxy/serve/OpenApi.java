package hoag.galaxy.serve;

import hoag.galaxy.Version;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The document (OpenAPI 3.0) of a table of routes, made from the forms that check its requests. */
final class OpenApi {
    private static final Map<String, Object> ERROR = Map.of(
            "type",
            "object",
            "properties",
            Map.of("error", Map.of("type", "string", "description", "one line: what is wrong, and the cure")),
            "required",
            List.of("error"));

    private OpenApi() {}

    /** @param token whether requests need one */
    static Map<String, Object> of(List<Route> routes, boolean token) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.0.3");
        document.put(
                "info",
                Map.of(
                        "title",
                        "Hoag: a survey of galaxies",
                        "version",
                        Version.text(),
                        "description",
                        "Search, predictions, ratings and labels of one survey; made from the routes that"
                                + " serve them."));
        document.put("servers", List.of(Map.of("url", "/")));
        Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
        routes.forEach(route -> paths.computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
                .put(route.method().toLowerCase(java.util.Locale.ROOT), operation(route)));
        document.put("paths", paths);
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("schemas", Map.of("Error", ERROR));
        if (token) {
            components.put("securitySchemes", Map.of("token", Map.of("type", "http", "scheme", "bearer")));
            document.put("security", List.of(Map.of("token", List.of())));
        }
        document.put("components", components);
        return document;
    }

    private static Map<String, Object> operation(Route route) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", name(route));
        operation.put("summary", route.summary());
        operation.put(
                "parameters",
                route.parameters().stream().map(Parameter::document).toList());
        switch (route.body()) {
            case Route.Body.None _ -> {}
            case Route.Body.Json(Form form) ->
                operation.put("requestBody", body(Map.of("application/json", Map.of("schema", form.schema()))));
            case Route.Body.Picture _ -> {
                Map<String, Object> content = new LinkedHashMap<>();
                Route.Body.Picture.TYPES.forEach(type -> content.put(type, binary()));
                operation.put("requestBody", body(content));
            }
        }
        operation.put("responses", responses(route));
        return operation;
    }

    private static Map<String, Object> body(Map<String, Object> content) {
        return Map.of("required", true, "content", content);
    }

    private static Map<String, Object> binary() {
        return Map.of("schema", Map.of("type", "string", "format", "binary"));
    }

    private static Map<String, Object> responses(Route route) {
        Map<String, Object> content = new LinkedHashMap<>();
        switch (route.answer()) {
            case Route.Answer.Json(Form form) -> content.put("application/json", Map.of("schema", form.schema()));
            case Route.Answer.File(List<String> types) -> types.forEach(type -> content.put(type, binary()));
        }
        Map<String, Object> responses = new TreeMap<>();
        responses.put("200", Map.of("description", "done", "content", content));
        responses.put("400", error("a value that is not allowed, or makes no sense here"));
        if (route.path().contains("{")) {
            responses.put("404", error("no such thing"));
        }
        if (!(route.body() instanceof Route.Body.None)) {
            responses.put("413", error("the body is too large"));
            responses.put("415", error("the body is of another type"));
        }
        responses.put("default", error("refused, or failed"));
        return responses;
    }

    private static Map<String, Object> error(String description) {
        return Map.of(
                "description",
                description,
                "content",
                Map.of("application/json", Map.of("schema", Map.of("$ref", "#/components/schemas/Error"))));
    }

    /** {@code getGalaxiesIdThumbnail}. */
    private static String name(Route route) {
        StringBuilder name = new StringBuilder(route.method().toLowerCase(java.util.Locale.ROOT));
        for (String word : route.path().split("[^A-Za-z]+")) {
            if (!word.isEmpty()) {
                name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
        }
        return name.toString();
    }
}
