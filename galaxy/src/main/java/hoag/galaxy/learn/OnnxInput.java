package hoag.galaxy.learn;

import hoag.engine.Tensor;
import hoag.engine.onnx.Onnx;
import hoag.galaxy.image.Preprocess;
import hoag.kernels.Shape;
import java.util.Set;

/**
 * What an ONNX file takes: {@code image} (batch, channels, size, size), prepared, or {@code pixels} (batch, size, size, channels), bytes of a picture
 * that has the size already, made numbers, put in order and normalised in the file.
 *
 * @param batch pictures at once; 0 leaves their number open
 * @param pixels whether bytes are taken
 */
public record OnnxInput(int batch, boolean pixels) {
    private static final String BYTES = "pixels";

    /** The pictures as a network wants them, (batch, channels, size, size). */
    public Tensor image(Preprocess preprocess) {
        int count = batch == 0 ? Onnx.ANY : batch;
        int size = preprocess.size();
        int channels = preprocess.channels();
        return pixels
                ? normal(Tensor.input(BYTES, Shape.of(count, size, size, channels)), preprocess)
                : Tensor.input("image", Shape.of(count, channels, size, size));
    }

    /** Names of the inputs that are bytes. */
    public Set<String> bytes() {
        return pixels ? Set.of(BYTES) : Set.of();
    }

    /** (n, h, w, c) of 0..255 to (n, c, h, w), normalised. */
    private static Tensor normal(Tensor pixels, Preprocess preprocess) {
        int channels = preprocess.channels();
        float[] scale = new float[channels];
        float[] shift = new float[channels];
        for (int c = 0; c < channels; c++) {
            scale[c] = (float) (1 / (255 * preprocess.deviation().get(c)));
            shift[c] =
                    (float) (-preprocess.mean().get(c) / preprocess.deviation().get(c));
        }
        Shape each = Shape.of(1, channels, 1, 1);
        return pixels.permute(0, 3, 1, 2).mul(Tensor.constant(each, scale)).add(Tensor.constant(each, shift));
    }
}
