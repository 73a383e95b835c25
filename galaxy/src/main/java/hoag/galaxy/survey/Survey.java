package hoag.galaxy.survey;

import hoag.kernels.DataException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A survey as it was when it was opened: representations, names, coordinates, columns and thumbnails, read from the mapped file as they are asked
 * for, so that it may be larger than memory. Any number of readers may have it open while one writer appends. Any number of threads may call it.
 */
public final class Survey implements Rows, AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment file;
    /** The same file, asked for its length alone: unlike a channel, an interrupted thread does not close it. */
    private final RandomAccessFile open;

    private volatile long asked = System.nanoTime();
    private final Scan scan;
    private final Table[] tables;
    private final int[] first;
    private final Map<Integer, List<String>> names = new ConcurrentHashMap<>();
    private Map<String, Integer> places;

    private Survey(Path path) {
        this.path = path;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            scan = Scan.of(channel, path.toString());
            file = channel.map(FileChannel.MapMode.READ_ONLY, 0, scan.end(), arena);
            open = new RandomAccessFile(path.toFile(), "r");
        } catch (IOException e) {
            arena.close();
            throw new DataException(path + ": cannot be read as a survey: " + reason(e), e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
        List<BlockHeader> blocks = scan.blocks();
        tables = new Table[blocks.size()];
        first = new int[blocks.size() + 1];
        for (int i = 0; i < tables.length; i++) {
            BlockHeader block = blocks.get(i);
            tables[i] = new Table(file.asSlice(block.at() + block.tableAt(), block.tableBytes()), block.rows());
            first[i + 1] = Math.addExact(first[i], block.rows());
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "there is no such file; make one with hoag index"
                : e.getMessage();
    }

    /**
     * Opens a survey; an unfinished block at its end is ignored.
     *
     * @throws DataException when there is no such file
     * @throws hoag.kernels.FormatException when it is no survey, or damaged
     */
    public static Survey open(Path path) {
        return new Survey(path);
    }

    /** What all its representations have in common. */
    public SurveyInfo info() {
        return scan.info();
    }

    @Override
    public int size() {
        return first[tables.length];
    }

    @Override
    public int width() {
        return info().width();
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** A checksum of all its representations. */
    public int stamp() {
        return stamp(size());
    }

    /** A checksum of the representations of the first rows that stays when the survey grows: of the blocks that end with them at the latest. */
    public int stamp(int rows) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        for (int block = 0; block < tables.length && first[block + 1] <= rows; block++) {
            for (int shift = 0; shift < 32; shift += 8) {
                crc.update(scan.blocks().get(block).bodyCrc() >>> shift);
            }
        }
        return (int) crc.getValue();
    }

    /** Bytes at the end that belong to an unfinished block: a writer is at work, or was killed. */
    public long unfinished() {
        return scan.size() - scan.end();
    }

    /** Whether nobody has cut the file off since it was opened. */
    public boolean isWhole() {
        try {
            return open.length() >= scan.end();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Refuses to read a file that somebody cut off, as compiled code that reads mapped memory behind a file's end can bring down the JVM (HotSpot 25 at a load that extends
     * a sign). Asked once a millisecond, and of a file that was cut
     * off each time.
     */
    private void checkWhole() {
        long now = System.nanoTime();
        if (now - asked > 1_000_000) {
            if (!isWhole()) {
                throw new DataException(path + ": was cut off while it was open; it had " + scan.end()
                        + " bytes. Bring the file back, or make it again with hoag index, and start anew");
            }
            asked = now;
        }
    }

    @Override
    public void read(int row, int count, float[] to) {
        for (int done = 0; done < count; ) {
            int block = block(row + done);
            int part = Math.min(count - done, first[block + 1] - row - done);
            MemorySegment.copy(file, FLOAT, at(block, row + done), to, done * width(), part * width());
            done += part;
        }
    }

    @Override
    public MemorySegment memory(int row, int count) {
        int block = block(row);
        return row + count <= first[block + 1] && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                ? file.asSlice(at(block, row), 4L * count * width())
                : null;
    }

    private long at(int block, int row) {
        return scan.blocks().get(block).at() + BlockHeader.SIZE + 4L * width() * (row - first[block]);
    }

    /** The galaxy's name. */
    public String id(int row) {
        int block = block(row);
        return tables[block].id(row - first[block]);
    }

    /** All names: (rows). */
    public List<String> ids() {
        checkWhole();
        List<String> ids = new ArrayList<>(size());
        for (int block = 0; block < tables.length; block++) {
            for (int i = 0; i < tables[block].rows(); i++) {
                ids.add(tables[block].id(i));
            }
        }
        return ids;
    }

    /** The row of a galaxy, -1 when there is none of that name. */
    public synchronized int find(String id) {
        if (places == null) {
            places = HashMap.newHashMap(size());
            List<String> ids = ids();
            for (int i = 0; i < ids.size(); i++) {
                places.put(ids.get(i), i);
            }
        }
        return places.getOrDefault(id, -1);
    }

    /** Right ascension in degrees, NaN if unknown. */
    public double ra(int row) {
        int block = block(row);
        return tables[block].ra(row - first[block]);
    }

    /** Declination in degrees, NaN if unknown. */
    public double dec(int row) {
        int block = block(row);
        return tables[block].dec(row - first[block]);
    }

    /** What the catalogue said of it, by column; blanks are left out. */
    public Map<String, String> columns(int row) {
        int block = block(row);
        return tables[block].fields(row - first[block]);
    }

    /** What the catalogue said of it in one column; blank for nothing. */
    public String field(int row, String column) {
        int block = block(row);
        int place = names.computeIfAbsent(block, of -> tables[of].columns()).indexOf(column);
        return place < 0 ? "" : tables[block].field(row - first[block], place);
    }

    /** Names of all columns that a galaxy has, in order; ra and dec where coordinates of one are known. */
    public java.util.SortedSet<String> columnNames() {
        checkWhole();
        var names = new java.util.TreeSet<String>();
        for (Table table : tables) {
            names.addAll(table.columns());
        }
        for (int row = 0; row < size() && !names.contains("ra"); row++) {
            if (!Double.isNaN(ra(row))) {
                names.addAll(List.of("ra", "dec"));
            }
        }
        return names;
    }

    /** A small JPEG; empty for none. */
    public byte[] thumbnail(int row) {
        int block = block(row);
        Table table = tables[block];
        long from = table.thumbnail(row - first[block]);
        long to = table.thumbnail(row - first[block] + 1);
        BlockHeader header = scan.blocks().get(block);
        return file.asSlice(header.at() + header.tableAt() + from, to - from).toArray(ValueLayout.JAVA_BYTE);
    }

    private int block(int row) {
        checkWhole();
        int low = 0;
        int high = tables.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (first[middle] <= row) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Gives the mapping back. */
    @Override
    public void close() {
        arena.close();
        try {
            open.close();
        } catch (IOException e) {
            throw new DataException(path + ": cannot be closed: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
