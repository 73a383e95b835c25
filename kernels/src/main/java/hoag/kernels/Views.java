package hoag.kernels;

/**
 * Pictures of a batch with the views that are to be taken of them, to be computed on a device into (images, 3, size, size): flips, turns, zoom, crop, cast and
 * normalisation by one bilinear look-up per pixel, in the CPU's whole numbers and so to its bits. All is 32-bit words, held as floats of these bits:
 * for each image the word where its view begins, then the views, each at an even word.
 *
 * <p>A view: 0 and a word that means nothing, then 3 x size x size values that the host computed; or 1, width, height, box (means over box x box pixels are
 * read), smoothing in 64ths, rectangles that are blotted out, steps from pixel to pixel along x and y (64 bits each, 32 of fraction), 3 biases, 9 weights
 * (result, colour); left, top, width, height of each rectangle; for each row where its first pixel comes from, x and y (64 bits each); then the
 * picture, three bytes a pixel.
 *
 * @param images how many
 * @param size height and width of a view
 * @param words the table and the views; may be longer than they need
 * @param length words of it that count
 */
public record Views(int images, int size, float[] words, int length) {
    /** Words in front of a view's rectangles, rows and bytes. */
    public static final int HEAD = 22;

    /** Words of a view of a picture. */
    public static long words(int size, int erasures, int width, int height) {
        return HEAD + 4L * erasures + 4L * size + (3L * width * height + 3) / 4;
    }
}
