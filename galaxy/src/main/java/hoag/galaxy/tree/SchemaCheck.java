package hoag.galaxy.tree;

import hoag.kernels.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What every tree must keep: names that differ, parents that exist, and no circle. */
final class SchemaCheck {
    private SchemaCheck() {}

    static void check(String tree, List<Question> questions) {
        if (questions.isEmpty())
            throw new ConfigException("tree %s has no question; give at least one".formatted(tree));
        var names = questions.stream().map(Question::name).toList();
        Names.firstDuplicate(names).ifPresent(twice -> duplicate(tree, "question", twice));
        var labels = questions.stream()
                .flatMap(question -> question.labels().stream())
                .toList();
        Names.firstDuplicate(labels).ifPresent(twice -> duplicate(tree, "label", twice));
        for (var question : questions) parentsExist(tree, question, labels);
        order(tree, questions);
    }

    private static void duplicate(String tree, String what, String twice) {
        throw new ConfigException("tree %s: %s \"%s\" is given twice; rename one".formatted(tree, what, twice));
    }

    private static void parentsExist(String tree, Question question, List<String> labels) {
        for (var parent : question.parents()) {
            if (!labels.contains(parent))
                throw new ConfigException("tree %s: question %s has parent \"%s\", which is no answer%s; allowed: %s"
                        .formatted(tree, question.name(), parent, Names.hint(parent, labels), Names.list(labels)));
        }
    }

    /**
     * Indices of the questions in column order, except that a question waits for its parents.
     *
     * @throws ConfigException naming the questions that go round in a circle
     */
    static int[] order(String tree, List<Question> questions) {
        Map<String, Integer> owner = new HashMap<>();
        for (int q = 0; q < questions.size(); q++)
            for (var label : questions.get(q).labels()) owner.put(label, q);
        List<Integer> done = new ArrayList<>();
        Set<Integer> left = new TreeSet<>();
        for (int q = 0; q < questions.size(); q++) left.add(q);
        while (!left.isEmpty()) {
            var next = left.stream()
                    .filter(q -> isReady(questions.get(q), owner, left))
                    .findFirst();
            done.add(next.orElseThrow(() -> circle(tree, questions, left)));
            left.remove(next.get());
        }
        return done.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean isReady(Question question, Map<String, Integer> owner, Set<Integer> left) {
        return question.parents().stream().noneMatch(parent -> left.contains(owner.get(parent)));
    }

    private static ConfigException circle(String tree, List<Question> questions, Set<Integer> left) {
        var names = left.stream().map(q -> questions.get(q).name()).toList();
        return new ConfigException(
                "tree %s goes round in a circle, no way in from a root: %s; remove a parent of one of them"
                        .formatted(tree, Names.list(names)));
    }
}
