package hoag.galaxy.serve;

import hoag.engine.files.Json;
import hoag.kernels.FormatException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds the route of a request, checks what came with it, and has it handled. */
final class Router {
    private final List<Route> routes;

    Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    List<Route> routes() {
        return routes;
    }

    /**
     * A route and the values of its path.
     *
     * @param path texts by the names in braces
     */
    record Found(Route route, Map<String, String> path) {}

    /** @throws Refusal when there is no such path, or it has no such method */
    Found find(String method, String rawPath) {
        String[] parts = rawPath.substring(1).split("/", -1);
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Map<String, String> values = match(route.segments(), parts);
            if (values != null && route.method().equals(method)) {
                return new Found(route, values);
            }
            if (values != null) {
                allowed.add(route.method());
            }
        }
        if (allowed.isEmpty()) {
            throw Refusal.notFound("there is nothing at this address; /openapi.json says what there is");
        }
        throw new Refusal(405, "this address takes " + String.join(", ", allowed));
    }

    /** The methods that a path takes. */
    List<String> methods(String rawPath) {
        String[] parts = rawPath.substring(1).split("/", -1);
        return routes.stream()
                .filter(route -> match(route.segments(), parts) != null)
                .map(Route::method)
                .distinct()
                .sorted()
                .toList();
    }

    private static Map<String, String> match(List<String> segments, String... parts) {
        if (segments.size() != parts.length) {
            return null;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < parts.length; i++) {
            String segment = segments.get(i);
            if (segment.startsWith("{")) {
                values.put(segment.substring(1, segment.length() - 1), decode(parts[i].replace("+", "%2B")));
            } else if (!segment.equals(parts[i])) {
                return null;
            }
        }
        return values;
    }

    private static String decode(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("the address has a % that two hexadecimal digits do not follow");
        }
    }

    /** The request, checked. */
    static Call call(Found found, String rawQuery, byte[] body) {
        Route route = found.route();
        Map<String, List<String>> query = query(rawQuery);
        for (String name : query.keySet()) {
            if (route.parameters().stream()
                    .noneMatch(p -> p.place().equals("query") && p.name().equals(name))) {
                throw Refusal.badRequest("there is no parameter " + (name.length() > 60 ? "of that name" : name)
                        + " here; there are: "
                        + String.join(
                                ", ",
                                route.parameters().stream().map(Parameter::name).toList()));
            }
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Parameter parameter : route.parameters()) {
            values.put(
                    parameter.name(),
                    parameter.place().equals("path")
                            ? parameter
                                    .form()
                                    .parse(parameter.name(), found.path().get(parameter.name()))
                            : value(parameter, query.get(parameter.name())));
        }
        return new Call(values, json(route, body), body);
    }

    private static Object value(Parameter parameter, List<String> given) {
        if (given == null) {
            if (parameter.required()) {
                throw Refusal.badRequest(parameter.name() + " is missing: " + parameter.about());
            }
            return parameter.fallback();
        }
        if (parameter.form() instanceof Form.Many many) {
            List<Object> each = new ArrayList<>();
            given.forEach(text -> each.add(many.each().parse(parameter.name(), text)));
            return many.read(parameter.name(), each);
        }
        if (given.size() > 1) {
            throw Refusal.badRequest(parameter.name() + " is given " + given.size() + " times; want once");
        }
        return parameter.form().parse(parameter.name(), given.getFirst());
    }

    private static Map<String, List<String>> query(String raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (raw != null && !raw.isEmpty()) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                values.computeIfAbsent(name, key -> new ArrayList<>())
                        .add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static Object json(Route route, byte[] body) {
        if (!(route.body() instanceof Route.Body.Json(Form form))) {
            return null;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return form.read("body", Json.parse("body", text).value());
        } catch (CharacterCodingException e) {
            throw Refusal.badRequest("body: is not UTF-8 text");
        } catch (FormatException e) {
            throw Refusal.badRequest(e.getMessage());
        }
    }
}
