package hoag.galaxy.tree;

import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A decision tree: questions in column order. One label column stands for one answer, {@code question_answer}; the columns of a
 * question are neighbours. A question may hang from several answers ("merging", asked after smooth and after featured).
 *
 * <p>A schema is checked when it is made: names must differ, parents must exist, and no question may lead back to itself.
 *
 * @param name for example {@code gz2}
 * @param about one line that says which campaign this is; may be empty
 * @param questions in column order
 */
public record Schema(String name, String about, List<Question> questions) {
    /** @throws ConfigException when names repeat, a parent is unknown, or the questions go round in a circle */
    public Schema {
        if (name == null || name.isBlank()) throw new ConfigException("tree: the name is blank; give the tree a name");
        about = about == null ? "" : about;
        questions = List.copyOf(questions);
        SchemaCheck.check(name, questions);
    }

    /**
     * A built-in tree; {@link #names()} lists them. {@code gz-} may be left out or put before any name, and {@code gz-decals} is
     * {@code gz-decals-dr5}.
     *
     * @throws ConfigException for an unknown name, with the names that exist
     */
    public static Schema named(String name) {
        return SchemaFiles.named(name);
    }

    /** The built-in trees. */
    public static List<String> names() {
        return SchemaFiles.NAMES;
    }

    /**
     * A tree from a JSON file as {@link #toMap()} lays it out.
     *
     * @throws hoag.kernels.DataException when the file cannot be read
     * @throws hoag.kernels.FormatException when it is not such a tree
     */
    public static Schema read(Path json) {
        return SchemaFiles.read(json);
    }

    /** A built-in name or the path of a JSON file, as a command line gives it. */
    public static Schema of(String nameOrPath) {
        return nameOrPath.endsWith(".json") ? read(Path.of(nameOrPath)) : named(nameOrPath);
    }

    /** The tree that {@link #toMap()} wrote. */
    public static Schema fromMap(Map<?, ?> map) {
        return SchemaMap.read(map);
    }

    /** Plain JSON values: {@code {"name", "about", "questions": [{"question", "answers", "parents"}]}}. */
    public Map<String, Object> toMap() {
        return SchemaMap.write(this);
    }

    /** {@code question_answer} for every answer of every question, in column order. */
    public List<String> labelColumns() {
        return questions.stream()
                .flatMap(question -> question.labels().stream())
                .toList();
    }

    /** Number of label columns. */
    public int width() {
        return questions.stream()
                .mapToInt(question -> question.answers().size())
                .sum();
    }

    /** The column range of each question: (questions, 2), first column and the column after the last. */
    public int[][] indexGroups() {
        var groups = new int[questions.size()][];
        int start = 0;
        for (int q = 0; q < groups.length; q++) {
            int end = start + questions.get(q).answers().size();
            groups[q] = new int[] {start, end};
            start = end;
        }
        return groups;
    }

    /** @throws ConfigException for an unknown question, with the questions that exist */
    public Question question(String wanted) {
        return questions.stream()
                .filter(q -> q.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> unknown(wanted));
    }

    private ConfigException unknown(String wanted) {
        var names = questions.stream().map(Question::name).toList();
        return new ConfigException("tree %s has no question \"%s\"%s; its questions: %s"
                .formatted(name, wanted, Names.hint(wanted, names), Names.list(names)));
    }
}
