package hoag.bench;

import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Thumbnails;
import hoag.galaxy.map.Column;
import hoag.galaxy.map.Made;
import hoag.galaxy.map.MapWriter;
import hoag.galaxy.survey.Entry;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.survey.SurveyInfo;
import hoag.galaxy.survey.SurveyWriter;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Surveys of drawn galaxies with a map, of any size: nothing in them is real. */
public final class DrawnSurvey {
    private static final int HEAPS = 24;
    private static final int LOOKS = 240;

    private DrawnSurvey() {}

    /** GALAXIES FEATURES FILE [side of the thumbnails]. */
    public static void main(String[] args) {
        if (args.length < 3 || !args[0].matches("\\d{1,8}") || !args[1].matches("\\d{1,5}")) {
            throw new ConfigException("want GALAXIES FEATURES FILE [SIDE]");
        }
        int side = args.length > 3 ? Integer.parseInt(args[3]) : 64;
        write(Path.of(args[2]), Integer.parseInt(args[0]), Integer.parseInt(args[1]), side);
    }

    /**
     * A survey, and its map beside it: heaps of galaxies that look alike, some of them drawn out, and a thin haze.
     *
     * @param side of the thumbnails in pixels
     */
    static Path write(Path file, int galaxies, int features, int side) {
        byte[][] looks = looks(side);
        Random random = new Random(1);
        float[][] places = new float[galaxies][];
        int[] heap = new int[galaxies];
        double[][] heaps = heaps(random);
        try (SurveyWriter survey = new SurveyWriter(file, new SurveyInfo(features, "sha256:drawn", "none", 1), 4096)) {
            for (int i = 0; i < galaxies; i++) {
                heap[i] = random.nextInt(20) == 0 ? -1 : (int) (HEAPS * Math.pow(random.nextDouble(), 1.7));
                places[i] = place(random, heap[i] < 0 ? null : heaps[heap[i]]);
                Map<String, String> columns = Map.of(
                        "mag", String.format("%.2f", 22 - 2 * -Math.log(1 - random.nextDouble())),
                        "redshift", String.format("%.4f", 0.02 + 0.1 * -Math.log(1 - random.nextDouble())));
                byte[] look = looks[(Math.max(0, heap[i]) * LOOKS / HEAPS + random.nextInt(LOOKS / HEAPS))];
                survey.append(new Entry(
                        "g" + i,
                        random.nextDouble(360),
                        random.nextDouble(60),
                        columns,
                        features(random, features, heap[i]),
                        look));
            }
        }
        try (Survey survey = Survey.open(file)) {
            Made made = Made.of(survey, galaxies, "drawn", 1, Map.of());
            MapWriter.places(survey, made, places, List.of());
            MapWriter.columns(survey, Column.of("cluster", made, heap));
        }
        return file;
    }

    private static float[] features(Random random, int width, int heap) {
        float[] features = new float[width];
        for (int j = 0; j < width; j++) {
            features[j] = (float) random.nextGaussian() * (1 + 30f / (1 + j)) + (j % HEAPS == heap ? 20 : 0);
        }
        return features;
    }

    /** Middle, spread along and across, direction, how much it is bent. */
    private static double[][] heaps(Random random) {
        double[][] heaps = new double[HEAPS][];
        for (int h = 0; h < HEAPS; h++) {
            double far = 9 * Math.sqrt((h + 0.5) / HEAPS);
            double turn = 2.399963 * h;
            heaps[h] = new double[] {
                far * Math.cos(turn),
                far * Math.sin(turn),
                0.3 + 0.9 * random.nextDouble(),
                0.1 + 0.35 * random.nextDouble(),
                Math.PI * random.nextDouble(),
                0.35 * random.nextGaussian()
            };
        }
        return heaps;
    }

    private static float[] place(Random random, double[] heap) {
        double u = random.nextGaussian();
        double v = random.nextGaussian();
        if (heap == null) {
            return new float[] {(float) (5 * u), (float) (5 * v)};
        }
        double along = heap[2] * u;
        double across = heap[3] * v + heap[5] * along * along;
        double c = Math.cos(heap[4]);
        double s = Math.sin(heap[4]);
        return new float[] {(float) (heap[0] + c * along - s * across), (float) (heap[1] + s * along + c * across)};
    }

    private static byte[][] looks(int side) {
        byte[][] looks = new byte[LOOKS][];
        for (int i = 0; i < LOOKS; i++) {
            looks[i] = Thumbnails.jpeg(galaxy(new Random(i), i * HEAPS / LOOKS, side), 0.8);
        }
        return looks;
    }

    /** A disc with arms, or none, of a colour of its kind. */
    private static Picture galaxy(Random random, int kind, int side) {
        Picture.Bytes picture = new Picture.Bytes(side, side, 3);
        double flat = 0.35 + 0.65 * random.nextDouble();
        double turn = Math.PI * random.nextDouble();
        double wind = kind % 3 == 0 ? 0 : 5 + kind % 5;
        double[] colour = {0.75 + 0.25 * Math.sin(kind), 0.8, 0.75 + 0.25 * Math.cos(kind)};
        for (int i = 0; i < side * side; i++) {
            double x = (i % side - side / 2.0) / side;
            double y = ((double) (i / side) - side / 2.0) / side;
            double a = x * Math.cos(turn) + y * Math.sin(turn);
            double b = (y * Math.cos(turn) - x * Math.sin(turn)) / flat;
            double r = Math.hypot(a, b);
            double arms = wind == 0 ? 1 : 1 + 0.8 * Math.cos(2 * Math.atan2(b, a) + wind * Math.log(r + 0.02));
            double light = 240 * Math.exp(-r * r * 150) + 170 * arms * Math.exp(-r * 9);
            for (int c = 0; c < 3; c++) {
                picture.values()[3 * i + c] =
                        (byte) Math.min(255, light * colour[c] + Math.abs(random.nextGaussian()) * 7);
            }
        }
        return picture;
    }
}
