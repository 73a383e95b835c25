package hoag.galaxy.report;

import hoag.galaxy.learn.Task;
import hoag.galaxy.tree.Question;
import hoag.galaxy.tree.Schema;
import hoag.galaxy.tree.VoteStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Votes along a tree. */
final class VoteReport implements TaskReport {
    private final Schema schema;
    private final Answered answered;
    private final double[][] fractions;
    private final List<QuestionScores> questions = new ArrayList<>();

    VoteReport(Task.Votes task, Answered answered) {
        schema = task.schema();
        this.answered = answered;
        VoteStatistics statistics = new VoteStatistics(schema);
        fractions = Arrays.stream(answered.passes())
                .parallel()
                .map(statistics::fractions)
                .toArray(double[][]::new);
        double[] volunteers = volunteers();
        int[][] groups = schema.indexGroups();
        for (int q = 0; q < groups.length; q++) {
            questions.add(score(schema.questions().get(q), groups[q], volunteers));
        }
    }

    /** Votes on the root question that has most. */
    private double[] volunteers() {
        double[] most = new double[answered.size()];
        int[][] groups = schema.indexGroups();
        for (int q = 0; q < groups.length; q++) {
            for (int i = 0; i < most.length && schema.questions().get(q).isRoot(); i++) {
                most[i] = Math.max(
                        most[i],
                        Arrays.stream(answered.labels()[i], groups[q][0], groups[q][1])
                                .sum());
            }
        }
        return most;
    }

    private QuestionScores score(Question question, int[] group, double[] volunteers) {
        double[][] votes = part(answered.labels(), group);
        double[] share = new double[votes.length];
        for (int i = 0; i < share.length; i++) {
            share[i] = volunteers[i] == 0 ? 0 : Arrays.stream(votes[i]).sum() / volunteers[i];
        }
        double[][][] passes =
                Arrays.stream(answered.passes()).map(each -> part(each, group)).toArray(double[][][]::new);
        return QuestionScores.of(question, votes, share, part(fractions, group), passes);
    }

    private static double[][] part(double[][] rows, int[] group) {
        return Arrays.stream(rows)
                .map(row -> Arrays.copyOfRange(row, group[0], group[1]))
                .toArray(double[][]::new);
    }

    @Override
    public String name() {
        return schema.name();
    }

