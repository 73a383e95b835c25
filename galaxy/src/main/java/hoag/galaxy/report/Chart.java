package hoag.galaxy.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** A small square plot as SVG: x to the right, y upwards. */
final class Chart {
    private static final int SIDE = 300;
    private static final int LEFT = 56;
    private static final int BOTTOM = 40;
    private static final int EDGE = 12;
    private static final int TICKS = 4;
    private static final int MOST_POINTS = 4000;
    /** Points of a line nearer than this to the last, in pixels, are left out. */
    private static final double NEAR = 0.4;

    private static final List<String> COLOURS = List.of(
            "#7db0ff", "#f0c36d", "#7fd6b0", "#ff8f7d", "#c79bff", "#6fd3e8", "#e889c0", "#b8c26a", "#9aa5bf",
            "#d99b66");

    private final double low;
    private final double high;
    private final StringBuilder svg = new StringBuilder();
    private final StringBuilder legend = new StringBuilder();

    /** Both axes run from low to high. */
    Chart(String x, String y, double low, double high) {
        this.low = low;
        this.high = high;
        svg.append("<svg viewBox=\"0 0 ")
                .append(LEFT + SIDE + EDGE)
                .append(' ')
                .append(EDGE + SIDE + BOTTOM)
                .append("\" role=\"img\" aria-label=\"")
                .append(Html.text(y + " against " + x))
                .append("\">");
        for (int i = 0; i <= TICKS; i++) {
            double value = low + (high - low) * i / TICKS;
            svg.append(rule(value, low, value, high)).append(rule(low, value, high, value));
            svg.append(label(x(value), EDGE + SIDE + 16, "middle", value))
                    .append(label(LEFT - 7, y(value) + 4, "end", value));
        }
        svg.append("<text x=\"")
                .append(LEFT + SIDE / 2)
                .append("\" y=\"")
                .append(EDGE + SIDE + 34)
                .append("\" text-anchor=\"middle\">")
                .append(Html.text(x))
                .append("</text>");
        svg.append("<text transform=\"translate(11 ")
                .append(EDGE + SIDE / 2)
                .append(") rotate(-90)\" text-anchor=\"middle\">")
                .append(Html.text(y))
                .append("</text>");
    }

    private String rule(double x0, double y0, double x1, double y1) {
        return format("<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#232c44\"/>", x(x0), y(y0), x(x1), y(y1));
    }

    private static String label(double x, double y, String anchor, double value) {
        return format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, tick(value));
    }

    private static String tick(double value) {
        return value == 0
                ? "0"
                : new BigDecimal(value)
                        .round(new MathContext(2))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private double x(double value) {
        return LEFT + SIDE * (value - low) / (high - low);
    }

    private double y(double value) {
        return EDGE + SIDE * (high - value) / (high - low);
    }

    /** Where x and y agree. */
    Chart diagonal() {
        svg.append(format(
                "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#5d6886\" stroke-dasharray=\"4 4\"/>",
                x(low), y(low), x(high), y(high)));
        return this;
    }

    /** A curve; points that are NaN are left out. */
    Chart line(double[] xs, double[] ys, String colour) {
        StringBuilder path = new StringBuilder();
        double lastX = Double.POSITIVE_INFINITY;
        double lastY = 0;
        for (int i = 0; i < xs.length; i++) {
            double x = x(xs[i]);
            double y = y(ys[i]);
            boolean far = Math.abs(x - lastX) + Math.abs(y - lastY) > NEAR || i == xs.length - 1;
            if (Double.isFinite(x) && Double.isFinite(y) && far) {
                path.append(path.isEmpty() ? 'M' : 'L').append(format("%.1f %.1f", x, y));
                lastX = x;
                lastY = y;
            }
        }
        svg.append("<path d=\"")
                .append(path)
                .append("\" fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke=\"")
                .append(colour)
                .append("\"/>");
        return this;
    }

    /** Dots; of very many, every second, third ... */
    Chart dots(double[] xs, double[] ys, double radius, double opacity, String colour) {
        int step = Math.ceilDiv(Math.max(1, xs.length), MOST_POINTS);
        svg.append("<g fill=\"")
                .append(colour)
                .append("\" fill-opacity=\"")
                .append(opacity)
                .append("\">");
        for (int i = 0; i < xs.length; i += step) {
            if (Double.isFinite(xs[i]) && Double.isFinite(ys[i])) {
                svg.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", x(xs[i]), y(ys[i]), radius));
            }
        }
        svg.append("</g>");
        return this;
    }

    /** A colour of its own for the k-th curve, the first ten differ. */
    static String colour(int k) {
        return COLOURS.get(k % COLOURS.size());
    }

    /** What a colour stands for, below the chart. */
    Chart legend(String text, String colour) {
        legend.append("<span><i style=\"background:")
                .append(colour)
                .append("\"></i>")
                .append(Html.text(text))
                .append("</span>");
        return this;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** With a caption, in a panel. */
    String panel(String heading, String note) {
        return "<div class=\"panel\"><h3>" + Html.text(heading) + "</h3>" + svg + "</svg>"
                + (legend.isEmpty() ? "" : "<p class=\"legend\">" + legend + "</p>") + "<p class=\"muted\">"
                + Html.text(note) + "</p></div>";
    }
}
