package hoag.galaxy.labels;

import hoag.galaxy.tree.Names;
import hoag.galaxy.tree.Question;
import hoag.galaxy.tree.Schema;
import hoag.kernels.DataException;

/** What somebody says of a galaxy. */
public sealed interface Label {
    /**
     * How interesting it is.
     *
     * @param stars 0 (dull) to 5 (what is looked for)
     */
    record Rating(int stars) implements Label {
        /** What stands for the question in a table. */
        public static final String QUESTION = "rating";

        /** @throws DataException when it is not of 0..5 */
        public Rating {
            if (stars < 0 || stars > 5) {
                throw new DataException("rating " + stars + " is not allowed; it must be 0 (dull) to 5");
            }
        }

        @Override
        public String tree() {
            return "";
        }

        @Override
        public String question() {
            return QUESTION;
        }

        @Override
        public String answer() {
            return Integer.toString(stars);
        }
    }

    /** An answer to a question of a decision tree. */
    record Answer(String tree, String question, String answer) implements Label {
        /** @throws DataException when a name is blank or longer than 200 characters */
        public Answer {
            check("tree", tree);
            check("question", question);
            check("answer", answer);
        }

        private static void check(String what, String name) {
            if (name.isBlank() || name.length() > 200) {
                throw new DataException(what + " has " + name.length() + " characters; want 1..200, not all blank");
            }
        }

        /** @throws DataException when the tree has no such question, or the question no such answer */
        public Answer checked(Schema schema) {
            Question asked = schema.question(question);
            if (!asked.answers().contains(answer)) {
                throw new DataException("question " + question + " of tree " + tree + " has no answer \"" + answer
                        + "\"" + Names.hint(answer, asked.answers()) + "; its answers: " + Names.list(asked.answers()));
            }
            return this;
        }
    }

    /** The tree's name, blank for a rating. */
    String tree();

    /** The question's name. */
    String question();

    /** What was said. */
    String answer();

    /** The label of a table's row. */
    static Label of(String tree, String question, String answer) {
        return tree.isEmpty() ? new Rating(Integer.parseInt(answer)) : new Answer(tree, question, answer);
    }
}
