package hoag.galaxy.tree;

import hoag.kernels.ConfigException;
import java.util.List;

/**
 * One question of a decision tree.
 *
 * @param name for example {@code bar-gz2}
 * @param answers what a volunteer can say, for example {@code yes}, {@code no}; at least two
 * @param parents the labels ({@code question_answer}) that lead here; none: everyone is asked
 */
public record Question(String name, List<String> answers, List<String> parents) {
    /** @throws ConfigException when there are fewer than two answers, or one is blank or given twice */
    public Question {
        if (name == null || name.isBlank())
            throw new ConfigException("question: the name is blank; give every question a name");
        answers = List.copyOf(answers);
        parents = List.copyOf(parents);
        if (answers.size() < 2)
            throw new ConfigException("question %s: answers are %s; at least two are needed".formatted(name, answers));
        if (answers.stream().anyMatch(String::isBlank))
            throw new ConfigException(
                    "question %s: an answer is blank in %s; name every answer".formatted(name, answers));
        Names.firstDuplicate(answers).ifPresent(twice -> reject(name, "answer", twice));
        Names.firstDuplicate(parents).ifPresent(twice -> reject(name, "parent", twice));
    }

    private static void reject(String name, String what, String twice) {
        throw new ConfigException("question %s: %s \"%s\" is given twice; leave one out".formatted(name, what, twice));
    }

    /** True when every volunteer is asked. */
    public boolean isRoot() {
        return parents.isEmpty();
    }

    /** The column names of the answers: {@code question_answer}. */
    public List<String> labels() {
        return answers.stream().map(answer -> name + "_" + answer).toList();
    }
}
