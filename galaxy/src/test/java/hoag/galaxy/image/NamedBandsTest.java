package hoag.galaxy.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Picture.Floats;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.ImageData;
import nom.tam.fits.NullDataHDU;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bands of FITS files by name: in units, in cubes, in any order, and missing. */
class NamedBandsTest {
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

    /** Two pixels, the second one more. */
    private static BasicHDU<?> unit(String key, String name, float value) throws FitsException {
        var unit = ImageData.from(new float[][] {{value, value + 1}}).toHDU();
        unit.getHeader().addValue(key, name, null);
        return unit;
    }

    private static BasicHDU<?> cube(String... keys) throws FitsException {
        var unit = ImageData.from(new float[][][] {{{10, 11}}, {{20, 21}}, {{30, 31}}})
                .toHDU();
        for (var key : keys) unit.getHeader().addValue(key.split("=")[0], key.split("=")[1], null);
        return unit;
    }

    private static float[] values(Path path, String bands) {
        var picture = (Floats) Images.read(path, Bands.parse(bands));
        assertTrue(picture.flux());
        return Arrays.copyOf(picture.values(), picture.size());
    }

    @Test
    void unitsByNameInAnyOrder() throws IOException, FitsException {
        var one = write(
                "one.fits",
                new NullDataHDU(),
                unit("EXTNAME", "g", 1),
                unit("EXTNAME", "r", 3),
                unit("FILTER", "i", 5));
        var other = write(
                "other.fits",
                unit("FILTER", "i", 5),
                unit("EXTNAME", "R", 3),
                unit("EXTNAME", "z", 9),
                unit("BAND", "g", 1));
        assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, values(one, "g,r,i"));
        assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, values(other, "g,r,i"));
        assertArrayEquals(new float[] {5, 1, 6, 2}, values(one, "i,g"));
        assertArrayEquals(new float[] {5, 3, 6, 4}, values(one, "i=#3,g=r"));
        fails(other, "u,g", "other.fits: no band u; it has bands i, R, z, g");
        fails(one, "g,r,i,zz", "no band zz");
    }

    @Test
    void planesOfACube() throws IOException, FitsException {
        assertArrayEquals(
                new float[] {30, 10, 31, 11}, values(write("a.fits", cube("BAND1=g", "BAND2=r", "BAND3=z")), "z,g"));
        assertArrayEquals(
                new float[] {30, 10, 31, 11}, values(write("b.fits", cube("BAND0=g", "BAND1=r", "BAND2=z")), "z,g"));
        assertArrayEquals(new float[] {20, 21}, values(write("c.fits", cube("BANDS=grz")), "r"));
        assertArrayEquals(new float[] {20, 21}, values(write("d.fits", cube("BANDS=u1, g1, r1")), "g1"));
        var plain = write("e.fits", cube());
        assertArrayEquals(new float[] {30, 10, 31, 11}, values(plain, "z=2,g=0"));
        assertArrayEquals(new float[] {30, 10, 31, 11}, values(plain, "2,0"));
        fails(plain, "g,r", "no band g; it has 3 planes without names; say where the bands are, for instance g=0,r=1");
        fails(plain, "g=7", "no band g=7");
    }

    @Test
    void whatCannotBeMatchedIsRefused() throws IOException, FitsException {
        fails(
                write("twice.fits", unit("EXTNAME", "g", 1), unit("FILTER", "g", 2)),
                "g",
                "band g is there 2 times (units 0, 1); say which, for instance g=#0");
        var small = ImageData.from(new float[][] {{1}}).toHDU();
        small.getHeader().addValue("EXTNAME", "r", null);
        fails(write("sizes.fits", unit("EXTNAME", "g", 1), small), "g,r", "band r has 1 x 1 pixels, band g 2 x 1");
        var jpeg = Files.write(folder.resolve("a.jpg"), new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 0});
        fails(jpeg, "g,r", "a.jpg: a JPEG has no bands by name; want a FITS file with bands g, r");
        assertThrows(ConfigException.class, () -> Bands.parse("g,g"));
        assertThrows(ConfigException.class, () -> Bands.parse("g,,r"));
    }

    @Test
    void theModelKeepsTheNames() {
        for (var text : List.of("g,r,i", "g=0,r=SCI,i=#3")) {
            var preprocess = Preprocess.of(32, Bands.parse(text));
            assertEquals(3, preprocess.channels());
            assertEquals(preprocess, Preprocess.fromMap(preprocess.toMap()));
        }
        assertEquals(
                Preprocess.of(8, Channels.RGB),
                Preprocess.fromMap(Preprocess.of(8, Channels.RGB).toMap()));
    }

    private static void fails(Path path, String bands, String wanted) {
        var message = assertThrows(DataException.class, () -> Images.read(path, Bands.parse(bands)))
                .getMessage();
        assertTrue(message.contains(wanted), message);
    }
}
