package hoag.galaxy.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How a training goes, as a page that reads itself anew every few seconds until the training is over. */
public final class TrainingPage {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 220;
    private static final int LEFT = 76;
    private static final String[] COLOURS = {"#6ea8fe", "#ffb454"};

    private TrainingPage() {}

    /**
     * @param title what is trained
     * @param now where it stands: part of the work and loss
     * @param memory of the process, bytes, so far at even times; the last is now
     * @param metrics the lines of metrics.csv, the names of the columns first
     * @param over whether nothing more will come
     */
    public static String of(String title, String now, List<Long> memory, List<String> metrics, boolean over) {
        Page page = new Page(title);
        page.add("<header><h1>" + Html.text(title) + "</h1><p class=\"muted\">" + Html.text(now) + "</p></header>");
        String[] names = metrics.getFirst().split(",");
        List<String[]> rows =
                metrics.stream().skip(1).map(line -> line.split(",", -1)).toList();
        String[] last = rows.isEmpty() ? new String[names.length] : rows.getLast();
        page.add(TaskReport.figures(
                "epochs",
                String.valueOf(rows.size()),
                "train loss",
                value(names, last, "train_loss"),
                "valid loss",
                value(names, last, "valid_loss"),
                "valid accuracy",
                value(names, last, "valid_accuracy"),
                "learning rate",
                value(names, last, "rate"),
                "images a second",
                value(names, last, "images_per_second"),
                "memory",
                String.format(Locale.ROOT, "%.2f GB", memory.getLast() / 1e9)));
        page.section("Loss", chart(names, rows, "train_loss", "valid_loss"));
        page.section("Accuracy on validation galaxies", chart(names, rows, "valid_accuracy"));
        page.section("Learning rate", chart(names, rows, "rate"));
        double[] held = memory.stream().mapToDouble(bytes -> bytes / 1e9).toArray();
        page.section("Memory of the process, GB", chart(new double[][] {held}, "start", "now"));
        String text = page.toString();
        return over ? text : text.replace("<head>", "<head>\n<meta http-equiv=\"refresh\" content=\"5\">");
    }

    private static String value(String[] names, String[] row, String name) {
        int at = Arrays.asList(names).indexOf(name);
        return at < 0 || at >= row.length || row[at] == null || row[at].isEmpty() ? "\u2013" : row[at];
    }

    /** Columns of the metrics against the epochs, and which colour is which. */
    private static String chart(String[] names, List<String[]> rows, String... columns) {
        double[][] series = Arrays.stream(columns)
                .map(column -> rows.stream()
                        .map(row -> value(names, row, column))
                        .mapToDouble(text -> text.equals("\u2013") ? Double.NaN : Double.parseDouble(text))
                        .toArray())
                .toArray(double[][]::new);
        String chart = chart(
                series, "epoch " + first(names, rows), rows.isEmpty() ? "" : value(names, rows.getLast(), "epoch"));
        return columns.length == 1 ? chart : chart + legend(columns);
    }

    private static String first(String[] names, List<String[]> rows) {
        return rows.isEmpty() ? "" : value(names, rows.getFirst(), "epoch");
    }

    private static String legend(String... columns) {
        StringBuilder legend = new StringBuilder("<p class=\"legend\">");
        for (int i = 0; i < columns.length; i++) {
            legend.append("<span><i style=\"background:")
                    .append(COLOURS[i])
                    .append("\"></i>")
                    .append(Html.text(columns[i].replace('_', ' ')))
                    .append("</span>");
        }
        return legend.append("</p>").toString();
    }

    /** Lines over the width of the chart; what the left and the right end stand for is written below. */
    private static String chart(double[][] series, String from, String to) {
        double[] all = Arrays.stream(series)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .toArray();
        if (all.length == 0) {
            return "<p class=\"muted\">nothing yet</p>";
        }
        double low = Arrays.stream(all).min().orElseThrow();
        double high = Arrays.stream(all).max().orElseThrow();
        double span = high > low ? high - low : 1;
        StringBuilder svg = new StringBuilder(format(
                "<svg viewBox=\"0 0 %d %d\" style=\"max-width:%dpx\" role=\"img\">",
                LEFT + WIDTH + 10, HEIGHT + 30, WIDTH));
        for (int i = 0; i <= 2; i++) {
            double y = 10 + HEIGHT * i / 2.0;
            svg.append(format("<path d=\"M%d %.1fh%d\" stroke=\"#232c44\"/>", LEFT, y, WIDTH))
                    .append(label(LEFT - 6, y + 4, "end", Html.digits(high - span * i / 2)));
        }
        svg.append(label(LEFT, HEIGHT + 27, "start", from)).append(label(LEFT + WIDTH, HEIGHT + 27, "end", to));
        for (int s = 0; s < series.length; s++) {
            svg.append(line(series[s], high, span, COLOURS[s]));
        }
        return svg.append("</svg>").toString();
    }

    private static String label(int x, double y, String anchor, String text) {
        return format("<text x=\"%d\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, Html.text(text));
    }

    /** A single value is a dot in the middle. */
    private static String line(double[] values, double high, double span, String colour) {
        StringBuilder path = new StringBuilder();
        IntStream.range(0, values.length)
                .filter(i -> Double.isFinite(values[i]))
                .forEach(i -> path.append(path.isEmpty() ? 'M' : 'L')
                        .append(format(
                                "%.1f %.1f",
                                LEFT + WIDTH * (values.length == 1 ? 0.5 : (double) i / (values.length - 1)),
                                10 + HEIGHT * (high - values[i]) / span)));
        return format(
                "<path d=\"%s%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%d\" stroke-linecap=\"round\"/>",
                path, values.length == 1 ? "h0" : "", colour, values.length == 1 ? 6 : 2);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
