package hoag.galaxy.image;

import static hoag.galaxy.image.TestPictures.golden;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreprocessTest {
    private final Bytes small = golden("small.png");

    private static Preprocess imageNet(int size) {
        return Preprocess.of(size, Channels.RGB)
                .filter(Filter.BICUBIC)
                .crop(0.875)
                .normalise(List.of(0.5, 0.4, 0.3), List.of(0.5, 0.25, 0.2));
    }

    @Test
    void resizesCropsAndNormalises() {
        var x = imageNet(56).apply(small); // short side 100 to 64, long side 121 to 77, then the middle 56
        var wanted = (Bytes) Pixels.centreCrop(Resize.resize(small, 77, 64, Filter.BICUBIC), 56, 56);
        var mean = new double[] {0.5, 0.4, 0.3};
        var deviation = new double[] {0.5, 0.25, 0.2};
        assertEquals(3 * 56 * 56, x.length);
        for (int c = 0; c < 3; c++)
            for (int y = 0; y < 56; y++)
                for (int i = 0; i < 56; i++)
                    assertEquals((wanted.at(i, y, c) / 255.0 - mean[c]) / deviation[c], x[(c * 56 + y) * 56 + i], 1e-6);
    }

    @Test
    void bothSidesDeforms() {
        var x = Preprocess.of(32, Channels.RGB).fit(Preprocess.Fit.BOTH_SIDES).apply(small);
        assertEquals(
                ((Bytes) Resize.resize(small, 32, 32, Filter.BILINEAR)).at(31, 5, 2) / 255f,
                x[(2 * 32 + 5) * 32 + 31],
                1e-7);
    }

    @Test
    void theScratchDoesNotLeakFromPictureToPicture() {
        var p = Preprocess.of(40, Channels.RGB_OR_GREY).zoom(1.2);
        var scratch = new Scratch();
        var out = new float[2 * p.length()];
        var wanted = p.apply(small);
        for (var picture : List.of(golden("candels.png"), golden("pil-grey.png"), small))
            p.apply(picture, out, p.length(), scratch);
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(0, out[i]);
            assertEquals(wanted[i], out[p.length() + i]);
        }
    }

    @Test
    void colours() {
        var grey = (Bytes) Pixels.luminance(small);
        float[] rgb = one(Channels.RGB, small),
                mean = one(Channels.MEAN, small),
                luminance = one(Channels.LUMINANCE, small);
        float[] repeated = one(Channels.RGB_OR_GREY, grey), same = one(Channels.MEAN, grey);
        int n = 100 * 100;
        for (int i = 0; i < n; i++) {
            assertEquals((rgb[i] + rgb[n + i] + rgb[2 * n + i]) / 3, mean[i], 1e-6);
            assertEquals(0.2989 * rgb[i] + 0.587 * rgb[n + i] + 0.114 * rgb[2 * n + i], luminance[i], 1e-6);
            assertEquals(same[i], repeated[n + i]);
            assertEquals(same[i], repeated[2 * n + i]);
        }
    }

    private static float[] one(Channels channels, Picture picture) {
        return Preprocess.of(100, channels).apply(picture);
    }

    @Test
    void wrongBandsAreAnError() {
        var grey = Pixels.luminance(small);
        said(
                "picture of shape (100, 121, 1) has 1 channel: channels = rgb want 3 (rgb_or_grey takes grey pictures"
                        + " too)",
                Preprocess.of(8, Channels.RGB),
                grey);
        said("channels = mean want 1 or 3", Preprocess.of(8, Channels.MEAN), new Floats(9, 9, 5, false));
        said("has no stretch", Preprocess.of(8, Channels.MEAN).stretch(null), new Floats(9, 9, 1, true));
    }

    private static void said(String wanted, Preprocess p, Picture picture) {
        var e = assertThrows(DataException.class, () -> p.apply(picture));
        assertTrue(e.getMessage().contains(wanted), e.getMessage());
    }

    @Test
    void fitsIsStretchedAsTheModelSays() {
        var flux = new Floats(4, 4, 1, new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, true);
        var x = Preprocess.of(4, Channels.RGB_OR_GREY)
                .stretch(new Stretch(1, 0, 100, true))
                .apply(flux);
        assertEquals(0.881373587, x[15], 1e-6);
        assertEquals(Math.log(1 / 3.0 + Math.sqrt(1 / 9.0 + 1)), x[32 + 5], 1e-6);
    }

    @Test
    void fiveBandsPassAsTheyStand() {
        var five = new Preprocess(
                2,
                Preprocess.Fit.SHORT_SIDE,
                Filter.BILINEAR,
                1,
                1,
                Channels.AS_IS,
                List.of(0.0, 1.0, 0.0, 0.0, 0.0),
                List.of(1.0, 2.0, 1.0, 1.0, 1.0),
                null,
                Bands.SINGLE);
        var picture = new Floats(2, 2, 5, false);
        for (int i = 0; i < picture.size(); i++) picture.values()[i] = i;
        var x = five.apply(picture);
        assertEquals(20, x.length);
        assertEquals(5 + 4, x[4 * 4 + 1]);
        assertEquals((5 + 1 - 1) / 2f, x[4 + 1]);
    }

    @Test
    void aMapBringsItBack() {
        var all = imageNet(224).zoom(1.2).stretch(new Stretch(10, 1, 99, false)).bands(Bands.of(2, 1, 0));
        assertEquals(all, Preprocess.fromMap(all.toMap()));
        var none = Preprocess.of(64, Channels.LUMINANCE).stretch(null);
        assertEquals(none, Preprocess.fromMap(none.toMap()));
    }

    @Test
    void aBadMapNamesTheSetting() {
        refused(Map.of("size", "big"), "preprocess: size is big; want a number");
        refused(Map.of("crop", 2.0), "preprocess: crop is 2.0; want above 0 and up to 1");
        refused(
                Map.of("channels", "bgr"),
                "preprocess: channels is bgr; want one of [rgb, rgb_or_grey, luminance, mean, as_is]");
        refused(Map.of("colour", 1), "preprocess: unknown setting [colour]");
        refused(Map.of("std", List.of(1.0)), "preprocess: 3 means and 1 deviations; channels rgb want 3 of each");
        var missing = assertThrows(ConfigException.class, () -> Preprocess.fromMap(Map.of()));
        assertTrue(missing.getMessage().contains("size is missing"), missing.getMessage());
    }

    private static void refused(Map<String, ?> change, String wanted) {
        var map = new LinkedHashMap<String, Object>(imageNet(224).toMap());
        map.putAll(change);
        var e = assertThrows(ConfigException.class, () -> Preprocess.fromMap(map));
        assertTrue(e.getMessage().contains(wanted), e.getMessage());
    }
}
