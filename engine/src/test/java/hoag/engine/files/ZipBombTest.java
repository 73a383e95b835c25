package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zeros are a thousand times smaller in a zip file than in memory: a small file must not fill it. */
class ZipBombTest {
    private static final int BOMB = 300_000_000;

    @TempDir
    Path folder;

    /** The header, which stands at a member's start, says what the array needs. */
    @Test
    void arraysThatInflateBeyondTheirHeader() throws IOException {
        byte[] header = NpyHeader.bytes(DType.F32, new long[] {50_000}, 0);
        Path bomb = file("bomb.npz", "a.npy", header, BOMB);
        refused(bomb, "a.npy inflates to 300000128 bytes, at most 200128 are taken");
        Path fits = file("fits.npz", "a.npy", header, 200_000);
        assertEquals(50_000, Npy.readAll(fits).get("a").floats().length);
    }

    @Test
    void picklesThatInflate() throws IOException {
        refused(file("bomb.pt", "archive/data.pkl", new byte[0], BOMB), "archive/data.pkl inflates to 300000000 bytes");
    }

    @Test
    void storagesThatInflateBeyondTheirTensors() throws IOException {
        refused(torch("bomb.pt", 6, BOMB), "archive/data/0 inflates to 300000000 bytes, at most 24 are taken");
    }

    /** The tensor is six floats of a storage that claims, and has, as much as it inflates to. */
    @Test
    void storagesThatClaimWhatTheyInflateTo() throws IOException {
        refused(torch("bomb.pt", BOMB / 4, BOMB), "archive/data/0 inflates to 300000000 bytes");
    }

    @Test
    void storagesThatClaimMoreThanIsThere() throws IOException {
        refused(torch("bomb.pt", 1 << 30, 24), "storage '0' wants 4294967296 bytes, found 24");
        try (var fits = Weights.open(torch("fits.pt", 6, 24))) {
            assertEquals(6, fits.get(fits.names().iterator().next()).floats().length);
        }
    }

    private static void refused(Path file, String why) throws IOException {
        assertTrue(Files.size(file) < 400_000);
        long before = Golden.allocated();
        var error = assertThrows(FormatException.class, () -> Weights.open(file).close());
        long used = Golden.allocated() - before;
        assertTrue(error.getMessage().contains(why), error.getMessage());
        assertTrue(used < Fuzz.MEMORY, used + " bytes");
    }

    private Path file(String name, String member, byte[] start, int zeros) throws IOException {
        Path file = folder.resolve(name);
        try (var out = new ZipOutputStream(Files.newOutputStream(file))) {
            put(out, member, start, zeros);
        }
        return file;
    }

    /** One tensor of 2x3 floats, as PyTorch wrote it, but for how many its storage claims and how many bytes of zeros it has. */
    private Path torch(String name, int claimed, int zeros) throws IOException {
        Path file = folder.resolve(name);
        try (var good = new ZipMembers(Golden.file("one-tensor.pt"));
                var out = new ZipOutputStream(Files.newOutputStream(file))) {
            put(out, "archive/data.pkl", claiming(good.read("archive/data.pkl", 1000), claimed), 0);
            put(out, "archive/data/0", new byte[0], zeros);
        }
        return file;
    }

    /** The storage's count of 6, a byte behind opcode K, as four bytes behind opcode J. */
    private static byte[] claiming(byte[] pickle, int count) {
        int at = new String(pickle, StandardCharsets.ISO_8859_1).indexOf("K\6t");
        assertTrue(at > 0, "the pickle of one-tensor.pt");
        var bytes = new ByteArrayOutputStream();
        bytes.write(pickle, 0, at);
        bytes.writeBytes(ByteBuffer.allocate(5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'J')
                .putInt(count)
                .array());
        bytes.write(pickle, at + 2, pickle.length - at - 2);
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream out, String member, byte[] start, int zeros) throws IOException {
        out.putNextEntry(new ZipEntry(member));
        out.write(start);
        for (int left = zeros; left > 0; left -= 100_000) out.write(new byte[Math.min(left, 100_000)]);
    }
}
