package hoag.bench;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import javax.imageio.ImageIO;

/**
 * Features in the manner of Astronomaly (Lochner and Bassett 2021), without a network: what is brighter than a percentile and hangs together with
 * the centre, as an ellipse by its moments, at four percentiles. Of each the part of the area that is not in both, the distance of its centre
 * from that of the widest, the ratio of its axes, its angle against the widest, and its major axis.
 */
final class Ellipses {
    private static final double[] PERCENTILES = {90, 70, 50, 0};
    private static final double ABOVE = 3;

    private final int width;
    private final int height;
    private final double[] grey;

    private Ellipses(BufferedImage image) {
        width = image.getWidth();
        height = image.getHeight();
        grey = new double[width * height];
        for (int i = 0; i < grey.length; i++) {
            int rgb = image.getRGB(i % width, i / width);
            grey[i] = ((rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255)) / 3.0;
        }
    }

    /** (20) features of a picture. */
    static double[] of(Path picture) {
        try {
            return new Ellipses(ImageIO.read(picture.toFile())).features();
        } catch (IOException e) {
            throw new hoag.kernels.DataException(picture + ": " + e.getMessage(), e);
        }
    }

    private record Ellipse(double x, double y, double major, double minor, double angle, double residual) {}

    private double[] features() {
        boolean[] galaxy = hangingTogether(sky());
        double[] bright = java.util.stream.IntStream.range(0, grey.length)
                .filter(i -> galaxy[i])
                .mapToDouble(i -> grey[i])
                .sorted()
                .toArray();
        Ellipse widest = ellipse(galaxy);
        double[] features = new double[5 * PERCENTILES.length];
        for (int p = 0; p < PERCENTILES.length; p++) {
            int place = (int) Math.round(PERCENTILES[p] / 100 * (bright.length - 1));
            Ellipse each = ellipse(hangingTogether(bright[place]));
            double turned = Math.abs(each.angle - widest.angle);
            features[5 * p] = each.residual;
            features[5 * p + 1] = Math.hypot(each.x - widest.x, each.y - widest.y);
            features[5 * p + 2] = each.minor / each.major;
            features[5 * p + 3] = Math.min(turned, Math.PI - turned);
            features[5 * p + 4] = each.major;
        }
        return features;
    }

    /** Three deviations above the median of the border. */
    private double sky() {
        double[] border = java.util.stream.IntStream.range(0, grey.length)
                .filter(i -> i % width < 3 || i % width >= width - 3 || i / width < 3 || i / width >= height - 3)
                .mapToDouble(i -> grey[i])
                .sorted()
                .toArray();
        double median = border[border.length / 2];
        double[] off =
                Arrays.stream(border).map(v -> Math.abs(v - median)).sorted().toArray();
        return median + Math.max(1, ABOVE * 1.4826 * off[off.length / 2]);
    }

    /** From the brightest pixel near the centre on to all at least so bright that touch. */
    private boolean[] hangingTogether(double least) {
        int start = height / 2 * width + width / 2;
        for (int y = height * 2 / 5; y < height * 3 / 5; y++) {
            for (int x = width * 2 / 5; x < width * 3 / 5; x++) {
                start = grey[y * width + x] > grey[start] ? y * width + x : start;
            }
        }
        boolean[] in = new boolean[grey.length];
        ArrayDeque<Integer> open = new ArrayDeque<>();
        in[start] = true;
        open.add(start);
        while (!open.isEmpty()) {
            int i = open.poll();
            for (int next : new int[] {i - 1, i + 1, i - width, i + width}) {
                boolean row = Math.abs(next - i) > 1 || next / width == i / width;
                if (next >= 0 && next < grey.length && row && !in[next] && grey[next] >= least) {
                    in[next] = true;
                    open.add(next);
                }
            }
        }
        return in;
    }

    private Ellipse ellipse(boolean... in) {
        double n = 0, sx = 0, sy = 0, xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i]) {
                double x = i % width;
                double y = i / width;
                n++;
                sx += x;
                sy += y;
                xx += x * x;
                yy += y * y;
                xy += x * y;
            }
        }
        double cx = sx / n, cy = sy / n;
        double a = xx / n - cx * cx + 1 / 12.0, b = yy / n - cy * cy + 1 / 12.0, c = xy / n - cx * cy;
        double mean = (a + b) / 2, half = Math.hypot((a - b) / 2, c);
        double major = 2 * Math.sqrt(mean + half), minor = 2 * Math.sqrt(Math.max(1e-6, mean - half));
        double angle = Math.atan2(2 * c, a - b) / 2;
        return new Ellipse(cx, cy, major, minor, angle, residual(in, n, cx, cy, major, minor, angle));
    }

    private double residual(boolean[] in, double n, double cx, double cy, double major, double minor, double angle) {
        double other = 0;
        for (int i = 0; i < in.length; i++) {
            double x = i % width - cx, y = i / width - cy;
            double along = (x * Math.cos(angle) + y * Math.sin(angle)) / major;
            double across = (y * Math.cos(angle) - x * Math.sin(angle)) / minor;
            other += along * along + across * across <= 1 == in[i] ? 0 : 1;
        }
        return other / n;
    }
}
