package hoag.galaxy.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.DataException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.ImageData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache gives what decoding gives, to the bit where nothing is magnified, and survives what happens to files. */
class PictureCacheTest {
    private static final Preprocess SMALL = Preprocess.of(24, Channels.RGB_OR_GREY);

    @TempDir
    Path folder;

    private final List<Path> files = new ArrayList<>();

    @BeforeEach
    void pictures() throws IOException, FitsException {
        var random = new Random(3);
        for (int i = 0; i < 6; i++) {
            var image = new BufferedImage(
                    40 + i * 7, 50, i == 4 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < 50; y++)
                for (int x = 0; x < image.getWidth(); x++) image.setRGB(x, y, random.nextInt());
            files.add(folder.resolve("g" + i + ".png"));
            ImageIO.write(image, "png", files.getLast().toFile());
        }
        var tiny = new BufferedImage(10, 12, BufferedImage.TYPE_INT_RGB);
        files.add(folder.resolve("tiny.png"));
        ImageIO.write(tiny, "png", files.getLast().toFile());
        var flux = new float[60][45];
        for (var row : flux)
            for (int x = 0; x < row.length; x++) row[x] = random.nextFloat() * 100 - (x == 7 ? Float.NaN : 3);
        files.add(folder.resolve("flux.fits"));
        try (var fits = new Fits()) {
            fits.addHDU(ImageData.from(flux).toHDU());
            fits.write(files.getLast().toFile());
        }
    }

    private float[] load(Transform transform, int epochs) {
        var settings = new Loader.Settings(3, epochs, 3, 2, true);
        var all = new float[epochs * files.size() * transform.length()];
        int at = 0;
        try (var loader = new Loader(files, transform, Order.asListed(files.size()), settings, _ -> {})) {
            for (var batch = loader.next(); batch != null; batch = loader.next()) {
                System.arraycopy(batch.images(), 0, all, at, batch.count() * transform.length());
                at += batch.count() * transform.length();
            }
        }
        assertEquals(all.length, at);
        return all;
    }

    private float[] cached(Transform transform, int epochs, int kept) {
        try (var cache = new PictureCache(folder.resolve("cache"))) {
            var values = cache.during(() -> load(transform, epochs));
            assertEquals(kept, cache.size());
            return values;
        }
    }

    private Path file() {
        return folder.resolve("cache/pictures.hoag");
    }

    @Test
    void theSameBits() throws IOException {
        var wanted = load(SMALL, 2);
        assertArrayEquals(wanted, cached(SMALL, 2, 8));
        long size = Files.size(file());
        assertArrayEquals(wanted, cached(SMALL, 2, 8));
        assertEquals(size, Files.size(file()));
        var grey = Preprocess.of(24, Channels.MEAN).crop(0.9);
        assertArrayEquals(load(grey, 1), cached(grey, 1, 16));
    }

    @Test
    void augmentedViewsAreNearlyTheSame() {
        var views = Augment.GALAXY.with(SMALL, 5);
        var wanted = load(views, 3);
        var got = cached(views, 3, 8);
        double sum = 0;
        for (int i = 0; i < got.length; i++) sum += Math.abs(got[i] - wanted[i]);
        assertTrue(sum / got.length < 0.06, "mean difference " + sum / got.length); // of noise, the worst there is
        assertArrayEquals(got, cached(views, 3, 8));
    }

    @Test
    void aChangedPictureIsReadAgain() throws IOException {
        var before = cached(SMALL, 1, 8);
        Files.copy(files.get(1), files.get(2), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(files.get(2), FileTime.fromMillis(1000));
        var after = cached(SMALL, 1, 9);
        int length = SMALL.length();
        assertArrayEquals(Arrays.copyOf(before, 2 * length), Arrays.copyOf(after, 2 * length));
        assertArrayEquals(
                Arrays.copyOfRange(before, length, 2 * length), Arrays.copyOfRange(after, 2 * length, 3 * length));
        Files.delete(files.get(3));
        assertThrows(DataException.class, () -> cached(SMALL, 1, 9));
    }

    @Test
    void whatIsTornOrDamagedIsDecodedAgain() throws IOException {
        var wanted = cached(SMALL, 1, 8);
        try (var raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.seek(64 + 64 + 5);
            int old = raw.read();
            raw.seek(64 + 64 + 5);
            raw.write(old ^ 1);
            raw.setLength(raw.length() - 64);
        }
        assertArrayEquals(wanted, cached(SMALL, 1, 8));
        assertArrayEquals(wanted, cached(SMALL, 1, 8));
    }

    @Test
    void whatIsNoCacheOrInUseIsRefused() throws IOException {
        try (var _ = new PictureCache(folder.resolve("cache"))) {
            fails("another run is using this cache");
        }
        Files.writeString(file(), "something else, of more than sixty-four bytes, so that it has a whole first line");
        fails("is no cache of pictures of this version");
    }

    private void fails(String wanted) {
        var message = assertThrows(DataException.class, () -> new PictureCache(folder.resolve("cache")))
                .getMessage();
        assertTrue(message.contains(wanted), message);
    }
}
