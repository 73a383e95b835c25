package hoag.galaxy.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Scores against the number of galaxies, on a logarithmic axis, one line with its band for each start; SVG for light pages. */
public final class CurveFigure {
    private static final int WIDTH = 420;
    private static final int HEIGHT = 300;
    private static final int LEFT = 58;
    private static final int TOP = 34;
    private static final int GAP = 74;
    private static final int BELOW = 52;
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000");

    private CurveFigure() {}

    /** A mean with its standard deviation. */
    public record Point(double x, double mean, double deviation) {}

    /** One start. */
    public record Line(String name, List<Point> points) {
        /** Sorts the points. */
        public Line {
            points =
                    points.stream().sorted(Comparator.comparingDouble(Point::x)).toList();
        }
    }

    /** One task. */
    public record Panel(String title, List<Line> lines) {}

    /** The panels beside each other. */
    public static String of(String x, List<Panel> panels) {
        int width = LEFT + panels.size() * (WIDTH + GAP);
        int height = TOP + HEIGHT + BELOW;
        StringBuilder svg = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"13\">%n<rect width=\"100%%\" height=\"100%%\""
                        + " fill=\"#fff\"/>%n",
                width, height, width));
        for (int i = 0; i < panels.size(); i++) {
            svg.append(new Drawn(panels.get(i), LEFT + i * (WIDTH + GAP)).svg(x));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** A panel with its axes. */
    private static final class Drawn {
        private final Panel panel;
        private final int left;
        private final double[] xs;
        private final double low;
        private final double high;
        private final double step;

        Drawn(Panel panel, int left) {
            this.panel = panel;
            this.left = left;
            List<Point> all =
                    panel.lines.stream().flatMap(line -> line.points.stream()).toList();
            xs = all.stream().mapToDouble(Point::x).distinct().sorted().toArray();
            double least =
                    all.stream().mapToDouble(p -> p.mean - p.deviation).min().orElse(0);
            double most =
                    all.stream().mapToDouble(p -> p.mean + p.deviation).max().orElse(1);
            step = step((most - least) / 4);
            low = Math.floor(least / step) * step;
            high = Math.max(low + step, Math.ceil(most / step) * step);
        }

        private static double step(double wanted) {
            double power = Math.pow(10, Math.floor(Math.log10(Math.max(wanted, 1e-6))));
            double part = wanted / power;
            return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
        }

        private double x(double value) {
            double from = Math.log(xs[0]);
            double to = Math.log(xs[xs.length - 1]);
            return left + (to > from ? WIDTH * (Math.log(value) - from) / (to - from) : WIDTH / 2.0);
        }

        private double y(double value) {
            return TOP + HEIGHT * (high - value) / (high - low);
        }

        String svg(String xTitle) {
            StringBuilder svg = new StringBuilder(format(
                    "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>%n",
                    left, TOP - 14, Html.text(panel.title)));
            for (double value = low; value <= high + step / 2; value += step) {
                svg.append(format(
                        "<path d=\"M%d %.1fh%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\""
                                + " text-anchor=\"end\">%s</text>%n",
                        left, y(value), WIDTH, left - 7, y(value) + 4, tick(value)));
            }
            for (double value : xs) {
                svg.append(format(
                        "<path d=\"M%.1f %dv%d\" stroke=\"#eee\"/><text x=\"%.1f\" y=\"%d\""
                                + " text-anchor=\"middle\">%s</text>%n",
                        x(value), TOP, HEIGHT, x(value), TOP + HEIGHT + 18, tick(value)));
            }
            svg.append(format(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    left + WIDTH / 2, TOP + HEIGHT + 40, Html.text(xTitle)));
            for (int i = 0; i < panel.lines.size(); i++) {
                line(panel.lines.get(i), COLOURS.get(i % COLOURS.size()), i, svg);
            }
            return svg.toString();
        }

        private static String tick(double value) {
            return new BigDecimal(value)
                    .round(new MathContext(4))
                    .stripTrailingZeros()
                    .toPlainString();
        }

        private void line(Line line, String colour, int number, StringBuilder svg) {
            if (line.points.isEmpty()) {
                return;
            }
            StringBuilder band = new StringBuilder();
            StringBuilder path = new StringBuilder();
            for (Point p : line.points) {
                path.append(path.isEmpty() ? 'M' : 'L').append(format("%.1f %.1f", x(p.x), y(p.mean)));
                band.append(band.isEmpty() ? 'M' : 'L').append(format("%.1f %.1f", x(p.x), y(p.mean + p.deviation)));
            }
            for (Point p : line.points.reversed()) {
                band.append(format("L%.1f %.1f", x(p.x), y(p.mean - p.deviation)));
            }
            svg.append(format("<path d=\"%sZ\" fill=\"%s\" fill-opacity=\"0.15\"/>%n", band, colour));
            svg.append(format("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n", path, colour));
            line.points.forEach(p -> svg.append(
                    format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x(p.x), y(p.mean), colour)));
            int at = TOP + HEIGHT - 12 - 18 * (panel.lines.size() - 1 - number);
            svg.append(format(
                    "%n<path d=\"M%d %dh18\" stroke=\"%s\" stroke-width=\"3\"/><text x=\"%d\" y=\"%d\""
                            + " text-anchor=\"end\">%s</text>%n",
                    left + WIDTH - 26, at - 4, colour, left + WIDTH - 34, at, Html.text(line.name)));
        }
    }
}
