package hoag.galaxy.parquet;

import hoag.engine.files.Json;
import hoag.galaxy.data.Column;
import hoag.galaxy.data.TableFormat;
import hoag.galaxy.data.TableRows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/**
 * Parquet without a library: the usual ones bring Hadoop, which does not run on the JDK that Hoag needs. Written are groups of 50,000 rows, one page a
 * column, plain values packed by gzip; units and UCDs as JSON under the key {@code hoag}.
 */
public final class ParquetTables implements TableFormat {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int GROUP = 50_000;

    @Override
    public String name() {
        return "Parquet";
    }

    @Override
    public List<String> endings() {
        return List.of(".parquet", ".parq", ".pq");
    }

    @Override
    public boolean starts(byte[] head) {
        return head.length >= 4
                && ByteBuffer.wrap(head).getInt() == ByteBuffer.wrap(MAGIC).getInt();
    }

    @Override
    public TableRows read(Path file) {
        return new ParquetRows(file);
    }

    @Override
    public void write(OutputStream out, List<Column> columns, Supplier<TableRows> rows) throws IOException {
        out.write(MAGIC);
        long at = MAGIC.length, count = 0;
        var groups = new ArrayList<Object>();
        try (var all = rows.get()) {
            for (var block = block(all); !block.isEmpty(); block = block(all)) {
                var chunks = new ArrayList<Object>();
                long before = at;
                for (int c = 0; c < columns.size(); c++) {
                    var chunk = new PageWriter(columns.get(c), block, c);
                    chunks.add(Map.of(2, at, 3, chunk.about(at)));
                    out.write(chunk.bytes());
                    at += chunk.bytes().length;
                }
                groups.add(Map.of(1, chunks, 2, at - before, 3, (long) block.size()));
                count += block.size();
            }
        }
        var footer = ThriftWriter.struct(
                Map.of(1, 1, 2, schema(columns), 3, count, 4, groups, 5, notes(columns), 6, "hoag"));
        out.write(footer);
        out.write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length)
                .array());
        out.write(MAGIC);
    }

    private static List<List<String>> block(TableRows rows) {
        var block = new ArrayList<List<String>>();
        while (block.size() < GROUP) {
            var row = rows.next();
            if (row == null) break;
            block.add(row);
        }
        return block;
    }

    private static List<Object> schema(List<Column> columns) {
        var elements = new ArrayList<Object>(List.of(Map.of(4, "hoag", 5, columns.size())));
        for (var column : columns)
            elements.add(
                    column.type() == Column.Type.TEXT
                            ? Map.of(1, 6, 3, 0, 4, column.name(), 6, 0, 10, Map.of(1, Map.of()))
                            : Map.of(1, PageWriter.type(column), 3, 1, 4, column.name()));
        return elements;
    }

    private static List<Object> notes(List<Column> columns) {
        var all = columns.stream()
                .map(column -> Map.of(
                        "name", column.name(), "unit", column.unit(), "ucd", column.ucd(), "about", column.about()))
                .map(java.util.TreeMap::new)
                .toList();
        return List.of(Map.of(1, "hoag", 2, Json.compact(all)));
    }

    /** One column of a group of rows: a page of which the header comes first. */
    private static final class PageWriter {
        private final Column column;
        private final int values;
        private final int unpacked;
        private final byte[] bytes;

        PageWriter(Column column, List<List<String>> rows, int index) throws IOException {
            this.column = column;
            values = rows.size();
            var plain = new ByteArrayOutputStream();
            if (column.type() != Column.Type.TEXT) levels(rows, index, plain);
            for (var row : rows) value(column, row.get(index), plain);
            var packed = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(packed)) {
                plain.writeTo(gzip);
            }
            var header = ThriftWriter.struct(
                    Map.of(1, 0, 2, plain.size(), 3, packed.size(), 5, Map.of(1, values, 2, 0, 3, 3, 4, 3)));
            unpacked = header.length + plain.size();
            var all = new ByteArrayOutputStream();
            all.writeBytes(header);
            packed.writeTo(all);
            bytes = all.toByteArray();
        }

        static int type(Column column) {
            return switch (column.type()) {
                case WHOLE -> 2;
                case FLOAT -> 4;
                case DOUBLE -> 5;
                case TEXT -> 6;
            };
        }

        /** Which values are there, a bit each, as one packed run. */
        private static void levels(List<List<String>> rows, int index, ByteArrayOutputStream out) {
            int groups = (rows.size() + 7) / 8;
            var run = new ByteArrayOutputStream();
            long head = (long) groups << 1 | 1;
            for (; (head & ~127L) != 0; head >>>= 7) run.write((int) (head & 127 | 128));
            run.write((int) head);
            var bits = new byte[groups];
            for (int i = 0; i < rows.size(); i++)
                if (!rows.get(i).get(index).isEmpty()) bits[i / 8] |= (byte) (1 << i % 8);
            run.writeBytes(bits);
            little(run.size(), 4, out);
            out.writeBytes(run.toByteArray());
        }

        private static void value(Column column, String field, ByteArrayOutputStream out) {
            if (column.type() == Column.Type.TEXT) {
                var text = field.getBytes(StandardCharsets.UTF_8);
                little(text.length, 4, out);
                out.writeBytes(text);
            } else if (!field.isEmpty()) {
                switch (column.type()) {
                    case FLOAT -> little(Float.floatToIntBits(Float.parseFloat(field)), 4, out);
                    case DOUBLE -> little(Double.doubleToLongBits(Double.parseDouble(field)), 8, out);
                    case WHOLE, TEXT -> little(Long.parseLong(field), 8, out);
                }
            }
        }

        private static void little(long value, int bytes, ByteArrayOutputStream out) {
            for (int i = 0; i < bytes; i++) out.write((int) (value >>> 8 * i));
        }

        byte[] bytes() {
            return bytes;
        }

        Map<Integer, Object> about(long at) {
            return Map.of(
                    1,
                    type(column),
                    2,
                    List.of(0, 3),
                    3,
                    List.of(column.name()),
                    4,
                    Codec.GZIP.ordinal(),
                    5,
                    (long) values,
                    6,
                    (long) unpacked,
                    7,
                    (long) bytes.length,
                    9,
                    at);
        }
    }
}
