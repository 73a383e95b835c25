package hoag.galaxy.parquet;

import hoag.galaxy.data.Column;
import hoag.galaxy.data.TableRows;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The plain columns of a Parquet file, row by row; lists, maps, structures and the old 96-bit times are passed over. Every encoding of the format
 * is read, packed by snappy, zstd, gzip, LZ4 (raw) or not at all.
 */
final class ParquetRows implements TableRows {
    private static final int MAGIC = 0x31524150; // PAR1, little-endian
    private static final int TAIL = 8;

    private final Path file;
    private final FileChannel channel;
    private final List<Leaf> leaves = new ArrayList<>();
    private final List<Chunks> columns = new ArrayList<>();
    private long rows;
    private long row;

    ParquetRows(Path file) {
        this.file = file;
        channel = guarded(() -> FileChannel.open(file, StandardOpenOption.READ));
        try {
            guarded(() -> {
                open(ThriftReader.struct(footer()));
                return null;
            });
        } catch (DataException e) {
            close();
            throw e;
        }
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T guarded(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | BufferUnderflowException
                | ArithmeticException
                | ClassCastException
                | NegativeArraySizeException
                | NullPointerException e) {
            throw new DataException(
                    "%s: cannot be read as Parquet: %s"
                            .formatted(file, e.getMessage() == null ? "it is damaged" : e.getMessage()),
                    e);
        }
    }

    private ByteBuffer footer() throws IOException {
        long size = channel.size();
        if (size < TAIL + 4) throw new IOException("%d bytes are too few".formatted(size));
        var tail = bytes(size - TAIL, TAIL);
        int length = tail.getInt();
        if (tail.getInt() != MAGIC)
            throw new IOException("it does not end as Parquet does; is it cut off, or encrypted?");
        if (length < 0 || length > size - TAIL) throw new IOException("its description is longer than the file");
        return bytes(size - TAIL - length, length);
    }

    private ByteBuffer bytes(long from, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) continue;
        return bytes.flip();
    }

    private void open(Map<Integer, Object> about) throws IOException {
        var schema = structs(about, 2);
        rows = (Long) about.getOrDefault(3, 0L);
        var groups = structs(about, 4);
        for (int i = 1, place = 0; i < schema.size(); ) {
            int next = behind(schema, i);
            var leaf = Leaf.of(schema.get(i));
            if (next == i + 1 && leaf.isPlain() && Leaf.number(schema.get(i), 3, 0) < 2) {
                var chunks = new ArrayList<Map<Integer, Object>>();
                for (var group : groups)
                    chunks.add(Chunks.struct(structs(group, 1).get(place), 3));
                leaves.add(leaf);
                columns.add(new Chunks(channel, leaf, chunks));
            }
            for (; i < next; i++) if (Leaf.number(schema.get(i), 5, 0) == 0) place++;
        }
    }

    /** The first element of the schema behind this one and all below it. */
    private static int behind(List<Map<Integer, Object>> schema, int index) {
        int next = index + 1;
        for (int child = Leaf.number(schema.get(index), 5, 0); child > 0; child--) next = behind(schema, next);
        return next;
    }

    @SuppressWarnings("unchecked") // ThriftReader makes structures of this type only
    private static List<Map<Integer, Object>> structs(Map<Integer, Object> outer, int field) throws IOException {
        if (outer.get(field) instanceof List<?> list) return (List<Map<Integer, Object>>) list;
        throw new IOException("its description lacks field " + field);
    }

    @Override
    public List<Column> columns() {
        return leaves.stream().map(ParquetRows::column).toList();
    }

    private static Column column(Leaf leaf) {
        return Column.of(
                leaf.name(),
                switch (leaf.type()) {
                    case 1, 2 -> leaf.scale() < 0 ? Column.Type.WHOLE : Column.Type.DOUBLE;
                    case 4 -> Column.Type.FLOAT;
                    case 5 -> Column.Type.DOUBLE;
                    default -> Column.Type.TEXT;
                },
                "",
                "");
    }

    @Override
    public List<String> next() {
        if (row == rows) return null;
        row++;
        return guarded(() -> {
            var fields = new ArrayList<String>(columns.size());
            for (var column : columns) fields.add(column.next());
            return fields;
        });
    }

    @Override
    public long place() {
        return row;
    }

    @Override
    public void close() {
        guarded(() -> {
            channel.close();
            return null;
        });
    }
}
