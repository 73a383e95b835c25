package hoag.galaxy.image;

import static hoag.galaxy.image.TestPictures.golden;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Augment.Range;
import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.kernels.ConfigException;
import hoag.kernels.Uniform;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AugmentTest {
    private final Bytes picture = golden("candels.png");
    private final Preprocess rgb =
            Preprocess.of(96, Channels.RGB).normalise(List.of(0.5, 0.4, 0.3), List.of(0.5, 0.25, 0.2));

    private static float[] view(Augment augment, Preprocess p, Picture picture, long seed, long epoch, int index) {
        var out = new float[p.length()];
        augment.with(p, seed).apply(picture, epoch, index, out, 0, new Scratch());
        return out;
    }

    @Test
    void aViewIsAFunctionOfSeedEpochAndGalaxy() {
        var a = view(Augment.ZOOBOT, rgb, picture, 1, 2, 3);
        var scratch = new Scratch();
        var again = new float[rgb.length()];
        Augment.GALAXY.apply(golden("small.png"), rgb, 5, 6, 7, again, 0, scratch);
        Augment.ZOOBOT.apply(picture, rgb, 1, 2, 3, again, 0, scratch);
        assertArrayEquals(a, again, "another picture before it changes nothing");
        assertFalse(Arrays.equals(a, view(Augment.ZOOBOT, rgb, picture, 2, 2, 3)), "seed");
        assertFalse(Arrays.equals(a, view(Augment.ZOOBOT, rgb, picture, 1, 3, 3)), "epoch");
        assertFalse(Arrays.equals(a, view(Augment.ZOOBOT, rgb, picture, 1, 2, 4)), "galaxy");
    }

    @Test
    void withoutScaleOrMotionItIsThePictureExactly() {
        var square = (Bytes) Pixels.centreCrop(picture, 96, 96);
        assertClose(rgb.apply(square), view(Augment.NONE, rgb, square, 0, 0, 0), 2e-6);
        var deep = Pixels.floats(square);
        assertClose(rgb.apply(deep), view(Augment.NONE, rgb, deep, 0, 0, 0), 2e-6);
        var grey = Preprocess.of(96, Channels.MEAN);
        assertClose(grey.apply(square), view(Augment.NONE, grey, square, 0, 0, 0), 2e-6);
    }

    private static void assertClose(float[] wanted, float[] got, double allowed) {
        for (int i = 0; i < wanted.length; i++) assertEquals(wanted[i], got[i], allowed, "at " + i);
    }

    @Test
    void scaledDownItLooksLikeAnAntialiasedResize() {
        for (var picture : List.of(picture, Pixels.floats(picture)))
            for (int size : new int[] {300, 224, 150, 96, 40}) {
                var p = Preprocess.of(size, Channels.RGB);
                double error = distance(p.apply(picture), view(Augment.NONE, p, picture, 0, 0, 0));
                double plain = distance(p.apply(picture), planar(Resize.plain(Pixels.floats(picture), size, size)));
                assertTrue(
                        error < 0.01 && error < 0.8 * plain, size + ": rms " + error + ", without smoothing " + plain);
            }
    }

    private static float[] planar(Floats p) {
        var out = new float[p.size()];
        int area = p.width() * p.height();
        for (int i = 0; i < p.size(); i++) out[i % 3 * area + i / 3] = p.values()[i];
        return out;
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.sqrt(sum / a.length);
    }

    @Test
    void bytesAndFloatsAgree() {
        for (int i = 0; i < 8; i++) {
            var a = view(Augment.ZOOBOT, rgb, picture, 9, 0, i);
            assertTrue(distance(a, view(Augment.ZOOBOT, rgb, Pixels.floats(picture), 9, 0, i)) < 0.01, "view " + i);
        }
    }

    @Test
    void aSpotGoesWhereTheMatrixSays() {
        var augment = new Augment(180, true, new Range(0.8, 1.5), new Range(0.8, 1.25), 0.1, 10, 0, Range.ONE);
        var grey = Preprocess.of(64, Channels.MEAN);
        for (int i = 0, seen = 0; i < 20 || seen < 10; i++) {
            var map = augment.map(Uniform.key(3, 1, i), grey, 128, 128);
            double x = map.a() * 20 + map.b() * 40 + map.c(), y = map.d() * 20 + map.e() * 40 + map.f();
            if (x < 6 || y < 6 || x > 122 || y > 122) continue;
            seen++;
            var out = view(augment, grey, spot(x, y), 3, 1, i);
            double sum = 0, u = 0, v = 0;
            for (int k = 0; k < out.length; k++) {
                sum += out[k];
                u += out[k] * (k % 64 + 0.5);
                v += out[k] * (k / 64 + 0.5);
            }
            assertEquals(20, u / sum, 0.1, "x of view " + i);
            assertEquals(40, v / sum, 0.1, "y of view " + i);
        }
    }

    /** A round Gaussian, sd 2 pixels. */
    private static Floats spot(double x, double y) {
        var p = new Floats(128, 128, 1, false);
        for (int i = 0; i < p.size(); i++) {
            double dx = i % 128 + 0.5 - x, dy = i / 128 + 0.5 - y;
            p.values()[i] = (float) Math.exp(-(dx * dx + dy * dy) / 8);
        }
        return p;
    }

    @Test
    void flipsComeHalfTheTime() {
        var flips = new Augment(0, true, Range.ONE, Range.ONE, 0, 0, 0, Range.ONE);
        int mirrored = 0, upended = 0;
        for (int i = 0; i < 1000; i++) {
            var map = flips.map(Uniform.key(1, 0, i), rgb, 100, 100);
            if (map.a() < 0) mirrored++;
            if (map.e() < 0) upended++;
        }
        assertEquals(500, mirrored, 60);
        assertEquals(500, upended, 60);
    }

    @Test
    void outsideThePictureAndErasedIsBlack() {
        var white = new Bytes(50, 50, 3);
        Arrays.fill(white.values(), (byte) -1);
        var out = view(new Augment(0, false, new Range(0.5, 0.5), Range.ONE, 0, 0, 0, Range.ONE), rgb, white, 0, 0, 0);
        assertEquals(-1, out[0], 1e-6, "black after mean 0.5 and deviation 0.5");
        assertEquals(1, out[48 * 96 + 48], 1e-5);
        var erased =
                view(new Augment(0, false, Range.ONE, Range.ONE, 0, 0, 1, new Range(0.1, 0.1)), rgb, white, 0, 0, 0);
        int black = 0;
        for (int i = 0; i < 96 * 96; i++) if (erased[i] < 0) black++;
        assertEquals(0.1, black / (96.0 * 96), 0.01);
    }

    @Test
    void aMapBringsItBack() {
        for (var augment : List.of(Augment.NONE, Augment.GALAXY, Augment.ZOOBOT))
            assertEquals(augment, Augment.fromMap(augment.toMap()));
        var map = Augment.ZOOBOT.toMap();
        map.put("zoom", List.of(1.0));
        assertEquals(
                "augment: zoom is [1.0]; want the low and the high end",
                assertThrows(ConfigException.class, () -> Augment.fromMap(map)).getMessage());
        map.put("zoom", List.of(1.4, 1.2));
        assertTrue(assertThrows(ConfigException.class, () -> Augment.fromMap(map))
                .getMessage()
                .contains("want 0 < low <= high"));
    }
}
