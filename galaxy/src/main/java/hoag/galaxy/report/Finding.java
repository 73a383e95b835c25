package hoag.galaxy.report;

import hoag.galaxy.learn.Task;
import hoag.galaxy.tree.Question;
import hoag.galaxy.tree.Routes;
import hoag.galaxy.tree.VoteStatistics;
import hoag.galaxy.tree.VoteSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The answer to one question about one galaxy, for people.
 *
 * @param asked share of volunteers who would be asked, 1 outside trees
 * @param best the answer
 * @param others what else could have been said, most likely first
 */
public record Finding(String question, double asked, Share best, List<Share> others) {
    /**
     * How likely one answer is.
     *
     * @param fraction NaN where the answer is a number
     * @param lower 5% bound, NaN where none is known
     * @param upper 95% bound
     */
    public record Share(String answer, double fraction, double lower, double upper) {
        static Share sure(String answer) {
            return new Share(answer, Double.NaN, Double.NaN, Double.NaN);
        }

        static Share likely(String answer, double fraction) {
            return new Share(answer, fraction, Double.NaN, Double.NaN);
        }
    }

    /**
     * What passes over one galaxy say: of every tree the most likely route, of every other task its answer.
     *
     * @param passes (passes, width of all tasks)
     */
    public static List<Finding> of(List<Task> tasks, double[][] passes) {
        List<Finding> findings = new ArrayList<>();
        int from = 0;
        for (Task task : tasks) {
            int start = from;
            int end = from + task.width();
            double[][] part = Arrays.stream(passes)
                    .map(pass -> Arrays.copyOfRange(pass, start, end))
                    .toArray(double[][]::new);
            findings.addAll(of(task, part));
            from = end;
        }
        return findings;
    }

    private static List<Finding> of(Task task, double[][] passes) {
        return switch (task) {
            case Task.Votes votes -> route(votes, passes);
            case Task.Classes classes -> List.of(best(Html.plain(classes.column()), classes.names(), mean(passes)));
            case Task.Flag flag -> List.of(yesOrNo(flag.column(), mean(passes)[0]));
            case Task.Number number ->
                List.of(new Finding(
                        Html.plain(number.column()),
                        1,
                        Share.sure(String.format(Locale.ROOT, "%.3g", mean(passes)[0])),
                        List.of()));
        };
    }

    private static List<Finding> route(Task.Votes votes, double[][] passes) {
        VoteStatistics statistics = new VoteStatistics(votes.schema());
        VoteSummary summary = statistics.summarise(passes, VoteStatistics.Bounds.MIXTURE);
        List<Finding> route = new ArrayList<>();
        for (Routes.Step step : statistics.routes().decisionPath(summary.fraction())) {
            List<Share> shares = shares(votes, step.question(), summary);
            route.add(new Finding(
                    Html.plain(step.question()),
                    step.proportionAsked(),
                    shares.getFirst(),
                    shares.subList(1, shares.size())));
        }
        return route;
    }

    private static List<Share> shares(Task.Votes votes, String name, VoteSummary summary) {
        List<Share> shares = new ArrayList<>();
        int column = 0;
        for (Question question : votes.schema().questions()) {
            for (String answer : question.answers()) {
                if (question.name().equals(name)) {
                    shares.add(new Share(
                            Html.plain(answer),
                            summary.fraction()[column],
                            summary.lower()[column],
                            summary.upper()[column]));
                }
                column++;
            }
        }
        shares.sort(Comparator.comparingDouble((Share share) -> -share.fraction()));
        return shares;
    }

    private static Finding best(String question, List<String> names, double[] probability) {
        List<Share> shares = new ArrayList<>();
        for (int k = 0; k < probability.length; k++) {
            shares.add(Share.likely(names.get(k), probability[k]));
        }
        shares.sort(Comparator.comparingDouble((Share share) -> -share.fraction()));
        return new Finding(question, 1, shares.getFirst(), shares.subList(1, shares.size()));
    }

    private static Finding yesOrNo(String column, double yes) {
        return best(Html.plain(column), List.of("yes", "no"), new double[] {yes, 1 - yes});
    }

    private static double[] mean(double[][] passes) {
        double[] mean = new double[passes[0].length];
        for (double[] pass : passes) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += pass[k] / passes.length;
            }
        }
        return mean;
    }
}
