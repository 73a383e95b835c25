package hoag.galaxy.simulate;

import hoag.galaxy.tree.Question;
import hoag.galaxy.tree.Schema;
import java.util.List;

/**
 * People who answer the questions of Galaxy Zoo 2's tree about a simulated galaxy. Each answer has a chance that follows from the truth (an arm that is stronger, a disk that is more
 * inclined, a galaxy with more light); each person draws an answer and is then asked what hangs from it. People agree where a feature is plain and not where it is weak, as
 * logistic curves with a spread of their own for each galaxy.
 */
public final class Volunteers {
    private static final Schema TREE = Schema.named("gz2");
    private static final int[][] GROUPS = TREE.indexGroups();
    private static final List<String> COLUMNS = TREE.labelColumns();

    private final Morphology galaxy;
    private final Draw draw;
    private final double clear;

    private Volunteers(Morphology galaxy, double clear, Draw draw) {
        this.galaxy = galaxy;
        this.clear = clear;
        this.draw = draw;
    }

    /** The columns of their votes, {@code question_answer}. */
    public static List<String> columns() {
        return COLUMNS;
    }

    /**
     * How many gave each answer.
     *
     * @param people how many are asked
     * @param clear how plain features are to see, 0 (lost in noise) to 1
     */
    static int[] votes(Morphology galaxy, int people, double clear, Draw draw) {
        return new Volunteers(galaxy, clear, draw).votes(people);
    }

    private int[] votes(int people) {
        double[][] chances = new double[GROUPS.length][];
        for (int q = 0; q < chances.length; q++) {
            chances[q] = chances(TREE.questions().get(q));
        }
        int[] votes = new int[COLUMNS.size()];
        for (int person = 0; person < people; person++) {
            boolean[] said = new boolean[votes.length];
            for (int q = 0; q < chances.length; q++) {
                if (asked(TREE.questions().get(q), said)) {
                    int column = GROUPS[q][0] + draw.of(chances[q]);
                    said[column] = true;
                    votes[column]++;
                }
            }
        }
        return votes;
    }

    /** The tree's questions stand after those that they hang from. */
    private static boolean asked(Question question, boolean[] said) {
        return question.isRoot() || question.parents().stream().anyMatch(parent -> said[COLUMNS.indexOf(parent)]);
    }

    private double[] chances(Question question) {
        var arms = galaxy.arms();
        return switch (question.name()) {
            case "smooth-or-featured-gz2" -> root();
            case "disk-edge-on-gz2" -> yes(galaxy.body().inclination() - 76, 5);
            case "has-spiral-arms-gz2" -> yes((arms.count() > 0 ? arms.strength() * clear : 0) - 0.25, 0.08);
            case "bar-gz2" -> yes(galaxy.parts().bar() * clear - 0.07, 0.025);
            case "bulge-size-gz2" -> ordered(galaxy.bulge().fraction(), 0.07, 0.55, 0.25, 0.06);
            case "something-odd-gz2" -> yes(odd() * clear - 0.25, 0.12);
            case "how-rounded-gz2" -> ordered(roundness(), 0.07, 0.72, 0.4);
            case "bulge-shape-gz2" -> {
                double none = logistic((0.1 - galaxy.bulge().fraction()) / 0.03);
                yield new double[] {0.9 * (1 - none), 0.1 * (1 - none), none};
            }
            case "spiral-winding-gz2" -> ordered(-arms.pitch(), 3, -14, -23);
            case "spiral-arm-count-gz2" -> count(arms.count());
            default -> throw new IllegalStateException("no answer to " + question.name());
        };
    }

    private double[] root() {
        double artifact = galaxy.kind() == GalaxyKind.ARTIFACT ? 0.85 : 0.02;
        var parts = galaxy.parts();
        double feature = Math.max(
                Math.max(galaxy.arms().strength() * (galaxy.arms().count() > 0 ? 1 : 0), odd()),
                Math.max(
                        4 * parts.bar(),
                        Math.max(2 * parts.knots(), galaxy.body().inclination() > 80 ? 0.8 : 0)));
        double disk = galaxy.disk() > 0.4 ? 0.12 : 0;
        double featured = (1 - artifact) * likely(feature * clear + disk - 0.3, 0.1);
        return new double[] {1 - artifact - featured, featured, artifact};
    }

    /** How odd the galaxy is, 0..1. */
    private double odd() {
        var parts = galaxy.parts();
        double most = Math.max(parts.ring() * 2, Math.max(parts.tails() * 4, parts.companion() * 2));
        most = Math.max(most, Math.max(parts.arcs() * 5, parts.dust() / 2.5));
        return Math.min(1, Math.max(most, parts.knots() + 0.6 * parts.lopsided() - 0.35));
    }

    /** Axis ratio of what is seen. */
    private double roundness() {
        double disk = Math.max(0, galaxy.disk());
        return disk * galaxy.slant() + (1 - disk) * galaxy.bulge().axes();
    }

    private double[] yes(double evidence, double scale) {
        double p = likely(evidence, scale);
        return new double[] {p, 1 - p};
    }

    /** Chance of yes: evidence in units of a scale, moved for this galaxy by a normal draw; never quite sure. */
    private double likely(double evidence, double scale) {
        return 0.02 + 0.96 * logistic(evidence / scale + 0.7 * draw.normal());
    }

    /** Answers in falling order of a value, cut at falling thresholds that people see with a spread. */
    private double[] ordered(double value, double spread, double... cuts) {
        double seen = value + 0.7 * spread * draw.normal();
        double[] chances = new double[cuts.length + 1];
        double before = 0;
        for (int i = 0; i < cuts.length; i++) {
            double above = logistic((seen - cuts[i]) / (0.6 * spread));
            chances[i] = Math.max(0, above - before);
            before = Math.max(before, above);
        }
        chances[cuts.length] = 1 - before;
        return chances;
    }

    private double[] count(int arms) {
        double[] chances = {0.03, 0.03, 0.03, 0.03, 0.03, 0.15 + 0.4 * (1 - clear)};
        if (arms > 0) {
            chances[Math.min(5, arms) - 1] += 1 + clear;
        }
        double sum = 0;
        for (double chance : chances) {
            sum += chance;
        }
        for (int i = 0; i < chances.length; i++) {
            chances[i] /= sum;
        }
        return chances;
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
