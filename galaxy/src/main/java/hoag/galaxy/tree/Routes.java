package hoag.galaxy.tree;

import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Who is asked what: a tree prepared for walking, once per tree and used for every galaxy. Immutable.
 *
 * <p>The share of volunteers who are asked a question is 1 at a root. Below, each parent answer is reached by
 * (share asked its question) x (its fraction), and the shares of several parents are added, since no volunteer gives two of them.
 * Where a tree lets a volunteer give two, the sum counts some twice: it is an upper bound, and is cut at 1.
 */
public final class Routes {
    private final Schema schema;
    private final List<String> labels;
    private final int[][] groups;
    private final int[] order;
    /** Per question, the columns of its parent answers. */
    private final int[][] parents;
    /** Per column, its question. */
    private final int[] owner;

    /** Finds which answers lead to which questions. */
    public Routes(Schema schema) {
        this.schema = schema;
        labels = schema.labelColumns();
        groups = schema.indexGroups();
        order = SchemaCheck.order(schema.name(), schema.questions());
        parents = parentColumns();
        owner = owners();
    }

    /** One step of a route: the question, the most likely answer, its fraction, and the share of volunteers who got there. */
    public record Step(String question, String answer, double fraction, double proportionAsked) {}

    /** The tree. */
    public Schema schema() {
        return schema;
    }

    /**
     * Share of volunteers who are asked each question.
     *
     * @param fractions (answers), each question's adding up to 1
     * @return (questions), 0..1
     */
    public double[] proportionAsked(double[] fractions) {
        checkWidth(fractions.length);
        var asked = new double[groups.length];
        for (int q : order) asked[q] = asked(q, asked, fractions);
        return asked;
    }

    private double asked(int question, double[] asked, double[] fractions) {
        if (parents[question].length == 0) return 1;
        double sum = 0;
        for (int column : parents[question]) sum += asked[owner[column]] * fractions[column];
        return Math.min(1, sum);
    }

    /** One value per question, repeated for each of its answers: (questions) to (answers). */
    public double[] byAnswer(double[] perQuestion) {
        var spread = new double[owner.length];
        for (int column = 0; column < spread.length; column++) spread[column] = perQuestion[owner[column]];
        return spread;
    }

    /**
     * The most likely route: every root's most likely answer, then every question that hangs from an answer taken, in tree order.
     * Equal fractions: the first answer.
     */
    public List<Step> decisionPath(double[] fractions) {
        var asked = proportionAsked(fractions);
        var taken = new boolean[owner.length];
        List<Step> path = new ArrayList<>();
        for (int q : order) {
            if (!isReached(q, taken)) continue;
            int column = most(fractions, groups[q]);
            taken[column] = true;
            var question = schema.questions().get(q);
            path.add(new Step(
                    question.name(), question.answers().get(column - groups[q][0]), fractions[column], asked[q]));
        }
        return path;
    }

    private boolean isReached(int question, boolean[] taken) {
        if (parents[question].length == 0) return true;
        for (int column : parents[question]) if (taken[column]) return true;
        return false;
    }

    private static int most(double[] fractions, int[] group) {
        int best = group[0];
        for (int column = group[0] + 1; column < group[1]; column++)
            if (fractions[column] > fractions[best]) best = column;
        return best;
    }

    void checkWidth(int columns) {
        if (columns != owner.length)
            throw new ShapeException(
                    "tree %s has %d answers, but %d values were given".formatted(schema.name(), owner.length, columns));
    }

    private int[][] parentColumns() {
        var column = new HashMap<String, Integer>();
        for (int c = 0; c < labels.size(); c++) column.put(labels.get(c), c);
        return schema.questions().stream()
                .map(question ->
                        question.parents().stream().mapToInt(column::get).toArray())
                .toArray(int[][]::new);
    }

    private int[] owners() {
        var result = new int[labels.size()];
        for (int q = 0; q < groups.length; q++) for (int c = groups[q][0]; c < groups[q][1]; c++) result[c] = q;
        return result;
    }
}
