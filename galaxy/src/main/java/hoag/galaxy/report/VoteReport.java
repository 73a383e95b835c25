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
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Votes along a tree. */
final class VoteReport implements TaskReport {
    private final Schema schema;
    private final Answered answered;
    private final double leastVotes;
    private final double[][] fractions;
    private final List<QuestionScores> questions = new ArrayList<>();
    private final Optional<SummaryScores> summary;

    /** @param leastVotes on a root question, for a galaxy to count in accuracies */
    VoteReport(Task.Votes task, Answered all, double leastVotes) {
        schema = task.schema();
        answered = all.voted();
        this.leastVotes = leastVotes;
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
        summary = SummaryScores.of(schema, answered.labels(), fractions);
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
            boolean few = volunteers[i] == 0 || volunteers[i] < leastVotes;
            share[i] = few ? 0 : Arrays.stream(votes[i]).sum() / volunteers[i];
        }
        double[][][] passes =
                Arrays.stream(answered.passes()).map(each -> part(each, group)).toArray(double[][][]::new);
        return QuestionScores.of(question, votes, share, part(fractions, group), passes);
    }

    static double[][] part(double[][] rows, int[] group) {
        return Arrays.stream(rows)
                .map(row -> Arrays.copyOfRange(row, group[0], group[1]))
                .toArray(double[][]::new);
    }

    @Override
    public String name() {
        return schema.name();
    }

    Schema schema() {
        return schema;
    }

    Answered answered() {
        return answered;
    }

    double leastVotes() {
        return leastVotes;
    }

    /** Expected, (galaxies, answers). */
    double[][] fractions() {
        return fractions;
    }

    List<QuestionScores> questions() {
        return questions;
    }

    Optional<SummaryScores> summary() {
        return summary;
    }

    double mean(ToDoubleFunction<QuestionScores> score) {
        return questions.stream()
                .mapToDouble(score)
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    /** Mean over galaxies of the sum over questions, nats: the loss that training lowers, at any vote counts. */
    double likelihood() {
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
        metrics.put("least_votes", leastVotes);
        metrics.put("mean_accuracy", TaskReport.json(mean(QuestionScores::accuracy)));
        metrics.put("mean_mae", TaskReport.json(mean(QuestionScores::mae)));
        metrics.put("mean_rmse", TaskReport.json(mean(QuestionScores::rmse)));
        metrics.put("mean_coverage_90", TaskReport.json(mean(QuestionScores::ninety)));
        metrics.put("negative_log_likelihood", TaskReport.json(likelihood()));
        Map<String, Object> each = new LinkedHashMap<>();
        questions.forEach(question -> each.put(question.question().name(), question.metrics()));
        metrics.put("questions", each);
        metrics.put("summary", summary.map(SummaryScores::metrics).orElse(null));
        return metrics;
    }

    @Override
    public List<String> lines() {
        int wide = schema.questions().stream()
                .mapToInt(question -> question.name().length())
                .max()
                .orElse(8);
        String row = "  %-" + wide + "s  %8s  %8s  %6s  %6s  %6s  %7s  %7s  %9s  %8s";
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, "%s: %,d galaxies, %.3f nats of votes for each", name(), answered.size(), likelihood()));
        lines.add(String.format(
                row,
                "question",
                "galaxies",
                "accuracy",
                "F1",
                "MAE",
                "RMSE",
                "nats",
                "in 90%",
                "confident",
                "accuracy"));
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
                    Html.number(q.ninety()),
                    Html.count(QuestionScores.count(q.confident())),
                    Html.number(QuestionScores.row(q.confident())[0])));
        }
        summary.ifPresent(seven -> lines.add(String.format(
                Locale.ROOT,
                "  seven summary classes: %,d galaxies, accuracy %.3f, macro F1 %.3f",
                seven.confusion().total(),
                seven.confusion().accuracy(),
                seven.confusion().macroF1())));
        return lines;
    }

    @Override
    public String html(Gallery gallery) {
        return new VotePage(this).html(gallery);
    }
}
