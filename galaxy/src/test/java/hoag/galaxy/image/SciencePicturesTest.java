package hoag.galaxy.image;

import static hoag.galaxy.image.TestPictures.near;
import static hoag.galaxy.image.TestPictures.same;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The golden numbers of pictures that may not be copied here: read from the development data, skipped where there is none. */
class SciencePicturesTest {
    private final Path golden = TestPictures.shared().resolve("golden/science/preprocessing");
    private final Path data = TestPictures.shared().resolve("data");
    private final Bytes large = read("jpeg/928216.png");
    private final Bytes small = read("jpeg/PGC0050035.png");
    private final Picture inner = Pixels.centreCrop(large, 240, 240);
    private final Floats tensor = Pixels.floats(small);

    private Bytes read(String name) {
        return (Bytes) Images.read(golden.resolve(name));
    }

    private float[] floats(String name) {
        return TestPictures.npy(golden.resolve(name));
    }

    @Test
    void foundJpegs() {
        jpeg("galaxy-zoo-2/images/928216.jpg", large);
        jpeg("efigi/images/PGC0050035.jpg", small);
    }

    private void jpeg(String name, Bytes wanted) {
        var got = (Bytes) Images.read(data.resolve(name));
        near(wanted, got, 6, 1, name);
        assertTrue(TestPictures.meanDifference(wanted, got) <= 0.2, name);
    }

    @Test
    void eightBitResizeCropAndGreyAreExact() {
        same(read("pil/resize.png"), Resize.resize(large, 224, 224, Filter.BILINEAR), "resize");
        same(read("pil/resize-up.png"), Resize.resize(small, 224, 224, Filter.BILINEAR), "up");
        same(read("pil/centre-crop.png"), Pixels.centreCrop(large, 224, 224), "crop");
        same(read("pil/centre-crop-pads.png"), Pixels.centreCrop(small, 101, 101), "crop that pads");
        same(read("pil/grey-L.png"), Pixels.luminance(large), "grey");
        same(read("pil/rotate90.png"), Pixels.quarterTurns(inner, 1), "quarter turn");
        var wide = Pixels.crop(large, 0, 0, large.width(), 224);
        same(
                read("pil/resize-short-side.png"),
                Resize.resize(wide, 112 * large.width() / 224, 112, Filter.BILINEAR),
                "short side");
    }

    @Test
    void eightBitRotationAndAffine() {
        for (var angle : new String[] {"30", "-77.5"})
            near(
                    read("pil/rotate" + angle + ".png"),
                    (Bytes) Warp.bilinear(inner, Affine.rotation(Double.parseDouble(angle), 240, 240)),
                    1,
                    0.001,
                    angle);
        near(
                read("pil/affine.png"),
                (Bytes) Warp.bilinear(inner, Affine.of(37, 20, -13, 1.3, 10, 5, 240, 240)),
                1,
                0.001,
                "affine");
    }

    @Test
    void zoobotsPredictionTransform() {
        var wanted = Pixels.floats(read("pil/zoom1.2-resize-crop.png"));
        var got = Preprocess.of(224, Channels.RGB).zoom(1.2).apply(large);
        for (int c = 0; c < 3; c++)
            for (int i = 0; i < 224 * 224; i++)
                assertEquals(wanted.values()[i * 3 + c], got[c * 224 * 224 + i], 1.01 / 255);
    }

    @Test
    void floatResize() {
        near(
                floats("tensor/resize-down-antialias.npy"),
                (Floats) Resize.resize(tensor, 40, 40, Filter.BILINEAR),
                2e-6,
                "antialias");
        near(floats("tensor/resize-down-plain.npy"), Resize.plain(tensor, 40, 40), 2e-6, "plain");
        near(floats("tensor/resize-up.npy"), (Floats) Resize.resize(tensor, 96, 96, Filter.BILINEAR), 2e-6, "up");
    }

    @Test
    void floatRotationAffineAndGrey() {
        for (var angle : new String[] {"30", "-77.5"}) {
            var map = Affine.rotation(Double.parseDouble(angle), tensor.width(), tensor.height());
            near(floats("tensor/rotate" + angle + ".npy"), (Floats) Warp.bilinear(tensor, map), 1e-5, angle);
        }
        var map = Affine.of(37, 5, -3, 1.3, 10, 5, tensor.width(), tensor.height());
        near(floats("tensor/affine.npy"), (Floats) Warp.bilinear(tensor, map), 1e-5, "affine");
        near(floats("tensor/grey-luminance.npy"), (Floats) Pixels.luminance(tensor), 1e-5, "luminance");
        near(floats("tensor/grey-mean.npy"), Pixels.mean(small), 1e-5, "mean");
    }

    @Test
    void fitsStretch() {
        for (var name : new String[] {
            "decals-grz/example_a", "decals-grz/example_b", "photutils-datasets/M51", "photutils-datasets/synth"
        }) {
            var file = data.resolve("structural").resolve(name + ".fits");
            var flux = (Floats) Pixels.crop(
                    Images.read(file, name.startsWith("decals") ? Bands.of(0) : Bands.SINGLE), 0, 0, 112, 112);
            var stem = Path.of(name).getFileName();
            near(floats("fits/" + stem + "-q1.npy"), Stretch.DEFAULT.apply(flux), 2e-6, name);
            near(floats("fits/" + stem + "-q10.npy"), new Stretch(10, 1, 99, true).apply(flux), 2e-6, name + " q 10");
        }
    }
}
