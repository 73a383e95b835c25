package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import hoag.kernels.FormatException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Good files with bytes changed, cut, doubled or moved: each is read, or refused by a FormatException, in little memory. */
class MutationTest {
    private static final int MUTATIONS = 3000;
    private static final long MEMORY = 64L << 20;
    private static final byte[] NASTY =
            "{}[]\",:\\0-9()<>'\0\u007f\u00ff".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {".safetensors", ".npy", ".npz"})
    void neverAnythingButAFormatException(String kind) throws IOException {
        var random = new SplittableRandom(kind.hashCode());
        var seeds = seeds(kind);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutant = mutate(seeds.get(i % seeds.size()), random);
            Path path = folder.resolve(i + kind);
            Files.write(path, mutant);
            if (!accepts(path, reader(kind), mutant)) refused++;
            Files.delete(path);
        }
        assertTrue(refused > MUTATIONS / 4, refused + " refused");
    }

    private static List<byte[]> seeds(String kind) throws IOException {
        var seeds = new java.util.ArrayList<byte[]>();
        for (String name :
                Golden.names(true, kind).filter(n -> !n.startsWith("tiny")).toList())
            seeds.add(Files.readAllBytes(Golden.file(name)));
        return seeds;
    }

    private static Consumer<Path> reader(String kind) {
        return switch (kind) {
            case ".safetensors" -> MutationTest::readSafetensors;
            case ".npy" -> path -> Npy.read(path).doubles();
            default -> path -> Npy.readAll(path).values().forEach(TensorData::doubles);
        };
    }

    private static void readSafetensors(Path path) {
        try (var file = Safetensors.open(path)) {
            file.tensors().forEach(TensorData::doubles);
        }
    }

    private static boolean accepts(Path path, Consumer<Path> reader, byte[] mutant) {
        long before = allocated();
        try {
            reader.accept(path);
            return true;
        } catch (FormatException e) {
            assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
            return false;
        } catch (RuntimeException | Error e) {
            return fail("%s from %s".formatted(e, Arrays.toString(mutant)), e);
        } finally {
            long used = allocated() - before;
            assertTrue(used < mutant.length + MEMORY, () -> "%d bytes for %s".formatted(used, Arrays.toString(mutant)));
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static byte[] mutate(byte[] seed, SplittableRandom random) {
        byte[] bytes = seed.clone();
        int rounds = 1 + random.nextInt(3);
        for (int i = 0; i < rounds && bytes.length > 0; i++) bytes = mutateOnce(bytes, random);
        return bytes;
    }

    private static byte[] mutateOnce(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(bytes.length);
        int length = random.nextInt(Math.min(16, bytes.length - at) + 1);
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> bytes[at] = NASTY[random.nextInt(NASTY.length)];
            case 3 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0xff : 0x39));
            case 4 -> System.arraycopy(bytes, at, bytes, random.nextInt(bytes.length - length + 1), length);
            case 5 -> {
                return Arrays.copyOf(bytes, at);
            }
            default -> {
                return spliced(bytes, at, length);
            }
        }
        return bytes;
    }

    /** The bytes with a piece of them twice. */
    private static byte[] spliced(byte[] bytes, int at, int length) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        return longer;
    }
}
