package hoag.galaxy.report;

import hoag.galaxy.learn.Task;
import hoag.galaxy.metrics.Calibration;
import hoag.galaxy.metrics.ClassScores;
import hoag.galaxy.metrics.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** One of several classes. */
final class ClassReport implements TaskReport {
    private final Task.Classes task;
    private final Answered answered;
    private final ClassScores scores;
    private final ConfusionMatrix confusion;
    private final Calibration calibration;
    private final Curves curves;
    private final int[] guesses;
    private final int[] order;

    ClassReport(Task.Classes task, Answered answered) {
        this.task = task;
        this.answered = answered;
        scores = new ClassScores(
                Arrays.stream(answered.truth()).mapToInt(k -> (int) k).toArray(), answered.means());
        confusion = scores.confusion();
        guesses = scores.guesses();
        order = ClassOrder.of(task.names());
        curves = new Curves(task.names(), scores.truth(), scores.probability());
        calibration = scores.calibration();
    }

    @Override
    public String name() {
        return task.column();
    }

    @Override
    public Map<String, Object> metrics() {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("kind", "classes");
        metrics.put("galaxies", answered.size());
        metrics.put("accuracy", confusion.accuracy());
        metrics.put("balanced_accuracy", confusion.balancedAccuracy());
        metrics.put("macro_f1", confusion.macroF1());
        metrics.put("weighted_f1", confusion.weightedF1());
        metrics.put("log_loss", scores.logLoss());
        metrics.put("brier", scores.brier());
        metrics.put("calibration_error", calibration.expectedError());
        metrics.put("kappa", confusion.kappa());
        metrics.put("classes", task.names());
        metrics.put("confusion", confusion.counts());
        Map<String, Object> each = new LinkedHashMap<>();
        for (int k = 0; k < confusion.classes(); k++) {
            each.put(
                    task.names().get(k),
                    Map.of(
                            "galaxies",
                            confusion.support(k),
                            "precision",
                            confusion.precision(k),
                            "recall",
                            confusion.recall(k),
                            "f1",
                            confusion.f1(k)));
        }
        metrics.put("each", each);
        metrics.put("curves", curves.metrics());
        return metrics;
    }

    @Override
    public List<String> lines() {
        int wide = Math.max(
                12, task.names().stream().mapToInt(String::length).max().orElse(0));
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s: %,d galaxies, accuracy %.3f, macro recall %.3f, macro F1 %.3f, log loss %.3f",
                name(),
                answered.size(),
                confusion.accuracy(),
                confusion.balancedAccuracy(),
                confusion.macroF1(),
                scores.logLoss()));
        lines.add(String.format(
                "  %-" + wide + "s  %8s  %9s  %6s  %5s", "class", "galaxies", "precision", "recall", "F1"));
        for (int k : order) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-" + wide + "s  %,8d  %9.3f  %6.3f  %5.3f",
                    task.names().get(k),
                    confusion.support(k),
                    confusion.precision(k),
                    confusion.recall(k),
                    confusion.f1(k)));
        }
        return lines;
    }

    @Override
    public String html(Gallery gallery) {
        return TaskReport.figures(
                        "accuracy",
                        Html.number(confusion.accuracy()),
                        "macro recall",
                        Html.number(confusion.balancedAccuracy()),
                        "macro F1",
                        Html.number(confusion.macroF1()),
                        "log loss, nats",
                        Html.number(scores.logLoss()),
                        "calibration error",
                        Html.number(calibration.expectedError()),
                        "galaxies",
                        Html.count(answered.size()))
                + "<div class=\"scroll\">" + table() + "</div><div class=\"grid\" style=\"margin-top:1.4rem\">"
                + ConfusionTable.panel(
                        "Who was taken for whom (" + ConfusionTable.LEGEND + ")",
                        confusion.ordered(order),
                        Arrays.stream(order).mapToObj(task.names()::get).toList())
                + reliability(calibration) + curves.panels() + "</div>"
                + Exhibit.gallery("Best answers", right(), gallery)
                + Exhibit.gallery("Worst mistakes", wrong(), gallery)
                + Exhibit.gallery("Most uncertain", uncertain(), gallery);
    }

    private String table() {
        StringBuilder table = new StringBuilder(
                "<table><tr><th>class</th><th>galaxies</th><th>precision</th><th>recall</th><th>F1</th></tr>");
        for (int k : order) {
            table.append("<tr><td>")
                    .append(Html.text(task.names().get(k)))
                    .append("</td><td>")
                    .append(Html.count(confusion.support(k)))
                    .append("</td><td>")
                    .append(Html.number(confusion.precision(k)))
                    .append("</td><td>")
                    .append(Html.number(confusion.recall(k)))
                    .append("</td><td>")
                    .append(Html.number(confusion.f1(k)))
                    .append("</td></tr>");
        }
        return table.append("</table>").toString();
    }

    /** How often a stated probability comes true. */
    static String reliability(Calibration calibration) {
        return new Chart("stated probability", "share that came true", 0, 1)
                .diagonal()
                .line(calibration.meanConfidence(), calibration.accuracy(), "#f0c36d")
                .dots(calibration.meanConfidence(), calibration.accuracy(), 3.5, 1, "#f0c36d")
                .panel("Reliability", "On the dashed line, 80% sure is right 8 times in 10.");
    }

    private List<Exhibit> right() {
        return shown(i -> guesses[i] == scores.truth()[i] ? scores.probability()[i][guesses[i]] : Double.NaN);
    }

    private List<Exhibit> wrong() {
        return shown(i -> guesses[i] == scores.truth()[i]
                ? Double.NaN
                : scores.probability()[i][guesses[i]] - scores.probability()[i][scores.truth()[i]]);
    }

    /** By the entropy of the probabilities. */
    private List<Exhibit> uncertain() {
        return shown(i -> Arrays.stream(scores.probability()[i])
                .map(p -> p > 0 ? -p * Math.log(p) : 0)
                .sum());
    }

    private List<Exhibit> shown(IntToDoubleFunction weight) {
        return IntStream.range(0, guesses.length)
                .mapToObj(i -> {
                    double[] p = scores.probability()[i];
                    return new Exhibit(
                            weight.applyAsDouble(i),
                            answered.ids().get(i),
                            answered.images().get(i),
                            "",
                            said(scores.truth()[i], p),
                            said(guesses[i], p));
                })
                .toList();
    }

    private String said(int k, double[] p) {
        return task.names().get(k) + " (" + Html.percent(p[k]) + ")";
    }
}
