package hoag.galaxy.report;

import hoag.galaxy.metrics.ConfusionMatrix;
import hoag.galaxy.metrics.FractionScores;
import hoag.galaxy.tree.Question;
import java.util.Arrays;

/** A tree's part of the page: tables over all questions, then each question by itself, then pictures. */
final class VotePage {
    private final VoteReport report;
    private final int[][] groups;

    VotePage(VoteReport report) {
        this.report = report;
        groups = report.schema().indexGroups();
    }

    String html(Gallery gallery) {
        StringBuilder html = new StringBuilder(TaskReport.figures(
                "mean accuracy",
                Html.number(report.mean(QuestionScores::accuracy)),
                "mean error of a fraction",
                Html.number(report.mean(QuestionScores::mae)),
                "nats of votes for each galaxy",
                Html.number(report.likelihood()),
                "counts in their 90% region",
                Html.percent(report.mean(QuestionScores::ninety)),
                "galaxies",
                Html.count(report.answered().size())));
        html.append("<h2>Answers</h2><div class=\"scroll\">").append(answers()).append("</div>");
        html.append("<p class=\"muted\">Of galaxies ")
                .append(
                        report.leastVotes() > 0
                                ? "with " + Html.count(Math.round(report.leastVotes())) + " votes or more, "
                                : "")
                .append("on which at least half of the volunteers were asked the question. The answer of the"
                        + " volunteers is the one with most votes, Hoag\u2019s the one with the largest expected"
                        + " fraction. Precision and F1 are means over answers, weighted by the true one (the"
                        + " recall weighted so is the accuracy). Confident: more than 80% of those asked gave one"
                        + " answer; the truth chose them, so judge a model by the left half.</p>");
        html.append("<h2>Votes</h2><div class=\"scroll\">").append(votes()).append("</div>");
        html.append("<p class=\"muted\">Errors of fractions and coverage are of galaxies with 20 votes or more on the"
                + " question; nats are -ln p(votes) on galaxies with votes; F1 is the plain mean over answers.</p>");
        html.append("<div class=\"grid\">").append(coverage()).append("</div>");
        report.summary().ifPresent(seven -> html.append(seven.html()));
        html.append("<h2>Question by question</h2><p class=\"muted\">")
                .append(ConfusionTable.LEGEND)
                .append("</p>");
        for (int q = 0; q < groups.length; q++) {
            html.append(question(report.questions().get(q), groups[q]));
        }
        VoteExhibits exhibits = new VoteExhibits(report);
        return html.append(Exhibit.gallery("Best answers", exhibits.best(), gallery))
                .append(Exhibit.gallery("Worst mistakes", exhibits.worst(), gallery))
                .append(Exhibit.gallery("Most uncertain", exhibits.uncertain(), gallery))
                .append("<p class=\"muted\">Uncertain: the votes of 10 volunteers, as predicted, have the largest"
                        + " entropy.</p>")
                .toString();
    }

    private String answers() {
        StringBuilder table = new StringBuilder("<table><tr><th></th><th class=\"over\" colspan=\"4\">all</th>"
                + "<th class=\"over group\" colspan=\"4\">confident</th></tr><tr><th>question</th>"
                + "<th>galaxies</th><th>accuracy</th><th>precision</th><th>F1</th>"
                + "<th class=\"group\">galaxies</th><th>accuracy</th><th>precision</th><th>F1</th></tr>");
        for (QuestionScores q : report.questions()) {
            table.append("<tr><td>").append(name(q.question())).append("</td>");
            table.append(cells(q.confusion(), "")).append(cells(q.confident(), " class=\"group\""));
            table.append("</tr>");
        }
        return table.append("</table>").toString();
    }

    private static String name(Question question) {
        return Html.text(Html.plain(question.name()));
    }

    private static String cells(ConfusionMatrix of, String first) {
        StringBuilder cells = new StringBuilder("<td" + first + ">" + Html.count(QuestionScores.count(of)) + "</td>");
        for (double value : QuestionScores.row(of)) {
            cells.append("<td>").append(Html.fine(value)).append("</td>");
        }
        return cells.toString();
    }

    private String votes() {
        StringBuilder table = new StringBuilder("<table><tr><th>question</th><th>galaxies</th><th>F1</th><th>MAE</th>"
                + "<th>RMSE</th><th>nats</th><th>in 50%</th><th>in 90%</th></tr>");
        for (QuestionScores q : report.questions()) {
            table.append("<tr><td>")
                    .append(name(q.question()))
                    .append("</td><td>")
                    .append(Html.count(q.fractions() == null ? 0 : q.fractions().galaxies()));
            double half = q.coverage() == null ? Double.NaN : q.coverage()[4];
            for (double value : new double[] {q.macroF1(), q.mae(), q.rmse(), q.likelihood(), half, q.ninety()}) {
                table.append("</td><td>").append(Html.number(value));
            }
            table.append("</td></tr>");
        }
        return table.append("</table>").toString();
    }

    private String coverage() {
        Chart chart = new Chart("mass of the region", "share of counts inside", 0, 1).diagonal();
        for (int q = 0; q < groups.length; q++) {
            QuestionScores scores = report.questions().get(q);
            if (scores.coverage() != null) {
                chart.line(QuestionScores.MASSES, scores.coverage(), Chart.colour(q))
                        .legend(Html.plain(scores.question().name()), Chart.colour(q));
            }
        }
        return chart.panel(
                "Coverage",
                "Below the dashed line a model is too sure of itself. Regions of highest probability of the vote"
                        + " counts; counts are whole, so a good model lies a little above.");
    }

    private String question(QuestionScores scores, int[] group) {
        if (scores.confusion() == null && scores.fractions() == null) {
            return "";
        }
        Question question = scores.question();
        StringBuilder html = new StringBuilder("<div class=\"question\"><h3>" + name(question) + "</h3>");
        if (scores.confusion() != null) {
            html.append(ConfusionTable.panel("Confusion", scores.confusion(), question.answers()));
        }
        html.append("<div class=\"grid\">");
        if (scores.fractions() != null) {
            html.append(scatter(question, group));
        }
        if (scores.curves() != null) {
            html.append(scores.curves().panels());
        }
        return html.append("</div></div>").toString();
    }

    private String scatter(Question question, int[] group) {
        Chart chart = new Chart("share of volunteers", "predicted fraction", 0, 1).diagonal();
        double[][] votes = VoteReport.part(report.answered().labels(), group);
        for (int a = 0; a < group[1] - group[0]; a++) {
            chart.dots(voted(votes, a), said(group[0] + a), 2.0, 0.45, Chart.colour(a))
                    .legend(Html.plain(question.answers().get(a)), Chart.colour(a));
        }
        return chart.panel("Fractions", "One dot for each answer of each galaxy with 20 votes or more.");
    }

    /** NaN where too few voted. */
    private static double[] voted(double[][] votes, int answer) {
        return Arrays.stream(votes)
                .mapToDouble(row -> {
                    double total = Arrays.stream(row).sum();
                    return total >= FractionScores.MINIMUM_VOTES ? row[answer] / total : Double.NaN;
                })
                .toArray();
    }

    private double[] said(int column) {
        return Arrays.stream(report.fractions()).mapToDouble(row -> row[column]).toArray();
    }
}
