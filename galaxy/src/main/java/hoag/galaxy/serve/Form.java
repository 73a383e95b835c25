package hoag.galaxy.serve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a value must look like: checks what comes in, and prints itself as JSON Schema, so that what is documented is what is checked.
 */
sealed interface Form {
    /** One line of text. */
    Form LINE = new Text(1, 200);

    Form NUMBER = new Real(-Double.MAX_VALUE, Double.MAX_VALUE);

    /** JSON Schema as OpenAPI 3.0 has it. */
    Map<String, Object> schema();

    /**
     * The value if it has the form.
     *
     * @param name what an error calls it
     * @param value as the JSON reader gives it
     * @throws Refusal when it has not
     */
    Object read(String name, Object value);

    /** A value written in an address. */
    default Object parse(String name, String text) {
        return read(name, text);
    }

    private static Refusal bad(String name, Object value, String wanted) {
        String text = String.valueOf(value);
        return Refusal.badRequest(
                name + " is " + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "; want " + wanted);
    }

    /** A text without control characters. */
    record Text(int least, int most) implements Form {
        private static final String PATTERN = "^[^\\u0000-\\u001f\\u007f]*$";
        private static final Pattern PLAIN = Pattern.compile("[^\\x00-\\x1f\\x7f]*");

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "string", "minLength", least, "maxLength", most, "pattern", PATTERN);
        }

        @Override
        public Object read(String name, Object value) {
            if (value instanceof String text) {
                int length = text.codePointCount(0, text.length());
                if (length >= least && length <= most && PLAIN.matcher(text).matches()) {
                    return text;
                }
            }
            throw bad(name, value, least + ".." + most + " characters, none of them a control character");
        }
    }

    /** A whole number. */
    record Whole(long least, long most) implements Form {
        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "integer", "minimum", least, "maximum", most);
        }

        @Override
        public Object read(String name, Object value) {
            if (value instanceof Double real && real == Math.rint(real) && Math.abs(real) < 1e15) {
                return read(name, real.longValue());
            }
            if (value instanceof Long number && number >= least && number <= most) {
                return number;
            }
            throw bad(name, value, "a whole number of " + least + ".." + most);
        }

        @Override
        public Object parse(String name, String text) {
            try {
                return read(name, Long.parseLong(text));
            } catch (NumberFormatException e) {
                throw bad(name, text, "a whole number of " + least + ".." + most);
            }
        }
    }

    /** A number. */
    record Real(double least, double most) implements Form {
        @Override
        public Map<String, Object> schema() {
            return least == -Double.MAX_VALUE
                    ? Map.of("type", "number")
                    : Map.of("type", "number", "minimum", least, "maximum", most);
        }

        @Override
        public Object read(String name, Object value) {
            if (value instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= most) {
                return number.doubleValue();
            }
            throw bad(name, value, "a number of " + least + ".." + most);
        }

        @Override
        public Object parse(String name, String text) {
            if (!text.matches("[+-]?[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]+)?")) {
                throw bad(name, text, "a number of " + least + ".." + most);
            }
            return read(name, Double.valueOf(text));
        }
    }

    /** One of a few words. */
    record Choice(List<String> words) implements Form {
        Choice(String... words) {
            this(List.of(words));
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "string", "enum", words);
        }

        @Override
        public Object read(String name, Object value) {
            if (value instanceof String text && words.contains(text)) {
                return text;
            }
            throw bad(name, value, "one of " + String.join(", ", words));
        }
    }

    /** True or false. */
    record Flag() implements Form {
        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "boolean");
        }

        @Override
        public Object read(String name, Object value) {
            if (value instanceof Boolean) {
                return value;
            }
            throw bad(name, value, "true or false");
        }

        @Override
        public Object parse(String name, String text) {
            return read(name, text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : text);
        }
    }

    /** A list. */
    record Many(Form each, int least, int most) implements Form {
        @Override
        public Map<String, Object> schema() {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "array");
            schema.put("items", each.schema());
            schema.put("minItems", least);
            schema.put("maxItems", most);
            return schema;
        }

        @Override
        public Object read(String name, Object value) {
            if (!(value instanceof List<?> list) || list.size() < least || list.size() > most) {
                throw bad(name, value, "a list of " + least + ".." + most);
            }
            List<Object> read = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                read.add(each.read(name + "[" + i + "]", list.get(i)));
            }
            return read;
        }
    }

    /** An object with any names, their values of one form. */
    record Table(Form each) implements Form {
        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "object", "additionalProperties", each.schema());
        }

        @Override
        public Object read(String name, Object value) {
            if (!(value instanceof Map<?, ?> map)) {
                throw bad(name, value, "an object");
            }
            Map<String, Object> read = new LinkedHashMap<>();
            map.forEach((key, each) -> read.put(key.toString(), this.each.read(name + "." + key, each)));
            return read;
        }
    }

    /** A named part of an object. */
    record Field(String name, Form form, boolean required, String about) {
        static Field of(String name, Form form, String about) {
            return new Field(name, form, true, about);
        }

        static Field maybe(String name, Form form, String about) {
            return new Field(name, form, false, about);
        }

        Map<String, Object> schema() {
            Map<String, Object> schema = new LinkedHashMap<>(form.schema());
            schema.put("description", about);
            return schema;
        }
    }

    /** An object with these parts and no others. */
    record Parts(List<Field> fields) implements Form {
        Parts(Field... fields) {
            this(List.of(fields));
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> properties = new LinkedHashMap<>();
            fields.forEach(field -> properties.put(field.name(), field.schema()));
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            schema.put("properties", properties);
            List<String> required =
                    fields.stream().filter(Field::required).map(Field::name).toList();
            if (!required.isEmpty()) {
                schema.put("required", required);
            }
            schema.put("additionalProperties", false);
            return schema;
        }

        @Override
        public Object read(String name, Object value) {
            if (!(value instanceof Map<?, ?> map)) {
                throw bad(name, value, "an object");
            }
            for (Object key : map.keySet()) {
                if (fields.stream().noneMatch(field -> field.name().equals(key))) {
                    throw bad(
                            name + "." + key,
                            map.get(key),
                            "only "
                                    + String.join(
                                            ", ",
                                            fields.stream().map(Field::name).toList()));
                }
            }
            Map<String, Object> read = new LinkedHashMap<>();
            for (Field field : fields) {
                if (map.containsKey(field.name())) {
                    read.put(field.name(), field.form().read(name + "." + field.name(), map.get(field.name())));
                } else if (field.required()) {
                    throw Refusal.badRequest(name + "." + field.name() + " is missing: " + field.about());
                }
            }
            return read;
        }
    }

    /** One of several forms of object, told apart by what they must have. */
    record Either(Parts one, Parts other) implements Form {
        @Override
        public Map<String, Object> schema() {
            return Map.of("oneOf", List.of(one.schema(), other.schema()));
        }

        @Override
        public Object read(String name, Object value) {
            boolean first = value instanceof Map<?, ?> map
                    && one.fields().stream()
                            .map(Field::name)
                            .anyMatch(field -> map.containsKey(field)
                                    && other.fields().stream()
                                            .noneMatch(each -> each.name().equals(field)));
            return (first ? one : other).read(name, value);
        }
    }

    /** Anything that is JSON; only for answers. */
    record Any() implements Form {
        @Override
        public Map<String, Object> schema() {
            return Map.of();
        }

        @Override
        public Object read(String name, Object value) {
            return value;
        }
    }
}
