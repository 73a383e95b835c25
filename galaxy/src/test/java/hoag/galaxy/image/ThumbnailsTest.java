package hoag.galaxy.image;

import static hoag.galaxy.image.TestPictures.golden;
import static hoag.galaxy.image.TestPictures.same;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThumbnailsTest {
    @TempDir
    Path folder;

    private final Bytes small = golden("small.png");

    private static Picture decoded(byte[] file) {
        try (var reader = new PictureReader()) {
            return reader.decode(file, file.length, "encoded", Bands.SINGLE);
        }
    }

    @Test
    void pngKeepsEveryPixel() {
        same(small, decoded(Thumbnails.png(small)), "colour");
        same(Pixels.luminance(small), decoded(Thumbnails.png(Pixels.luminance(small))), "grey");
        same(small, decoded(Thumbnails.png(Pixels.floats(small))), "floats");
        var address = Thumbnails.pngAddress(small);
        assertTrue(address.startsWith("data:image/png;base64,"));
        same(small, decoded(Base64.getDecoder().decode(address.substring(address.indexOf(',') + 1))), "address");
    }

    @Test
    void jpegIsCloseAndSmallerAtLowQuality() {
        var good = Thumbnails.jpeg(small, 0.95);
        assertTrue(TestPictures.meanDifference(small, (Bytes) decoded(good)) < 4);
        assertTrue(Thumbnails.jpeg(small, 0.3).length < good.length / 2);
        assertTrue(Thumbnails.jpegAddress(small, 0.5).startsWith("data:image/jpeg;base64,/9j/"));
    }

    @Test
    void thumbnailsKeepTheShape() {
        assertEquals("(40, 48, 3)", Thumbnails.of(small, 48).shape());
        var flux = new Floats(30, 60, 1, true);
        flux.values()[5] = 7;
        assertEquals("(20, 10, 1)", Thumbnails.of(flux, 20).shape());
    }

    @Test
    void sheetsPlaceEveryPicture() {
        var white = new Bytes(10, 20, 1);
        Arrays.fill(white.values(), (byte) -1);
        var sheet = new ContactSheet(2, 20, 3).of(List.of(small, white, small));
        assertEquals("(43, 43, 3)", sheet.shape());
        assertEquals(255, sheet.at(23 + 5, 0, 1));
        assertEquals(0, sheet.at(23 + 4, 0, 1));
        assertEquals(Thumbnails.of(small, 20).at(3, 4, 0), sheet.at(3, 23 + 1 + 4, 0));
    }

    @Test
    void aFileIsWrittenWholeOrNotAtAll() throws IOException {
        var file = folder.resolve("thumb.png");
        Thumbnails.write(small, file);
        Thumbnails.write(small, file);
        same(small, Images.read(file), "file");
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        assertThrows(DataException.class, () -> Thumbnails.write(small, folder.resolve("no/such/thumb.png")));
    }
}
