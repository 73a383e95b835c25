package hoag.galaxy.labels;

import hoag.galaxy.data.Column;
import hoag.galaxy.data.TableRows;
import hoag.galaxy.data.Tables;
import hoag.galaxy.tree.Question;
import hoag.galaxy.tree.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Labels as a table that other commands read.
 *
 * @param columns names, the first is id except in the history
 * @param rows as many texts each as there are columns, blank where nothing is known
 */
public record LabelTable(List<String> columns, List<List<String>> rows) {
    /** {@code id, rating, raters}: the mean over people, as {@code hoag anomalies --ratings} reads it. */
    public static LabelTable ratings(LabelStore store) {
        List<List<String>> rows = new ArrayList<>();
        ratings(store.current(), "").forEach((galaxy, stars) -> {
            double mean = stars.stream().mapToInt(Integer::intValue).average().orElseThrow();
            rows.add(List.of(galaxy, shortest(mean), stars.size() + ""));
        });
        return new LabelTable(List.of("id", Label.Rating.QUESTION, "raters"), rows);
    }

    private static String shortest(double value) {
        return value == Math.rint(value) ? (long) value + "" : String.format(Locale.ROOT, "%.4f", value);
    }

    /** The ratings that hold, by galaxy; of one person only where a name is given, of all where it is blank. */
    public static Map<String, List<Integer>> ratings(Map<String, List<Change>> current, String who) {
        Map<String, List<Integer>> ratings = new TreeMap<>();
        current.forEach((galaxy, changes) -> {
            for (Change change : changes) {
                if (change.label() instanceof Label.Rating(int stars) && (who.isEmpty() || who.equals(change.who()))) {
                    ratings.computeIfAbsent(galaxy, id -> new ArrayList<>()).add(stars);
                }
            }
        });
        return ratings;
    }

    /**
     * Votes: {@code id}, a count for every {@code question_answer} of the tree, and for every question the answer that most people gave (blank
     * where nobody was asked, or no answer leads), as {@code hoag finetune} reads them by {@code --tree} and by {@code --label QUESTION}. Answers
     * to questions that a person's other answers do not lead to are left out.
     */
    public static LabelTable votes(LabelStore store, Schema schema) {
        List<String> columns = new ArrayList<>(List.of("id"));
        columns.addAll(schema.labelColumns());
        schema.questions().forEach(question -> columns.add(question.name()));
        List<List<String>> rows = new ArrayList<>();
        store.current().forEach((galaxy, changes) -> {
            Map<String, Integer> counts = counts(changes, schema);
            if (!counts.isEmpty()) {
                rows.add(votes(galaxy, schema, counts));
            }
        });
        return new LabelTable(columns, rows);
    }

    private static List<String> votes(String galaxy, Schema schema, Map<String, Integer> counts) {
        List<String> row = new ArrayList<>(List.of(galaxy));
        schema.labelColumns()
                .forEach(column -> row.add(counts.getOrDefault(column, 0).toString()));
        schema.questions().forEach(question -> row.add(leading(question, counts)));
        return row;
    }

    private static String leading(Question question, Map<String, Integer> counts) {
        List<String> labels = question.labels();
        int most = labels.stream()
                .mapToInt(label -> counts.getOrDefault(label, 0))
                .max()
                .orElse(0);
        List<Integer> best = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            if (counts.getOrDefault(labels.get(i), 0) == most) {
                best.add(i);
            }
        }
        return most == 0 || best.size() > 1 ? "" : question.answers().get(best.getFirst());
    }

    private static Map<String, Integer> counts(List<Change> changes, Schema schema) {
        Map<String, Map<String, String>> said = new HashMap<>();
        for (Change change : changes) {
            if (change.label() instanceof Label.Answer answer && answer.tree().equals(schema.name())) {
                said.computeIfAbsent(change.who(), who -> new HashMap<>()).put(answer.question(), answer.answer());
            }
        }
        Map<String, Integer> counts = new HashMap<>();
        said.values()
                .forEach(answers -> reached(schema, answers).forEach(label -> counts.merge(label, 1, Integer::sum)));
        return counts;
    }

    /** The labels {@code question_answer} that one person's answers lead through, whatever order the questions stand in. */
    public static Set<String> reached(Schema schema, Map<String, String> answers) {
        Set<String> reached = new HashSet<>();
        for (boolean more = true; more; ) {
            more = false;
            for (Question question : schema.questions()) {
                String answer = answers.get(question.name());
                boolean asked = question.isRoot() || question.parents().stream().anyMatch(reached::contains);
                if (asked && answer != null && question.answers().contains(answer)) {
                    more |= reached.add(question.name() + "_" + answer);
                }
            }
        }
        return reached;
    }

    /** Every change, oldest first. */
    public static LabelTable history(LabelStore store) {
        List<List<String>> rows = store.after(0).stream()
                .map(change -> List.of(
                        change.number() + "",
                        change.at().toString(),
                        change.who(),
                        change.galaxy(),
                        change.label().tree(),
                        change.label().question(),
                        change.label().answer(),
                        change.undoes() == 0 ? "" : change.undoes() + "",
                        change.model()))
                .toList();
        return new LabelTable(
                List.of("change", "at", "who", "id", "tree", "question", "answer", "undoes", "model"), rows);
    }

    /** The same with a column before the others after the first, for instance the file of each galaxy. */
    public LabelTable with(String column, java.util.function.UnaryOperator<String> ofId) {
        List<String> names = new ArrayList<>(columns);
        names.add(1, column);
        List<List<String>> wider = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> one = new ArrayList<>(row);
            one.add(1, ofId.apply(row.getFirst()));
            wider.add(one);
        }
        return new LabelTable(names, wider);
    }

    /**
     * As a file of a name with this ending: {@code csv}, {@code fits}, {@code parquet}, and {@code vot} where the module that writes it is there.
     *
     * @throws hoag.kernels.ConfigException when it is not
     */
    public byte[] bytes(String ending) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            Tables.toWrite(Path.of("labels." + ending)).write(bytes, described(), Reading::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private List<Column> described() {
        return columns.stream().map(this::described).toList();
    }

    /** Numbers are whole where they are so in every row. */
    private Column described(String name) {
        int at = columns.indexOf(name);
        if (name.equals(Label.Rating.QUESTION) && at == 1) {
            return Column.of(name, Column.Type.DOUBLE, "", "0 (dull) to 5 (what is looked for), the mean of people");
        }
        boolean whole = !name.equals("id")
                && !rows.isEmpty()
                && rows.stream().allMatch(row -> row.get(at).matches("\\d{1,18}"));
        return whole ? Column.of(name, Column.Type.WHOLE, "meta.number", "") : Column.text(name);
    }

    /** The rows, once through. */
    private final class Reading implements TableRows {
        private int row;

        @Override
        public List<Column> columns() {
            return described();
        }

        @Override
        public List<String> next() {
            return row < rows.size() ? rows.get(row++) : null;
        }

        @Override
        public long place() {
            return row;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
