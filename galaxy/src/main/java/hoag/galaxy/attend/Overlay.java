package hoag.galaxy.attend;

import hoag.galaxy.image.Filter;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.image.Resize;

/** A map over the picture as the network sees it. */
public final class Overlay {
    /** Black, violet, red, orange, pale yellow: equal steps look equal. */
    private static final double[][] COLOURS = {{0, 0, 4}, {87, 16, 110}, {188, 55, 84}, {249, 142, 9}, {252, 255, 164}};

    private Overlay() {}

    /**
     * The picture, and the picture with the map over it, side by side.
     *
     * @param input (channels, size, size) as prepared for the model
     * @param map (rows, columns), 0..1
     * @param side pixels of each of the two
     */
    public static Bytes of(Preprocess preprocess, float[] input, float[] map, int rows, int columns, int side) {
        Bytes plain = (Bytes) Resize.resize(seen(preprocess, input), side, side, Filter.BILINEAR);
        Floats fine =
                (Floats) Resize.resize(new Floats(columns, rows, 1, map.clone(), false), side, side, Filter.BILINEAR);
        Bytes both = new Bytes(2 * side, side, 3);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                float heat = Math.clamp(fine.values()[y * side + x], 0, 1);
                for (int c = 0; c < 3; c++) {
                    int value = plain.at(x, y, c);
                    both.values()[(y * 2 * side + x) * 3 + c] = (byte) value;
                    both.values()[(y * 2 * side + side + x) * 3 + c] = (byte) Math.round(mixed(value, heat, c));
                }
            }
        }
        return both;
    }

    private static double mixed(int value, float heat, int channel) {
        double share = 0.15 + 0.5 * heat;
        double place = heat * (COLOURS.length - 1);
        int below = Math.min((int) place, COLOURS.length - 2);
        double colour =
                COLOURS[below][channel] + (place - below) * (COLOURS[below + 1][channel] - COLOURS[below][channel]);
        return value * (1 - share) + colour * share;
    }

    /** What was prepared, as 8 bits in three channels. */
    private static Picture seen(Preprocess preprocess, float[] input) {
        int size = preprocess.size();
        int channels = preprocess.channels();
        Bytes picture = new Bytes(size, size, 3);
        for (int c = 0; c < 3; c++) {
            int from = Math.min(c, channels - 1);
            double mean = preprocess.mean().get(from);
            double deviation = preprocess.deviation().get(from);
            for (int i = 0; i < size * size; i++) {
                double value = input[from * size * size + i] * deviation + mean;
                picture.values()[i * 3 + c] = (byte) Math.clamp(Math.round(value * 255), 0, 255);
            }
        }
        return picture;
    }
}
