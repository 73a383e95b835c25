package hoag.galaxy.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Picture.Floats;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.ImageData;
import nom.tam.fits.ImageHDU;
import nom.tam.fits.NullDataHDU;
import nom.tam.image.compression.hdu.CompressedImageHDU;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitsTest {
    @TempDir
    Path folder;

    private Path write(String name, BasicHDU<?>... units) throws IOException, FitsException {
        var path = folder.resolve(name);
        try (var fits = new Fits()) {
            for (var unit : units) fits.addHDU(unit);
            fits.write(path.toFile());
        }
        return path;
    }

    private static ImageHDU image(Object data) throws FitsException {
        return ImageData.from(data).toHDU();
    }

    private static float[] values(Path path, Bands bands) {
        var picture = (Floats) Images.read(path, bands);
        assertTrue(picture.flux());
        return Arrays.copyOf(picture.values(), picture.size());
    }

    /** Values 0, 1, 2; 250, 4, 5 in the type of that BITPIX. */
    private static Object grid(int bitpix) {
        return switch (bitpix) {
            case 8 -> new byte[][] {{0, 1, 2}, {(byte) 250, 4, 5}};
            case 16 -> new short[][] {{0, 1, 2}, {250, 4, 5}};
            case 32 -> new int[][] {{0, 1, 2}, {250, 4, 5}};
            case 64 -> new long[][] {{0, 1, 2}, {250, 4, 5}};
            case -32 -> new float[][] {{0, 1, 2}, {250, 4, 5}};
            default -> new double[][] {{0, 1, 2}, {250, 4, 5}};
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32, 64, -32, -64})
    void everyTypeOfPixelIsScaled(int bitpix) throws IOException, FitsException {
        var plain = image(grid(bitpix));
        assertEquals(bitpix, plain.getBitpix().getHeaderValue());
        assertArrayEquals(new float[] {0, 1, 2, 250, 4, 5}, values(write("plain.fits", plain), Bands.SINGLE));
        var scaled = image(grid(bitpix));
        scaled.getHeader().addValue("BSCALE", 0.5, "");
        scaled.getHeader().addValue("BZERO", 10.0, "");
        assertArrayEquals(
                new float[] {10, 10.5f, 11, 135, 12, 12.5f}, values(write("scaled.FITS", scaled), Bands.SINGLE));
    }

    @Test
    void unsignedAndBlankPixels() throws IOException, FitsException {
        var unit = image(new short[][] {{-32768, 0, 32767, -32767}});
        unit.getHeader().addValue("BZERO", 32768.0, "");
        unit.getHeader().addValue("BLANK", -32767, "");
        assertArrayEquals(new float[] {0, 32768, 65535, Float.NaN}, values(write("unsigned.fits", unit), Bands.SINGLE));
    }

    @Test
    void planesBecomeChannelsOnlyWhenAskedFor() throws IOException, FitsException {
        var path = write("cube.fits", image(new float[][][] {{{0, 1}}, {{10, 11}}, {{20, 21}}}));
        var e = assertThrows(DataException.class, () -> Images.read(path));
        assertEquals(
                path
                        + ": FITS image of shape (3, 1, 2) has 3 planes, want 1; say which become channels, for"
                        + " instance bands 0,1,2",
                e.getMessage());
        assertArrayEquals(new float[] {20, 10, 0, 21, 11, 1}, values(path, Bands.of(2, 1, 0)));
        assertArrayEquals(new float[] {10, 11}, values(path, Bands.of(1)));
        var beyond = assertThrows(DataException.class, () -> Images.read(path, Bands.of(3)));
        assertTrue(beyond.getMessage().contains("(3, 1, 2) has 3 planes; plane 3 is asked for"), beyond.getMessage());
    }

    @Test
    void aSinglePlaneMayBeWrappedInAxesOfOne() throws IOException, FitsException {
        assertArrayEquals(
                new float[] {7, 8}, values(write("wrapped.fits", image(new float[][][][] {{{{7, 8}}}})), Bands.SINGLE));
    }

    @Test
    void theImageMayStandInAnExtension() throws IOException, FitsException {
        var path = write("extension.fits", new NullDataHDU(), image(new int[][] {{1, 2}}), image(new int[][] {{3, 4}}));
        assertArrayEquals(new float[] {1, 2}, values(path, Bands.SINGLE));
        assertArrayEquals(new float[] {3, 4}, values(path, new Bands(2, List.of())));
        var none = assertThrows(DataException.class, () -> Images.read(path, new Bands(0, List.of())));
        assertTrue(none.getMessage().endsWith("FITS unit 0 holds no image"), none.getMessage());
        var beyond = assertThrows(DataException.class, () -> Images.read(path, new Bands(9, List.of())));
        assertTrue(beyond.getMessage().contains("FITS file of 3 units; want an image in unit 9"), beyond.getMessage());
        var empty = write("empty.fits", new NullDataHDU());
        assertTrue(assertThrows(DataException.class, () -> Images.read(empty))
                .getMessage()
                .contains("without an image"));
    }

    @Test
    void gzippedAndTileCompressed() throws IOException, FitsException {
        var plain = write("plain.fits", image(new int[][] {{1, 2, 3}, {4, 5, 6}}));
        var zipped = folder.resolve("zipped.fits");
        try (var out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(plain, out);
        }
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, values(zipped, Bands.SINGLE));
        var packed = CompressedImageHDU.fromImageHDU(image(new int[][] {{1, 2, 3}, {4, 5, 6}}), 3, 1);
        packed.setCompressAlgorithm("RICE_1");
        packed.compress();
        assertArrayEquals(
                new float[] {1, 2, 3, 4, 5, 6},
                values(write("packed.fits.fz", new NullDataHDU(), packed), Bands.SINGLE));
    }

    @Test
    void inMemoryAsOnDisk() throws IOException, FitsException {
        var path = write("a.fits", image(grid(-32)));
        var bytes = Files.readAllBytes(path);
        try (var reader = new PictureReader()) {
            var picture = (Floats) reader.decode(bytes, bytes.length, "upload", Bands.SINGLE);
            assertArrayEquals(values(path, Bands.SINGLE), Arrays.copyOf(picture.values(), picture.size()));
        }
    }

    @Test
    void truncatedOrHugeIsSaid() throws IOException, FitsException {
        var whole = Files.readAllBytes(write("whole.fits", image(new float[100][100])));
        for (int n : new int[] {40, 2000, 2880, 3000, 20000}) {
            var cut = Files.write(folder.resolve("cut" + n + ".fits"), Arrays.copyOf(whole, n));
            var e = assertThrows(DataException.class, () -> Images.read(cut), "cut at " + n);
            assertTrue(e.getMessage().startsWith(cut.toString()), e.getMessage());
        }
        var header = new String(whole, 0, 2880, "US-ASCII").replaceAll("(NAXIS[12] += +)   100", "$1200000");
        var huge = Files.write(folder.resolve("huge.fits"), header.getBytes("US-ASCII"));
        var e = assertThrows(DataException.class, () -> Images.read(huge));
        assertTrue(e.getMessage().contains("200,000 x 200,000 pixels"), e.getMessage());
    }

    @Test
    void stretchByHand() {
        // 0..10 and a NaN: percentiles 0 and 90 of eleven values are 0 and 9
        var flux = new Floats(12, 1, 1, new float[] {3, 10, 0, 9, Float.NaN, 1, 2, 4, 5, 6, 7, 8}, true);
        var lit = new Stretch(2, 0, 90, true).apply(flux);
        assertEquals(asinh(2 * 3 / 9.0), lit.at(0, 0, 0), 1e-7);
        assertEquals(asinh(2), lit.at(1, 0, 0), 1e-7);
        assertEquals(0, lit.at(2, 0, 0));
        assertEquals(0, lit.at(4, 0, 0), "NaN is black");
        assertEquals(asinh(2 * 8 / 9.0), lit.at(11, 0, 0), 1e-7);
        assertEquals(9.5, Stretch.percentile(new float[] {10, 0, 9, 5, 4, 3, 2, 1, 6, 7, 8}, 11, 95), 1e-12);
    }

    @Test
    void bandsAreStretchedApartOrTogether() {
        var flux = new Floats(2, 1, 2, new float[] {0, 0, 1, 100}, true);
        assertEquals(asinh(1), new Stretch(1, 0, 100, true).apply(flux).at(1, 0, 0), 1e-7);
        assertEquals(asinh(0.01), new Stretch(1, 0, 100, false).apply(flux).at(1, 0, 0), 1e-7);
    }

    @Test
    void picturesOfOneValueAreBlackAndOfNoneAreRefused() {
        var flat = Stretch.DEFAULT.apply(new Floats(2, 1, 1, new float[] {5, 5}, true));
        assertArrayEquals(new float[] {0, 0}, flat.values());
        var none = new Floats(2, 1, 1, new float[] {Float.NaN, Float.POSITIVE_INFINITY}, true);
        assertTrue(assertThrows(DataException.class, () -> Stretch.DEFAULT.apply(none))
                .getMessage()
                .contains("none of the 2 pixels"));
    }

    private static double asinh(double x) {
        return Math.log(x + Math.sqrt(x * x + 1));
    }
}
