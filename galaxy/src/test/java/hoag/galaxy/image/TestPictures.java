package hoag.galaxy.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Golden;
import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Pictures that tests share, and how two of them compare. */
final class TestPictures {
    private TestPictures() {}

    static Bytes golden(String name) {
        return (Bytes) Images.read(Golden.path("image/" + name));
    }

    /** The folder of development data; the test is skipped where there is none. */
    static Path shared() {
        var named = System.getProperty("hoag.shared");
        var found = Stream.of(named == null ? "../../shared" : named, "../shared")
                .map(Path::of)
                .filter(Files::isDirectory)
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(), "no development data");
        return found.get();
    }

    static void same(Picture wanted, Picture got, String what) {
        near((Bytes) wanted, (Bytes) got, 0, 0, what);
    }

    /** No value further off than the most allowed, and no larger share of them off at all. */
    static void near(Bytes wanted, Bytes got, int most, double share, String what) {
        assertEquals(wanted.shape(), got.shape(), what);
        int worst = 0, off = 0;
        for (int i = 0; i < wanted.size(); i++) {
            int d = Math.abs((wanted.values()[i] & 255) - (got.values()[i] & 255));
            worst = Math.max(worst, d);
            if (d > 0) off++;
        }
        assertTrue(worst <= most, what + ": largest difference " + worst);
        assertTrue(off <= share * wanted.size(), what + ": " + off + " of " + wanted.size() + " differ");
    }

    static double meanDifference(Bytes a, Bytes b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) sum += Math.abs((a.values()[i] & 255) - (b.values()[i] & 255));
        return sum / a.size();
    }

    /** Planar (C, H, W) against a picture. */
    static void near(float[] planar, Floats got, double allowed, String what) {
        assertEquals(planar.length, got.size(), what);
        int area = got.width() * got.height();
        for (int c = 0; c < got.channels(); c++)
            for (int i = 0; i < area; i++)
                assertEquals(
                        planar[c * area + i],
                        got.values()[i * got.channels() + c],
                        allowed,
                        what + " channel " + c + " pixel " + i);
    }

    /** The float32 values of a NumPy file. */
    static float[] npy(Path path) {
        try {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(1, bytes.get(6), "version of " + path);
            var values = bytes.slice(10 + bytes.getShort(8), bytes.limit() - 10 - bytes.getShort(8))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            var floats = new float[values.remaining()];
            values.get(floats);
            return floats;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
