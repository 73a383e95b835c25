package hoag.galaxy.report;

import hoag.galaxy.learn.Task;
import java.util.List;
import java.util.Map;

/** How well one task is answered: as numbers, as lines of a table, as a part of a page. */
public sealed interface TaskReport permits VoteReport, ClassReport, NumberReport, FlagReport {
    /**
     * The report on the galaxies that have a label for the task.
     *
     * @param leastVotes on a root question of a tree, for a galaxy to count in its accuracies
     */
    static TaskReport of(Task task, Answered answered, double leastVotes) {
        return switch (task) {
            case Task.Votes votes -> new VoteReport(votes, answered, leastVotes);
            case Task.Classes classes -> new ClassReport(classes, answered.known());
            case Task.Number number -> new NumberReport(number, answered.known());
            case Task.Flag flag -> new FlagReport(flag, answered.known());
        };
    }

    /** The tree's name or the column. */
    String name();

    /** Everything, for metrics.json. */
    Map<String, Object> metrics();

    /** For the terminal. */
    List<String> lines();

    /** For the page, with galleries. */
    String html(Gallery gallery);

    /** The headline as boxes: label and value in turn. */
    static String figures(String... pairs) {
        StringBuilder figures = new StringBuilder("<div class=\"figures\">");
        for (int i = 0; i < pairs.length; i += 2) {
            figures.append("<div><b>")
                    .append(pairs[i + 1])
                    .append("</b><span>")
                    .append(Html.text(pairs[i]))
                    .append("</span></div>");
        }
        return figures.append("</div>").toString();
    }

    /** JSON has no NaN. */
    static Object json(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
