package hoag.galaxy.simulate;

import hoag.galaxy.image.Picture;

/** A square of sky in the bands g, r and z, counts: light is added to it, dimmed by dust, blurred by the air, and counted with noise. */
final class Sky {
    static final int BANDS = 3;
    /** Where g - r = 0.55 and r - z = 0.4 look white. */
    private static final double[] WHITE = {1.66, 1, 0.69};

    private static final double READ_NOISE = 3;

    private final int side;
    private final double[][] counts;

    Sky(int side) {
        this.side = side;
        counts = new double[BANDS][side * side];
    }

    /** What dust lets through of one band at a place. */
    interface Screen {
        double through(int band, double x, double y);
    }

    int side() {
        return side;
    }

    /** (band)(row x column). */
    double[][] counts() {
        return counts;
    }

    /** Flux of a colour in each band by that in r: {@code red} 0 has g - r = 0.2 (young), 1 has 0.85 (old), and r - z follows. */
    static double[] colour(double red) {
        return new double[] {Math.pow(10, -0.4 * (0.2 + 0.65 * red)), 1, Math.pow(10, 0.4 * (0.1 + 0.6 * red))};
    }

    /** Adds light of a colour; (0, 0) is the middle of the square. */
    void add(Light light, double red) {
        double[] colour = colour(red);
        each((pixel, x, y) -> {
            double value = mean(light, x, y);
            for (int b = 0; b < BANDS; b++) {
                counts[b][pixel] += colour[b] * value;
            }
        });
    }

    private static double mean(Light light, double x, double y) {
        int parts = light.parts(x, y);
        if (parts == 1) {
            return light.at(x, y);
        }
        double sum = 0;
        for (int i = 0; i < parts * parts; i++) {
            sum += light.at(x + (i % parts + 0.5) / parts - 0.5, y + (i / parts + 0.5) / parts - 0.5);
        }
        return sum / (parts * parts);
    }

    /** Puts dust before everything that is there. */
    void dim(Screen screen) {
        each((pixel, x, y) -> {
            for (int b = 0; b < BANDS; b++) {
                counts[b][pixel] *= screen.through(b, x, y);
            }
        });
    }

    private interface Place {
        void at(int pixel, double x, double y);
    }

    private void each(Place place) {
        double middle = (side - 1) / 2.0;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                place.at(y * side + x, x - middle, y - middle);
            }
        }
    }

    /** Convolves with what the air makes of a point; what is beyond the edge is dark. */
    void blur(PointSpread spread) {
        for (int b = 0; b < BANDS; b++) {
            counts[b] = spread.of(counts[b], side);
        }
    }

    /** Photons and read-out, as a Gaussian of their variance, with the mean of the sky taken off. */
    void expose(double sky, Draw draw) {
        for (double[] band : counts) {
            for (int i = 0; i < band.length; i++) {
                band[i] += Math.sqrt(Math.max(0, band[i]) + sky + READ_NOISE * READ_NOISE) * draw.normal();
            }
        }
    }

    /** (band, row, column). */
    float[][][] planes() {
        float[][][] planes = new float[BANDS][side][side];
        for (int b = 0; b < BANDS; b++) {
            for (int i = 0; i < side * side; i++) {
                planes[b][i / side][i % side] = (float) counts[b][i];
            }
        }
        return planes;
    }

    /**
     * As SDSS shows colour (Lupton et al. 2004, PASP 116, 133): red, green and blue are z, r and g, each times asinh(I / s) / (I / s) for their mean I, so that a colour stays
     * the same however bright; where one would be above white, all three are less.
     *
     * @param soft s, counts: fainter is linear
     * @param white counts that are white
     */
    Picture.Bytes picture(double soft, double white) {
        var picture = new Picture.Bytes(side, side, BANDS);
        double top = asinh(white / soft);
        double[] rgb = new double[BANDS];
        for (int i = 0; i < side * side; i++) {
            double mean = 0;
            for (int b = 0; b < BANDS; b++) {
                rgb[BANDS - 1 - b] = Math.max(0, WHITE[b] * counts[b][i] + soft * PEDESTAL);
                mean += rgb[BANDS - 1 - b] / BANDS;
            }
            double scale = mean > 0 ? asinh(mean / soft) / top / mean : 0;
            double most = Math.max(1, scale * Math.max(rgb[0], Math.max(rgb[1], rgb[2])));
            for (int c = 0; c < BANDS; c++) {
                picture.values()[i * BANDS + c] = (byte) Math.round(255 * scale * rgb[c] / most);
            }
        }
        return picture;
    }

    /** The empty sky is not quite black, so that noise shows both ways. */
    private static final double PEDESTAL = 0.3;

    private static double asinh(double v) {
        return Math.log(v + Math.sqrt(v * v + 1));
    }
}
