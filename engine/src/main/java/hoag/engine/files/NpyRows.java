package hoag.engine.files;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.ShapeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * A float32 matrix written row by row, in the memory of a small buffer. {@link #commit} writes the number of rows into the header and puts the
 * file in its place; {@link #close} without it leaves nothing behind. Not for several threads at once.
 */
public final class NpyRows implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    private static final int DIGITS = 19;

    private final AtomicFile file;
    private final int columns;
    private final ByteBuffer buffer;
    private long rows;

    NpyRows(AtomicFile file, int columns) throws IOException {
        this.file = file;
        this.columns = columns;
        if (columns < 1) {
            file.close();
            throw new ConfigException("columns %d: want at least 1".formatted(columns));
        }
        buffer = ByteBuffer.allocate(Math.max(BUFFER, Math.multiplyExact(columns, Float.BYTES)))
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(header());
    }

    private byte[] header() {
        return NpyHeader.bytes(
                DType.F32,
                new long[] {rows, columns},
                DIGITS - Long.toString(rows).length());
    }

    /**
     * Appends rows that stand one after the other in an array.
     *
     * @throws ShapeException unless their number of values is a multiple of the columns
     * @throws DataException when the disk is full
     */
    public void append(float... values) {
        if (values.length % columns != 0)
            throw new ShapeException(
                    "%s: rows of %d columns, got %d values".formatted(file.path(), columns, values.length));
        try {
            for (int from = 0; from < values.length; from += columns) row(values, from);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file.path(), e);
        }
    }

    private void row(float[] values, int from) throws IOException {
        if (buffer.remaining() < columns * Float.BYTES) flush();
        buffer.asFloatBuffer().put(values, from, columns);
        buffer.position(buffer.position() + columns * Float.BYTES);
        rows++;
    }

    /** Rows so far. */
    public long rows() {
        return rows;
    }

    /**
     * Puts the file in its place.
     *
     * @throws DataException when the disk is full
     */
    public void commit() {
        try {
            flush();
            writeAll(file.channel(), ByteBuffer.wrap(header()), 0);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file.path(), e);
        }
        file.commit();
    }

    private void flush() throws IOException {
        buffer.flip();
        writeAll(file.channel(), buffer, file.channel().size());
        buffer.clear();
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) at += channel.write(bytes, at);
    }

    /** Deletes what was written if it has not been committed. */
    @Override
    public void close() {
        file.close();
    }
}