    private double mean(ToDoubleFunction<QuestionScores> score) {
        return questions.stream()
                .mapToDouble(score)
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    /** Mean over galaxies of the sum over questions, nats: the loss that training lowers, at any vote counts. */
    private double likelihood() {
        double sum = 0;
        for (QuestionScores question : questions) {
            sum += question.voted() == 0 ? 0 : question.likelihood() * question.voted();
        }
        return sum / answered.size();
    }

    @Override
    public Map<String, Object> metrics() {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("kind", "votes");
        metrics.put("galaxies", answered.size());
        metrics.put("mean_accuracy", TaskReport.json(mean(QuestionScores::accuracy)));
        metrics.put("mean_mae", TaskReport.json(mean(QuestionScores::mae)));
        metrics.put("mean_rmse", TaskReport.json(mean(QuestionScores::rmse)));
        metrics.put("mean_coverage_90", TaskReport.json(mean(QuestionScores::coverage)));
        metrics.put("negative_log_likelihood", TaskReport.json(likelihood()));
        Map<String, Object> each = new LinkedHashMap<>();
        questions.forEach(question -> each.put(question.question().name(), question.metrics()));
        metrics.put("questions", each);
        return metrics;
    }

    @Override
    public List<String> lines() {
        int wide = schema.questions().stream()
                .mapToInt(question -> question.name().length())
                .max()
                .orElse(8);
        String row = "  %-" + wide + "s  %8s  %8s  %6s  %6s  %6s  %7s  %7s";
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, "%s: %,d galaxies, %.3f nats of votes for each", name(), answered.size(), likelihood()));
        lines.add(String.format(row, "question", "galaxies", "accuracy", "F1", "MAE", "RMSE", "nats", "in 90%"));
        for (QuestionScores q : questions) {
            lines.add(String.format(
                    row,
                    q.question().name(),
                    Html.count(q.asked().length),
                    Html.number(q.accuracy()),
                    Html.number(q.macroF1()),
                    Html.number(q.mae()),
                    Html.number(q.rmse()),
                    Html.number(q.likelihood()),
                    Html.number(q.coverage())));
        }
        return lines;
    }

    @Override
    public String html(int mistakes) {
        StringBuilder html = new StringBuilder(TaskReport.figures(
                "mean accuracy",
                Html.number(mean(QuestionScores::accuracy)),
                "mean error of a fraction",
                Html.number(mean(QuestionScores::mae)),
                "nats of votes for each galaxy",
                Html.number(likelihood()),
                "counts in their 90% region",
                Html.percent(mean(QuestionScores::coverage)),
                "galaxies",
                Html.count(answered.size())));
        html.append("<div class=\"scroll\">").append(table()).append("</div>");
        html.append(
                "<p class=\"muted\">Accuracy and F1 (mean over answers) are of galaxies on which at least half of the"
                        + " volunteers were asked the question; errors of fractions and the share of vote counts inside"
                        + " the predicted 90% region are of galaxies with 20 votes or more; nats are -ln p(votes) on"
                        + " galaxies with votes.</p>");
        html.append(
                "<h2>Answers most volunteers gave, and Hoag\u2019s</h2><p class=\"muted\" style=\"margin-bottom:1rem\">"
                        + ConfusionTable.LEGEND + "</p><div class=\"grid\">");
        questions.stream()
                .filter(q -> q.confusion() != null)
                .forEach(q -> html.append(ConfusionTable.panel(
                        Html.plain(q.question().name()),
                        q.confusion(),
                        q.question().answers())));
        html.append("</div><h2>Fractions</h2><div class=\"grid\">");
        html.append(scatter());
        return html.append("</div><h2>Worst mistakes</h2>")
                .append(Mistake.gallery(Mistake.worst(wrong(), mistakes)))
                .toString();
    }

    private String table() {
        StringBuilder table = new StringBuilder(
                "<table><tr><th>question</th><th>galaxies</th><th>accuracy</th><th>F1</th><th>MAE</th><th>RMSE</th><th>nats</th><th>in"
                    + " 90%</th></tr>");
        for (QuestionScores q : questions) {
            table.append("<tr><td>")
                    .append(Html.text(Html.plain(q.question().name())))
                    .append("</td><td>")
                    .append(Html.count(q.asked().length));
            for (double value :
                    new double[] {q.accuracy(), q.macroF1(), q.mae(), q.rmse(), q.likelihood(), q.coverage()}) {
                table.append("</td><td>").append(Html.number(value));
            }
            table.append("</td></tr>");
        }
        return table.append("</table>").toString();
    }

    /** Of each root question, the fraction of its first answer. */
    private String scatter() {
        StringBuilder charts = new StringBuilder();
        int[][] groups = schema.indexGroups();
        for (int q = 0; q < groups.length; q++) {
            if (schema.questions().get(q).isRoot()) {
                charts.append(scatter(schema.questions().get(q), groups[q]));
            }
        }
        return charts.toString();
    }

    private String scatter(Question question, int[] group) {
        double[] voted = new double[answered.size()];
        double[] said = new double[answered.size()];
        for (int i = 0; i < voted.length; i++) {
            voted[i] = answered.labels()[i][group[0]]
                    / Arrays.stream(answered.labels()[i], group[0], group[1]).sum();
            said[i] = fractions[i][group[0]];
        }
        String answer = Html.plain(question.answers().getFirst());
        return new Chart("volunteers", "Hoag", 0, 1)
                .diagonal()
                .dots(voted, said, 2.2, 0.5, "#7db0ff")
                .panel(
                        Html.plain(question.name()) + ": " + answer,
                        "Share of volunteers who say " + answer + "; one dot for each galaxy.");
    }

    private List<Mistake> wrong() {
        List<Mistake> wrong = new ArrayList<>();
        int[][] groups = schema.indexGroups();
        for (int q = 0; q < groups.length; q++) {
            QuestionScores scores = questions.get(q);
            for (int n = 0; n < scores.asked().length; n++) {
                if (scores.guesses()[n] != scores.truths()[n]) {
                    wrong.add(mistake(scores, n, groups[q]));
                }
            }
        }
        return wrong;
    }

    /** The weight: how sure the volunteers were, and how sure the model was of something else. */
    private Mistake mistake(QuestionScores scores, int n, int[] group) {
        int row = scores.asked()[n];
        int truth = group[0] + scores.truths()[n];
        int guess = group[0] + scores.guesses()[n];
        double[] votes = answered.labels()[row];
        double total = Arrays.stream(votes, group[0], group[1]).sum();
        double weight = (votes[truth] - votes[guess]) / total + fractions[row][guess] - fractions[row][truth];
        List<String> answers = scores.question().answers();
        return new Mistake(
                weight,
                answered.ids().get(row),
                answered.images().get(row),
                Html.plain(scores.question().name()),
                Html.plain(answers.get(scores.truths()[n])) + " (" + Html.percent(votes[truth] / total) + ")",
                Html.plain(answers.get(scores.guesses()[n])) + " (" + Html.percent(fractions[row][guess]) + ")");
    }
}
