package hoag.engine.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Ways to break a file: bits, bytes, lengths and opcodes changed, pieces cut, doubled, moved, or taken from another file. */
final class Mutations {
    private static final byte[] TEXT = "{}[]\",:\\0-9()<>'e.\0\u007f\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] OPCODES =
            "(.012FGIJKLMNPQRSTUVXabcdeghijlopqrstu})]BC\u0080\u0081\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0090\u0091\u0092\u0093\u0094\u0095\u0096"
                    .getBytes(StandardCharsets.ISO_8859_1);
    private static final long[] EXTREMES = {
        0,
        1,
        -1,
        2,
        255,
        256,
        65535,
        1L << 31,
        (1L << 31) - 1,
        1L << 32,
        1L << 40,
        1L << 60,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final SplittableRandom random;
    private final List<Seed> seeds;

    /** A good file; of a zip file its members too. */
    record Seed(byte[] bytes, Map<String, byte[]> members) {
        static Seed of(byte[] bytes) {
            return new Seed(bytes, Map.of());
        }

        static Seed of(Path file) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes[0] != 'P' || bytes[1] != 'K') return of(bytes);
            var members = new LinkedHashMap<String, byte[]>();
            try (var zip = new ZipMembers(file)) {
                for (String name : zip.names()) members.put(name, zip.read(name, bytes.length * 1000L));
            }
            return new Seed(bytes, members);
        }
    }

    Mutations(List<Seed> seeds, long seed) {
        this.seeds = seeds;
        random = new SplittableRandom(seed);
    }

    /** A good file, broken in one to four places; of a zip file every other time a member, with sums and directory put right again. */
    byte[] next() {
        var seed = seeds.get(random.nextInt(seeds.size()));
        return seed.members.isEmpty() || random.nextInt(4) == 0 ? broken(seed.bytes) : zipped(seed);
    }

    private byte[] zipped(Seed seed) {
        try {
            var members = new LinkedHashMap<>(seed.members);
            var names = members.keySet().stream().toList();
            String pickle = names.stream()
                    .filter(n -> n.endsWith("data.pkl"))
                    .findFirst()
                    .orElse(names.getFirst());
            String name = random.nextInt(3) > 0 ? pickle : names.get(random.nextInt(names.size()));
            if (random.nextInt(16) == 0) members.remove(name);
            else
                members.put(
                        name, random.nextInt(8) == 0 && name.endsWith(".pkl") ? program() : broken(members.get(name)));
            return zip(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] zip(Map<String, byte[]> members) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            out.setLevel(1);
            for (var member : members.entrySet()) {
                out.putNextEntry(new ZipEntry(member.getKey()));
                out.write(member.getValue());
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** A pickle of random opcodes, most of them with what they need. */
    private byte[] program() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 4, '}', 'q', 0, ']', 'q', 1});
        int length = random.nextInt(400);
        for (int i = 0; i < length; i++) out.writeBytes(instruction());
        out.write('.');
        return out.toByteArray();
    }

    private byte[] instruction() {
        int small = random.nextInt(4);
        return switch (random.nextInt(14)) {
            case 0 -> new byte[] {'h', (byte) small};
            case 1 -> new byte[] {'q', (byte) small};
            case 2 -> new byte[] {'h', (byte) small, 'h', (byte) random.nextInt(4), 's'};
            case 3 -> new byte[] {'h', (byte) small, 'a'};
            case 4 -> new byte[] {'h', (byte) small, 'h', (byte) small, (byte) 0x86};
            case 5 -> text("ccollections\nOrderedDict\n");
            case 6 -> text("cbuiltins\nlist\n");
            case 7 -> text("ctorch._utils\n_rebuild_tensor_v2\n");
            case 8 -> text("(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" + small + "X\3\0\0\0cpuK\4tQ");
            case 9 -> new byte[] {(byte) 0x85, 'R'};
            case 10 -> new byte[] {'K', (byte) random.nextInt()};
            case 11 -> text("cmodule\nClass\n)" + (char) 0x81);
            case 12 -> new byte[] {(byte) (random.nextBoolean() ? ']' : '}')};
            default -> new byte[] {OPCODES[random.nextInt(OPCODES.length)]};
        };
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] broken(byte[] good) {
        byte[] bytes = good.clone();
        for (int rounds = 1 + random.nextInt(4); rounds > 0 && bytes.length > 0; rounds--) bytes = once(bytes);
        return bytes;
    }

    private byte[] once(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        int length = random.nextInt(Math.min(24, bytes.length - at) + 1);
        switch (random.nextInt(10)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> bytes[at] = TEXT[random.nextInt(TEXT.length)];
            case 3, 4 -> bytes[at] = OPCODES[random.nextInt(OPCODES.length)];
            case 5 -> extreme(bytes, at);
            case 6 -> System.arraycopy(bytes, at, bytes, random.nextInt(bytes.length - length + 1), length);
            case 7 -> {
                return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : cut(bytes, at, length);
            }
            case 8 -> {
                return inserted(bytes, at, Arrays.copyOfRange(bytes, at, at + length));
            }
            default -> {
                return inserted(bytes, at, foreign());
            }
        }
        return bytes;
    }

    private void extreme(byte[] bytes, int at) {
        byte[] number = new byte[8];
        var order = random.nextInt(4) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer.wrap(number).order(order).putLong(EXTREMES[random.nextInt(EXTREMES.length)]);
        int length = Math.min(1 << random.nextInt(4), bytes.length - at);
        System.arraycopy(number, order == ByteOrder.BIG_ENDIAN ? 8 - length : 0, bytes, at, length);
    }

    private static byte[] cut(byte[] bytes, int at, int length) {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - length);
        System.arraycopy(bytes, at + length, shorter, at, shorter.length - at);
        return shorter;
    }

    private static byte[] inserted(byte[] bytes, int at, byte[] piece) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + piece.length);
        System.arraycopy(piece, 0, longer, at, piece.length);
        System.arraycopy(bytes, at, longer, at + piece.length, bytes.length - at);
        return longer;
    }

    /** Up to a hundred bytes of any good file of the kind. */
    private byte[] foreign() {
        byte[] other = seeds.get(random.nextInt(seeds.size())).bytes;
        int from = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, from, from + random.nextInt(Math.min(100, other.length - from) + 1));
    }
}
