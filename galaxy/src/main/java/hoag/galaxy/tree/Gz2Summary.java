package hoag.galaxy.tree;

import java.util.List;
import java.util.Optional;

/**
 * The 7 classes of Galaxy Zoo 2's "summary" task, from its votes: follow the answer that most volunteers gave. A question counts only when more
 * than half of <b>all</b> volunteers gave the answer that leads to it; equal votes decide nothing. The path over smooth or featured, roundness,
 * edge-on, spiral arms and bar is the class, and every edge-on path is an edge-on disk. What ends early, an artifact, and a bar without spiral
 * arms (no class has that name) are unassigned.
 *
 * <p>The numbers of the classes are those of the published labels.
 */
public final class Gz2Summary {
    /** Names of the classes 0..6. */
    public static final List<String> CLASSES = List.of(
            "smooth_inbetween",
            "smooth_round",
            "smooth_cigar",
            "edge_on_disk",
            "unbarred_spiral",
            "barred_spiral",
            "featured_without_bar_or_spiral");

    /** No class. */
    public static final int UNASSIGNED = -1;

    private static final int TIE = -1;

    private final int[] root;
    private final int[] rounded;
    private final int[] edgeOn;
    private final int[] spiral;
    private final int[] bar;

    private Gz2Summary(Schema schema) {
        root = columns(schema, "smooth-or-featured-gz2", List.of("smooth", "featured-or-disk", "artifact"));
        rounded = columns(schema, "how-rounded-gz2", List.of("round", "in-between", "cigar"));
        edgeOn = columns(schema, "disk-edge-on-gz2", List.of("yes", "no"));
        spiral = columns(schema, "has-spiral-arms-gz2", List.of("yes", "no"));
        bar = columns(schema, "bar-gz2", List.of("yes", "no"));
    }

    /** The rule for a tree that asks Galaxy Zoo 2's questions, by their names; nothing for other trees. */
    public static Optional<Gz2Summary> of(Schema schema) {
        var rule = new Gz2Summary(schema);
        boolean all = rule.root != null
                && rule.rounded != null
                && rule.edgeOn != null
                && rule.spiral != null
                && rule.bar != null;
        return all ? Optional.of(rule) : Optional.empty();
    }

    private static int[] columns(Schema schema, String question, List<String> answers) {
        var groups = schema.indexGroups();
        for (int q = 0; q < groups.length; q++) {
            var each = schema.questions().get(q);
            if (each.name().equals(question) && each.answers().equals(answers)) return groups[q];
        }
        return null;
    }

    /**
     * The class of a galaxy by its votes.
     *
     * @param votes (answers) counts in the tree's order
     * @return 0..6, or {@link #UNASSIGNED}
     */
    public int ofVotes(double[] votes) {
        double half = (votes[root[0]] + votes[root[0] + 1] + votes[root[0] + 2]) / 2;
        int kind = most(votes, root);
        if (kind == TIE || kind == 2 || votes[root[0] + kind] <= half) return UNASSIGNED;
        if (kind == 0) return smooth(most(votes, rounded));
        int side = most(votes, edgeOn);
        if (side == 0) return 3;
        if (side == TIE || votes[edgeOn[0] + 1] <= half) return UNASSIGNED;
        return faceOn(most(votes, spiral), most(votes, bar));
    }

    /**
     * The class that a model holds for the most likely, always one of the seven: the most likely answers are followed to the end. A bar without
     * spiral arms counts as without.
     *
     * @param fractions (answers) expected fractions, each question's adding up to 1
     * @return 0..6
     */
    public int ofFractions(double[] fractions) {
        if (fractions[root[0]] >= fractions[root[0] + 1]) return smooth(Math.max(0, most(fractions, rounded)));
        if (most(fractions, edgeOn) == 0) return 3;
        boolean arms = most(fractions, spiral) == 0;
        return faceOn(arms ? 0 : 1, arms ? Math.max(0, most(fractions, bar)) : 1);
    }

    private static int smooth(int roundness) {
        return switch (roundness) {
            case 0 -> 1;
            case 1 -> 0;
            case 2 -> 2;
            default -> UNASSIGNED;
        };
    }

    private static int faceOn(int arms, int barred) {
        if (arms == TIE || barred == TIE) return UNASSIGNED;
        if (arms == 0) return barred == 0 ? 5 : 4;
        return barred == 0 ? UNASSIGNED : 6;
    }

    /** The answer with most, from 0; none if two have as many. */
    private static int most(double[] values, int[] group) {
        int best = group[0];
        boolean tie = false;
        for (int i = group[0] + 1; i < group[1]; i++) {
            tie = values[i] == values[best] || tie && values[i] < values[best];
            best = values[i] > values[best] ? i : best;
        }
        return tie ? TIE : best - group[0];
    }
}
