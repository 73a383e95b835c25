package hoag.galaxy.tree;

import hoag.kernels.FormatException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tree as plain JSON values and back. Reads {@code "parent": name|null} in place of {@code "parents"}, and answers with a leading underscore. */
final class SchemaMap {
    private SchemaMap() {}

    static Map<String, Object> write(Schema schema) {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", schema.name());
        map.put("about", schema.about());
        map.put(
                "questions",
                schema.questions().stream().map(SchemaMap::writeQuestion).toList());
        return map;
    }

    private static Map<String, Object> writeQuestion(Question question) {
        var map = new LinkedHashMap<String, Object>();
        map.put("question", question.name());
        map.put("answers", question.answers());
        map.put("parents", question.parents());
        return map;
    }

    static Schema read(Map<?, ?> map) {
        var about = map.get("about") instanceof String text ? text : "";
        var questions = list(map, "questions", "tree").stream()
                .map(SchemaMap::readQuestion)
                .toList();
        return new Schema(text(map, "name", "tree"), about, questions);
    }

    private static Question readQuestion(Object value) {
        if (!(value instanceof Map<?, ?> map))
            throw new FormatException(
                    "tree: a question is %s; want {\"question\", \"answers\", \"parents\"}".formatted(value));
        var name = text(map, "question", "tree");
        var answers = texts(map, "answers", name).stream()
                .map(SchemaMap::withoutUnderscore)
                .toList();
        return new Question(name, answers, parents(map, name));
    }

    private static List<String> parents(Map<?, ?> map, String question) {
        if (map.containsKey("parents")) return texts(map, "parents", question);
        return map.get("parent") == null ? List.of() : List.of(text(map, "parent", question));
    }

    private static String withoutUnderscore(String answer) {
        return answer.startsWith("_") ? answer.substring(1) : answer;
    }

    private static String text(Map<?, ?> map, String key, String where) {
        if (map.get(key) instanceof String text) return text;
        throw wrong(map, key, where, "a text");
    }

    private static List<?> list(Map<?, ?> map, String key, String where) {
        if (map.get(key) instanceof List<?> list) return list;
        throw wrong(map, key, where, "a list");
    }

    private static List<String> texts(Map<?, ?> map, String key, String where) {
        return list(map, key, where).stream()
                .map(item -> {
                    if (item instanceof String text) return text;
                    throw wrong(map, key, where, "a list of texts");
                })
                .toList();
    }

    private static FormatException wrong(Map<?, ?> map, String key, String where, String wanted) {
        return new FormatException("%s: \"%s\" is %s; want %s".formatted(where, key, map.get(key), wanted));
    }
}
