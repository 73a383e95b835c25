package hoag.galaxy.report;

import hoag.galaxy.metrics.ConfusionMatrix;
import hoag.galaxy.tree.Gz2Summary;
import hoag.galaxy.tree.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The 7 classes that follow from the votes, against those that follow from the predicted fractions.
 *
 * @param unassigned galaxies to which the votes give no class
 */
record SummaryScores(ConfusionMatrix confusion, int unassigned) {
    /** Nothing where the tree is not Galaxy Zoo 2's or no galaxy has a class. */
    static Optional<SummaryScores> of(Schema schema, double[][] votes, double[][] fractions) {
        return Gz2Summary.of(schema).flatMap(rule -> of(rule, votes, fractions));
    }

    private static Optional<SummaryScores> of(Gz2Summary rule, double[][] votes, double[][] fractions) {
        int classes = Gz2Summary.CLASSES.size();
        int[][] counts = new int[classes][classes];
        int assigned = 0;
        for (int i = 0; i < votes.length; i++) {
            int truth = rule.ofVotes(votes[i]);
            if (truth != Gz2Summary.UNASSIGNED) {
                counts[truth][rule.ofFractions(fractions[i])]++;
                assigned++;
            }
        }
        return assigned == 0
                ? Optional.empty()
                : Optional.of(new SummaryScores(new ConfusionMatrix(counts), votes.length - assigned));
    }

    Map<String, Object> metrics() {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("galaxies", confusion.total());
        metrics.put("unassigned", unassigned);
        metrics.put("accuracy", confusion.accuracy());
        metrics.put("balanced_accuracy", confusion.balancedAccuracy());
        metrics.put("macro_f1", confusion.macroF1());
        metrics.put("classes", Gz2Summary.CLASSES);
        metrics.put("confusion", confusion.counts());
        return metrics;
    }

    String html() {
        return "<h2>Seven classes</h2><p class=\"muted\">The summary classes of Galaxy Zoo 2, from the votes and from"
                + " the predicted fractions; " + Html.count(unassigned)
                + " galaxies have none by their votes. Macro recall "
                + Html.number(confusion.balancedAccuracy()) + ", macro F1 " + Html.number(confusion.macroF1())
                + ".</p>"
                + ConfusionTable.panel(ConfusionTable.LEGEND, confusion, Gz2Summary.CLASSES);
    }
}
