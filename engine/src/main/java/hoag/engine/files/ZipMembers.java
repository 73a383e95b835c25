package hoag.engine.files;

import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The members of a zip file, read whole and checked against their recorded length and checksum. Memory grows with the bytes that really come, not
 * with what the directory claims, and a deflated member, which can be a thousand times smaller than what it holds, only as far as its reader needs.
 */
final class ZipMembers implements AutoCloseable {
    private static final int LONGEST = Integer.MAX_VALUE - 8;
    /** Bytes of a deflated member that are looked at before it is read whole. */
    private static final int BEGINNING = 1 << 17;

    private final Path path;
    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new LinkedHashMap<>();
    private long inflated;

    /** @throws FormatException when the file is no zip file, is cut short, or names a member twice */
    ZipMembers(Path path) {
        this.path = path;
        zip = open(path);
        try {
            zip.stream().forEach(this::add);
            checkOverlap();
        } catch (IllegalArgumentException e) {
            close();
            throw new FormatException(
                    "%s: broken zip directory: %s".formatted(path, JsonPrinter.plain(String.valueOf(e.getMessage()))),
                    e);
        } catch (FormatException e) {
            close();
            throw e;
        }
    }

    private static ZipFile open(Path path) {
        if (!Files.isReadable(path))
            throw new DataException(
                    "%s: %s".formatted(path, Files.exists(path) ? "no permission to read it" : "no such file"));
        try {
            return new ZipFile(path.toFile());
        } catch (IOException | IllegalArgumentException e) {
            throw new FormatException(
                    "%s: no zip file, or truncated: %s"
                            .formatted(path, JsonPrinter.plain(String.valueOf(e.getMessage()))),
                    e);
        }
    }

    private void add(ZipEntry entry) {
        if (entry.getName().chars().anyMatch(Character::isISOControl))
            throw new FormatException("%s: control characters in a member's name".formatted(path));
        if (entries.putIfAbsent(entry.getName(), entry) != null)
            throw new FormatException("%s: member %s stands twice".formatted(path, entry.getName()));
    }

    /** Members that share their bytes would make a small file endless. */
    private void checkOverlap() {
        long length = path.toFile().length();
        long sum = 0;
        for (var entry : entries.values()) {
            sum += Math.max(0, entry.getCompressedSize());
            if (sum < 0 || sum > length) throw new FormatException("%s: members overlap".formatted(path));
        }
    }

    Set<String> names() {
        return entries.keySet();
    }

    /** Bytes of all deflated members that were read. */
    long inflated() {
        return inflated;
    }

    /**
     * @param most bytes that the member may have where it is deflated
     * @throws FormatException when there is no such member, it is too long, or length or checksum are wrong
     */
    byte[] read(String name, long most) {
        return read(name, _ -> most);
    }

    /** @param most bytes that a deflated member may have, told from its beginning; asked for long members alone */
    byte[] read(String name, ToLongFunction<MemorySegment> most) {
        var entry = entries.get(name);
        if (entry == null)
            throw new FormatException("%s: member %s is missing".formatted(path, JsonPrinter.plain(name)));
        if (entry.getSize() > LONGEST)
            throw new FormatException(
                    "%s: member %s has %d bytes; at most 2 GB are read".formatted(path, name, entry.getSize()));
        boolean stored = entry.getMethod() == ZipEntry.STORED && entry.getSize() == entry.getCompressedSize();
        if (!stored && entry.getSize() > BEGINNING) checkNeed(entry, most);
        try (var in = zip.getInputStream(entry)) {
            byte[] bytes = stored
                    ? stored(in, (int) entry.getSize())
                    : in.readNBytes((int) Math.min(LONGEST, entry.getSize() + 1));
            check(entry, bytes);
            inflated += stored ? 0 : bytes.length;
            return bytes;
        } catch (IOException | IllegalArgumentException e) {
            throw new FormatException("%s: member %s is broken: %s".formatted(path, name, e.getMessage()), e);
        }
    }

    private void checkNeed(ZipEntry entry, ToLongFunction<MemorySegment> most) {
        try (var in = zip.getInputStream(entry)) {
            long need = most.applyAsLong(MemorySegment.ofArray(in.readNBytes(BEGINNING)));
            if (entry.getSize() > need)
                throw new FormatException(
                        "%s: member %s inflates to %d bytes, at most %d are taken; save it without compression"
                                .formatted(path, entry.getName(), entry.getSize(), need));
        } catch (IOException | IllegalArgumentException e) {
            throw new FormatException(
                    "%s: member %s is broken: %s".formatted(path, entry.getName(), e.getMessage()), e);
        }
    }

    /** Bytes that stand in the file as they are, so there is memory for all of them. */
    private static byte[] stored(java.io.InputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        return in.readNBytes(bytes, 0, length) == length ? bytes : new byte[0];
    }

    private void check(ZipEntry entry, byte[] bytes) {
        if (bytes.length != entry.getSize()) {
            throw new FormatException("%s: member %s wants %d bytes, found %d"
                    .formatted(path, entry.getName(), entry.getSize(), bytes.length));
        }
        var crc = new CRC32();
        crc.update(bytes);
        if (crc.getValue() != entry.getCrc()) {
            throw new FormatException(
                    "%s: member %s has a wrong checksum: the file is damaged".formatted(path, entry.getName()));
        }
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new DataException("%s: cannot be closed: %s".formatted(path, e.getMessage()), e);
        }
    }
}
