package hoag.galaxy.report;

import hoag.galaxy.metrics.VoteEntropy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Which galaxies to show of a tree's answers; of each question those on which at least half of the volunteers were asked it. */
final class VoteExhibits {
    private final VoteReport report;
    private final List<Exhibit> best = new ArrayList<>();
    private final List<Exhibit> worst = new ArrayList<>();
    private final List<Exhibit> uncertain = new ArrayList<>();

    VoteExhibits(VoteReport report) {
        this.report = report;
        int[][] groups = report.schema().indexGroups();
        for (int q = 0; q < groups.length; q++) {
            add(report.questions().get(q), groups[q]);
        }
    }

    /** Right, volunteers and model of one mind. */
    List<Exhibit> best() {
        return best;
    }

    /** Wrong, the surest first. */
    List<Exhibit> worst() {
        return worst;
    }

    /** By the entropy of a few volunteers' votes. */
    List<Exhibit> uncertain() {
        return uncertain;
    }

    private void add(QuestionScores scores, int[] group) {
        double[] entropy = IntStream.of(scores.asked())
                .parallel()
                .mapToDouble(row -> VoteEntropy.mean(
                        VoteReport.part(report.answered().passes()[row], group), VoteEntropy.VOLUNTEERS))
                .toArray();
        for (int n = 0; n < entropy.length; n++) {
            int row = scores.asked()[n];
            int truth = group[0] + scores.truths()[n];
            int guess = group[0] + scores.guesses()[n];
            uncertain.add(exhibit(scores, n, group, entropy[n]));
            if (truth == guess) {
                best.add(exhibit(scores, n, group, share(row, truth, group) + report.fractions()[row][truth]));
            } else {
                worst.add(exhibit(scores, n, group, wrong(row, truth, guess, group)));
            }
        }
    }

    private double share(int row, int column, int[] group) {
        double[] votes = report.answered().labels()[row];
        return votes[column] / Arrays.stream(votes, group[0], group[1]).sum();
    }

    /** How sure the volunteers were, and how sure the model was of something else. */
    private double wrong(int row, int truth, int guess, int[] group) {
        return share(row, truth, group)
                - share(row, guess, group)
                + report.fractions()[row][guess]
                - report.fractions()[row][truth];
    }

    private Exhibit exhibit(QuestionScores scores, int n, int[] group, double weight) {
        int row = scores.asked()[n];
        int truth = group[0] + scores.truths()[n];
        int guess = group[0] + scores.guesses()[n];
        List<String> answers = scores.question().answers();
        return new Exhibit(
                weight,
                report.answered().ids().get(row),
                report.answered().images().get(row),
                Html.plain(scores.question().name()),
                Html.plain(answers.get(scores.truths()[n])) + " (" + Html.percent(share(row, truth, group)) + ")",
                Html.plain(answers.get(scores.guesses()[n])) + " (" + Html.percent(report.fractions()[row][guess])
                        + ")");
    }
}
