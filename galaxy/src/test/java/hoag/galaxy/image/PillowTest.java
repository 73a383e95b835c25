package hoag.galaxy.image;

import static hoag.galaxy.image.TestPictures.golden;
import static hoag.galaxy.image.TestPictures.near;
import static hoag.galaxy.image.TestPictures.same;

import hoag.galaxy.image.Picture.Bytes;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What Pillow makes of the same picture. */
class PillowTest {
    private final Bytes small = golden("small.png");

    @Test
    void bilinearResizeIsExact() {
        same(golden("pil-bilinear-down.png"), Resize.resize(small, 48, 37, Filter.BILINEAR), "down");
        same(golden("pil-bilinear-up.png"), Resize.resize(small, 200, 111, Filter.BILINEAR), "up");
    }

    @Test
    void bicubicResizeIsExact() {
        same(golden("pil-bicubic-down.png"), Resize.resize(small, 48, 37, Filter.BICUBIC), "down");
        same(golden("pil-bicubic-up.png"), Resize.resize(small, 200, 111, Filter.BICUBIC), "up");
        same(golden("pil-grey-bicubic.png"), Resize.resize(golden("pil-grey.png"), 60, 51, Filter.BICUBIC), "grey");
    }

    @Test
    void movesAreExact() {
        same(golden("pil-rotate90.png"), Pixels.quarterTurns(small, 1), "quarter turn");
        same(small, Pixels.quarterTurns(Pixels.quarterTurns(small, 3), 1), "there and back");
        same(Pixels.quarterTurns(small, 2), Pixels.flipVertically(Pixels.flipHorizontally(small)), "half turn");
        same(golden("pil-flip.png"), Pixels.flipHorizontally(small), "flip");
        same(golden("pil-crop.png"), Pixels.crop(small, -5, 10, 65, 110), "crop beyond the edges");
        same(golden("pil-grey.png"), Pixels.luminance(small), "grey");
    }

    @Test
    void rotationAndZoomAreCutNotRounded() {
        near(
                golden("pil-rotate30.png"),
                (Bytes) Warp.bilinear(small, Affine.rotation(30, small.width(), small.height())),
                1,
                0.001,
                "rotation");
        near(
                golden("pil-zoom.png"),
                (Bytes) Warp.bilinear(small, Affine.of(0, 0, 0, 1.2, 0, 0, small.width(), small.height())),
                1,
                0.001,
                "zoom");
    }

    @Test
    void nearestByAQuarterTurnMovesWholePixels() {
        var square = (Bytes) Pixels.centreCrop(small, 80, 80);
        same(Pixels.quarterTurns(square, 1), Warp.nearest(square, Affine.rotation(90, 80, 80)), "nearest");
    }

    @Test
    void theFastZoomIsTheSlowOne() {
        var grey = golden("pil-grey.png");
        for (var p : new Bytes[] {small, grey})
            for (double scale : new double[] {1.2, 1, 0.7, 3.3}) {
                var map = Affine.of(0, 0, 0, scale, 0, 0, p.width(), p.height());
                var out = new Bytes(p.width(), p.height(), p.channels());
                Arrays.fill(out.values(), (byte) 77);
                same(Warp.bilinear(p, map), Warp.zoom(p, map, out, new Scratch()), "scale " + scale);
            }
    }
}
