package hoag.galaxy.report;

import hoag.galaxy.learn.Task;
import hoag.galaxy.metrics.RegressionScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

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
    public String html(int mistakes) {
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
                + "</div><h2>Worst mistakes</h2>" + Mistake.gallery(Mistake.worst(wrong(), mistakes));
    }

    private DoubleStream all() {
        return DoubleStream.concat(Arrays.stream(scores.truth()), Arrays.stream(scores.predicted()));
    }

    private List<Mistake> wrong() {
        List<Mistake> wrong = new ArrayList<>();
        for (int i = 0; i < answered.size(); i++) {
            double truth = scores.truth()[i];
            double said = scores.predicted()[i];
            wrong.add(new Mistake(
                    Math.abs(truth - said),
                    answered.ids().get(i),
                    answered.images().get(i),
                    "",
                    Html.digits(truth),
                    Html.digits(said)));
        }
        return wrong;
    }
}
