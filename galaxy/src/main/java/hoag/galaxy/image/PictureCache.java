package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.galaxy.image.Scratch.Use;
import hoag.kernels.DataException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Decoded and reduced pictures in one file that is mapped into memory, {@code DIR/pictures.hoag}, so that every epoch after the first, and every later
 * run, reads pixels instead of decoding files. Eight-bit pictures are kept in eight bits, others in floats.
 *
 * <p>The file grows by whole records, each with the checksum of its pixels: a run that is killed loses at most the picture in its hands, and what is
 * damaged is decoded again. A record belongs to a path, size and time of change, and to what was kept of it ({@link Kept}): a picture that
 * changes is decoded again, and several models share a file. One run at a time uses it; its threads share it.
 *
 * <p>Every {@link Loader} that is made {@link #during} some work uses the cache. Layout: magic and version (8 bytes), zeros to 64; then records of
 * 64 bytes and the values, padded to 64: magic, CRC-32C of what follows, 16 bytes of SHA-256 of what it belongs to, kind, width, height, channels,
 * bytes of values; little-endian.
 */
public final class PictureCache implements AutoCloseable {
    private static final ScopedValue<PictureCache> CURRENT = ScopedValue.newInstance();
    private static final long MAGIC = 0x01434950_47414f48L; // HOAGPIC, version 1
    private static final int RECORD = 0x43455248; // HREC
    private static final int LINE = 64;
    private static final int BYTES = 0;
    private static final int FLOATS = 1;
    private static final int FLUX = 2;

    private final Path file;
    private final FileChannel channel;
    private final Arena arena = Arena.ofShared();
    private final ConcurrentHashMap<Key, Long> places = new ConcurrentHashMap<>();
    private volatile List<Region> regions = List.of();
    private long end;

    private record Key(long high, long low) {}

    private record Region(long start, MemorySegment bytes) {
        boolean holds(long at) {
            return at >= start && at < start + bytes.byteSize();
        }
    }

    /**
     * Opens a cache, or begins one.
     *
     * @param folder where its file is; made if need be
     * @throws DataException when the folder cannot be written, the file is of another version, or another run is using it
     */
    public PictureCache(Path folder) {
        file = folder.resolve("pictures.hoag");
        channel = guarded(() -> {
            Files.createDirectories(folder);
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        });
        try {
            guarded(() -> {
                lock();
                begin();
                scan();
                return null;
            });
        } catch (DataException e) {
            close();
            throw e;
        }
    }

    /** Does some work; every loader that is made meanwhile by this thread uses the cache. */
    public <T> T during(Supplier<T> work) {
        return ScopedValue.where(CURRENT, this).call(work::get);
    }

    /** The cache of the work in progress; null without. */
    static PictureCache current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T guarded(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            boolean full = String.valueOf(e.getMessage()).contains("No space left");
            throw new DataException(
                    file + ": the cache of pictures cannot be used: "
                            + (full ? "the disk is full; free some space, or go on without --cache" : e.getMessage()),
                    e);
        }
    }

    private void lock() throws IOException {
        try {
            if (channel.tryLock() != null) return;
        } catch (OverlappingFileLockException e) {
            // another cache of this JVM: told below
        }
        throw new DataException(file + ": another run is using this cache; wait for it, or give another --cache");
    }

    private void begin() throws IOException {
        var head = ByteBuffer.allocate(LINE).order(ByteOrder.LITTLE_ENDIAN);
        if (channel.size() == 0) write(head.putLong(0, MAGIC), 0);
        head.clear();
        read(head, 0);
        if (head.getLong(0) != MAGIC)
            throw new DataException(
                    file + ": is no cache of pictures of this version of Hoag; remove it, or give another --cache");
    }

    /** Finds the records; what a killed run left half written is cut off. */
    private void scan() throws IOException {
        var head = ByteBuffer.allocate(LINE).order(ByteOrder.LITTLE_ENDIAN);
        long size = channel.size();
        for (end = LINE; end + LINE <= size; ) {
            read(head.clear(), end);
            long next = end + LINE + padded(head.getInt(40));
            if (head.getInt(0) != RECORD || head.getInt(40) < 0 || next > size) break;
            places.put(new Key(head.getLong(8), head.getLong(16)), end);
            end = next;
        }
        channel.truncate(end);
    }

    private static long padded(int bytes) {
        return ((long) bytes + LINE - 1) / LINE * LINE;
    }

    private void read(ByteBuffer into, long from) throws IOException {
        while (into.hasRemaining() && channel.read(into, from + into.position()) >= 0) continue;
    }

    private void write(ByteBuffer bytes, long to) throws IOException {
        while (bytes.hasRemaining()) to += channel.write(bytes, to);
    }

    /** Pictures that are kept. */
    public int size() {
        return places.size();
    }

    /**
     * What the transform sees of a picture: from the cache, else decoded and kept. What has no limit is decoded and not kept.
     *
     * @throws DataException when the picture is not kept and cannot be read
     */
    Picture read(Path path, Transform transform, PictureReader reader, Scratch scratch) {
        var kept = transform.kept();
        if (kept == null) return reader.read(path, transform.bands());
        var key = key(path, kept);
        var place = places.get(key);
        var found = place == null ? null : guarded(() -> at(place, scratch));
        if (found != null) return found;
        var decoded = kept.apply(reader.read(path, transform.bands()), scratch);
        guarded(() -> {
            append(key, decoded);
            return null;
        });
        return decoded;
    }

    private Key key(Path path, Kept kept) {
        try {
            var about = Files.readAttributes(path, BasicFileAttributes.class);
            var text = "%s\n%d %s\n%s"
                    .formatted(path.toAbsolutePath().normalize(), about.size(), about.lastModifiedTime(), kept.key());
            var digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
            return new Key(digest.getLong(), digest.getLong());
        } catch (NoSuchFileException e) {
            throw new DataException(path + ": no such file", e);
        } catch (IOException e) {
            throw new DataException(path + ": cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The picture of a record, in arrays of the scratch; null if the record is damaged. */
    private Picture at(long place, Scratch scratch) throws IOException {
        var region = region(place);
        var record = region.bytes.asSlice(place - region.start);
        var head = record.asSlice(0, LINE).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        int bytes = head.getInt(40),
                kind = head.getInt(24),
                w = head.getInt(28),
                h = head.getInt(32),
                c = head.getInt(36);
        if (crc(record.asSlice(8, LINE - 8L + bytes).asByteBuffer()) != head.getInt(4)) return null;
        if (kind == BYTES) {
            var values = scratch.bytes(Use.KEPT, bytes);
            MemorySegment.copy(record, ValueLayout.JAVA_BYTE, LINE, values, 0, bytes);
            return new Bytes(w, h, c, values);
        }
        var values = scratch.floats(Use.KEPT, bytes / Float.BYTES);
        var little = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        MemorySegment.copy(record, little, LINE, values, 0, bytes / Float.BYTES);
        return new Floats(w, h, c, values, kind == FLUX);
    }

    private static int crc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private Region region(long place) throws IOException {
        for (var region : regions) if (region.holds(place)) return region;
        return mapped(place);
    }

    /** Maps what was written since the last time; records never cross regions. */
    private synchronized Region mapped(long place) throws IOException {
        for (var region : regions) if (region.holds(place)) return region;
        long start = regions.isEmpty()
                ? 0
                : regions.getLast().start + regions.getLast().bytes.byteSize();
        var more = new ArrayList<>(regions);
        more.add(new Region(start, channel.map(MapMode.READ_ONLY, start, end - start, arena)));
        regions = List.copyOf(more);
        return more.getLast();
    }

    private void append(Key key, Picture picture) throws IOException {
        int bytes = picture instanceof Bytes ? picture.size() : Math.multiplyExact(Float.BYTES, picture.size());
        var record = ByteBuffer.allocate(LINE + (int) padded(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(0, RECORD).putLong(8, key.high).putLong(16, key.low);
        record.putInt(28, picture.width()).putInt(32, picture.height()).putInt(36, picture.channels());
        record.putInt(40, bytes);
        switch (picture) {
            case Bytes p -> record.putInt(24, BYTES).put(LINE, p.values(), 0, bytes);
            case Floats p -> {
                record.putInt(24, p.flux() ? FLUX : FLOATS);
                record.slice(LINE, bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .put(p.values(), 0, p.size());
            }
        }
        record.putInt(4, crc(record.slice(8, LINE - 8 + bytes)));
        synchronized (this) {
            write(record, end);
            places.put(key, end);
            end += record.capacity();
        }
    }

    /** No loader may use it any more. */
    @Override
    public void close() {
        arena.close();
        guarded(() -> {
            channel.close();
            return null;
        });
    }
}
