package hoag.galaxy.image;

import static hoag.galaxy.image.TestPictures.golden;
import static hoag.galaxy.image.TestPictures.near;
import static hoag.galaxy.image.TestPictures.same;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Golden;
import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureReaderTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"candels", "made-444", "made-progressive", "made-grey"})
    void jpegDecodesAsLibjpegDoes(String name) {
        Bytes wanted = golden(name + ".png"), got = golden(name + ".jpg");
        near(wanted, got, 6, 1, name);
        assertTrue(TestPictures.meanDifference(wanted, got) <= 0.2, name);
        assertEquals(name.equals("made-grey") ? 1 : 3, got.channels());
    }

    @Test
    void pngOfEveryKind() {
        Bytes rgb = golden("png-rgb.png"), grey = golden("png-grey.png");
        same(Pixels.luminance(rgb), grey, "grey is one channel");
        same(rgb, golden("png-alpha.png"), "alpha is dropped, not composited");
        same(grey, golden("png-grey-alpha.png"), "alpha of grey too");
        same(golden("png-palette-as-rgb.png"), golden("png-palette.png"), "palette");
        var bits = golden("png-bits.png");
        for (int i = 0; i < bits.size(); i++)
            assertEquals((grey.values()[i] & 255) > 30 ? 255 : 0, bits.values()[i] & 255);
    }

    @Test
    void sixteenBitsAreKept() {
        var deep = (Floats) Images.read(Golden.path("image/png-16.png"));
        var grey = golden("png-grey.png");
        assertFalse(deep.flux());
        for (int i = 0; i < grey.size(); i++) {
            int v = grey.values()[i] & 255;
            assertEquals((v * 257 - v % 7) / 65535f, deep.values()[i]);
        }
    }

    @Test
    void theNameDoesNotMatter() throws IOException {
        var odd = folder.resolve("GALAXY.JPEG.FITS");
        Files.copy(Golden.path("image/small.png"), odd);
        same(golden("small.png"), Images.read(odd), "a PNG by another name");
    }

    @Test
    void aReaderGoesOnAfterABadFile() throws IOException {
        try (var reader = new PictureReader()) {
            var jpeg = Files.readAllBytes(Golden.path("image/made-444.jpg"));
            assertThrows(DataException.class, () -> reader.decode(jpeg, jpeg.length / 2, "half", Bands.SINGLE));
            same(golden("made-444.jpg"), reader.decode(jpeg, jpeg.length, "whole", Bands.SINGLE), "after a bad file");
            same(golden("candels.jpg"), reader.read(Golden.path("image/candels.jpg"), Bands.SINGLE), "another size");
        }
    }

    @Test
    void everyTruncationIsSaid() throws IOException {
        for (var name : new String[] {"made-progressive.jpg", "made-grey.jpg", "png-rgb.png"}) {
            var whole = Files.readAllBytes(Golden.path("image/" + name));
            try (var reader = new PictureReader()) {
                for (int n = 12; n < whole.length; n += Math.max(1, whole.length / 97)) {
                    int cut = n;
                    var e = assertThrows(
                            DataException.class,
                            () -> reader.decode(whole, cut, "cut.img", Bands.SINGLE),
                            name + " " + cut);
                    assertTrue(
                            e.getMessage().startsWith("cut.img: ")
                                    && e.getMessage().contains("truncated"),
                            e.getMessage());
                }
            }
        }
    }

    @Test
    void damageInTheMiddleIsAnErrorOrAPictureNeverACrash() throws IOException {
        for (var name : new String[] {"made-progressive.jpg", "made-444.jpg", "png-palette.png"}) {
            var whole = Files.readAllBytes(Golden.path("image/" + name));
            try (var reader = new PictureReader()) {
                for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 211)) {
                    var bad = whole.clone();
                    for (int i = at; i < Math.min(at + 9, bad.length); i++) bad[i] ^= 0x5b;
                    decodeOrRefuse(reader, bad);
                }
            }
        }
    }

    private static void decodeOrRefuse(PictureReader reader, byte[] bad) {
        try {
            assertTrue(reader.decode(bad, bad.length, "bad.img", Bands.SINGLE).size() > 0);
        } catch (DataException e) {
            assertTrue(e.getMessage().startsWith("bad.img: "), e.getMessage());
        }
    }

    @Test
    void aWrongSumInAPngIsSaid() throws IOException {
        var png = Files.readAllBytes(Golden.path("image/png-rgb.png"));
        png[60] ^= 1;
        refused(write("spoilt.png", png), "spoilt.png: PNG corrupt: the check sum");
    }

    @Test
    void errorsNameTheFileAndTheReason() throws IOException {
        refused(folder.resolve("gone.jpg"), "gone.jpg: no such file");
        refused(folder, ": is a folder, not an image");
        refused(write("empty.jpg", new byte[0]), "empty.jpg: empty file (0 bytes)");
        refused(
                write("text.jpg", "<html>404</html>".getBytes()),
                "text.jpg: not a JPEG, PNG or FITS image: it seems to be a web page or XML");
        refused(write("x.png", "GIF89a......".getBytes()), "x.png: not a JPEG, PNG or FITS image: it is a GIF");
        refused(write("x", new byte[] {1, 2}), "x: not a JPEG, PNG or FITS image: it starts with 01 02");
        refused(Golden.path("image/cmyk.jpg"), "cmyk.jpg: CMYK JPEG (4 components); save it as RGB");
    }

    @Test
    void aBombIsRefusedBeforeItIsDecoded() throws IOException {
        var png = Files.readAllBytes(Golden.path("image/png-rgb.png"));
        ByteBuffer.wrap(png).putInt(16, 60000).putInt(20, 60000);
        var crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        refused(write("bomb.png", png), "bomb.png: 60,000 x 60,000 pixels; the limit is 100,000,000 in all");
        var jpeg = Files.readAllBytes(Golden.path("image/made-444.jpg"));
        int frame = indexOf(jpeg, (byte) 0xff, (byte) 0xc0);
        Arrays.fill(jpeg, frame + 5, frame + 9, (byte) 0xf0);
        refused(write("bomb.jpg", jpeg), "bomb.jpg: 61,680 x 61,680 pixels");
    }

    private static int indexOf(byte[] in, byte a, byte b) {
        for (int i = 0; ; i++) if (in[i] == a && in[i + 1] == b) return i;
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static void refused(Path path, String wanted) {
        var e = assertThrows(DataException.class, () -> Images.read(path));
        assertTrue(e.getMessage().contains(wanted), e.getMessage());
        assertTrue(e.getMessage().startsWith(path.toString()), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }
}
