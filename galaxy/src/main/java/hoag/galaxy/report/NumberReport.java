package hoag.galaxy.report;

import hoag.galaxy.learn.Task;
import hoag.galaxy.metrics.RegressionScores;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A number. */
final class NumberReport implements TaskReport {
    private final Task.Number task;
    private final Answered answered;
    private final RegressionScores scores;

    NumberReport(Task.Number task, Answered answered) {
        this.task = task;
        this.answered = answered;
        scores = new RegressionScores(answered.truth(), answered.firstMeans());
    }

    @Override
    public String name() {
        return task.column();
    }

    @Override
    public Map<String, Object> metrics() {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("kind", "number");
        metrics.put("galaxies", answered.size());
        metrics.put("mae", scores.mae());
        metrics.put("rmse", scores.rmse());
        metrics.put("r2", TaskReport.json(scores.r2()));
        metrics.put("pearson", TaskReport.json(scores.pearson()));
        metrics.put("spearman", TaskReport.json(scores.spearman()));
        return metrics;
    }

    @Override
    public List<String> lines() {
        return List.of(String.format(
                Locale.ROOT,
                "%s: %,d galaxies, MAE %.4g, RMSE %.4g, R2 %.3f",
                name(),
                answered.size(),
                scores.mae(),
                scores.rmse(),
                scores.r2()));
    }

    @Override
    public String html(Gallery gallery) {
        double low = all().min().orElse(0);
        double high = all().max().orElse(1);
        double room = high > low ? (high - low) * 0.04 : 1;
        return TaskReport.figures(
                        "MAE",
                        Html.digits(scores.mae()),
                        "RMSE",
                        Html.digits(scores.rmse()),
                        "R\u00b2",
                        Html.number(scores.r2()),
                        "rank correlation",
                        Html.number(scores.spearman()),
                        "galaxies",
                        Html.count(answered.size()))
                + "<div class=\"grid\">"
                + new Chart("truth", "Hoag", low - room, high + room)
                        .diagonal()
                        .dots(scores.truth(), scores.predicted(), 2.4, 0.55, "#7db0ff")
                        .panel("Truth and answer", "One dot for each galaxy.")
                + "</div>"
                + Exhibit.gallery("Best answers", shown(i -> -error(i)), gallery)
                + Exhibit.gallery("Worst mistakes", shown(this::error), gallery)
                + Exhibit.gallery("Most uncertain", shown(this::spread), gallery);
    }

    private DoubleStream all() {
        return DoubleStream.concat(Arrays.stream(scores.truth()), Arrays.stream(scores.predicted()));
    }

    private double error(int i) {
        return Math.abs(scores.truth()[i] - scores.predicted()[i]);
    }

    /** Standard deviation of the passes; NaN of a single one, which says nothing of its doubts. */
    private double spread(int i) {
        double[][] passes = answered.passes()[i];
        double mean = scores.predicted()[i];
        return passes.length < 2
                ? Double.NaN
                : Math.sqrt(Arrays.stream(passes)
                        .mapToDouble(pass -> (pass[0] - mean) * (pass[0] - mean))
                        .average()
                        .orElse(0));
    }

    private List<Exhibit> shown(IntToDoubleFunction weight) {
        return IntStream.range(0, answered.size())
                .mapToObj(i -> new Exhibit(
                        weight.applyAsDouble(i),
                        answered.ids().get(i),
                        answered.images().get(i),
                        "",
                        Html.digits(scores.truth()[i]),
                        Html.digits(scores.predicted()[i])))
                .toList();
    }
}
