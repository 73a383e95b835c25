package hoag.galaxy.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What of JSON Schema the document uses: says where a value breaks it. */
final class SchemaCheck {
    private final Map<?, ?> document;

    SchemaCheck(Map<?, ?> document) {
        this.document = document;
    }

    Map<?, ?> resolve(Map<?, ?> schema) {
        if (schema.get("$ref") instanceof String reference) {
            Map<?, ?> at = document;
            for (String part : reference.substring(2).split("/")) {
                at = (Map<?, ?>) at.get(part);
            }
            return at;
        }
        return schema;
    }

    List<String> breaks(Object value, Map<?, ?> given, String at) {
        Map<?, ?> schema = resolve(given);
        List<String> all = new ArrayList<>();
        if (schema.get("oneOf") instanceof List<?> several) {
            return several.stream()
                                    .filter(each ->
                                            breaks(value, (Map<?, ?>) each, at).isEmpty())
                                    .count()
                            == 1
                    ? all
                    : List.of(at + ": " + value + " is of none of the forms, or of several");
        }
        String type = (String) schema.get("type");
        boolean fits = type == null
                || switch (type) {
                    case "string" -> value instanceof String;
                    case "integer" -> value instanceof Long;
                    case "number" -> value instanceof Number;
                    case "boolean" -> value instanceof Boolean;
                    case "array" -> value instanceof List<?>;
                    case "object" -> value instanceof Map<?, ?>;
                    default -> false;
                };
        if (!fits) {
            return List.of(at + ": " + value + " is no " + type);
        }
        if (value instanceof String text) {
            text(text, schema, at, all);
        } else if (value instanceof Number number) {
            bounds(number.doubleValue(), schema, "minimum", "maximum", at, all);
        } else if (value instanceof List<?> list && type != null) {
            bounds(list.size(), schema, "minItems", "maxItems", at, all);
            for (int i = 0; i < list.size(); i++) {
                all.addAll(breaks(list.get(i), (Map<?, ?>) schema.get("items"), at + "[" + i + "]"));
            }
        } else if (value instanceof Map<?, ?> map && type != null) {
            object(map, schema, at, all);
        }
        return all;
    }

    private static void text(String text, Map<?, ?> schema, String at, List<String> all) {
        bounds(text.codePointCount(0, text.length()), schema, "minLength", "maxLength", at, all);
        if (schema.get("enum") instanceof List<?> words && !words.contains(text)) {
            all.add(at + ": " + text + " is none of " + words);
        }
        if (schema.get("pattern") instanceof String pattern && !text.matches(pattern)) {
            all.add(at + ": " + text + " is not as " + pattern);
        }
    }

    private static void bounds(double value, Map<?, ?> schema, String least, String most, String at, List<String> all) {
        if (schema.get(least) instanceof Number number && value < number.doubleValue()) {
            all.add(at + ": " + value + " is below " + number);
        }
        if (schema.get(most) instanceof Number number && value > number.doubleValue()) {
            all.add(at + ": " + value + " is above " + number);
        }
    }

    private void object(Map<?, ?> map, Map<?, ?> schema, String at, List<String> all) {
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> named ? named : Map.of();
        if (schema.get("required") instanceof List<?> required) {
            required.stream()
                    .filter(name -> !map.containsKey(name))
                    .forEach(name -> all.add(at + "." + name + " is missing"));
        }
        map.forEach((name, value) -> {
            if (properties.get(name) instanceof Map<?, ?> known) {
                all.addAll(breaks(value, known, at + "." + name));
            } else if (schema.get("additionalProperties") instanceof Map<?, ?> other) {
                all.addAll(breaks(value, other, at + "." + name));
            } else if (Boolean.FALSE.equals(schema.get("additionalProperties"))) {
                all.add(at + "." + name + " is not foreseen");
            }
        });
    }
}
