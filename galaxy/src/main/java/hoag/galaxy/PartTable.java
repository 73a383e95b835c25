package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.engine.files.Json;
import hoag.galaxy.data.Column;
import hoag.galaxy.data.Csv;
import hoag.galaxy.data.RowReader;
import hoag.galaxy.data.Tables;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that grows in {@code OUT.part}, as CSV whatever it will be, and gets its name and its format when it is whole. {@code OUT.part.json}
 * says of which run it is, so that only that run goes on with it.
 */
final class PartTable implements AutoCloseable {
    private final Path out;
    private final Path part;
    private final Path run;
    private final List<String> kept = new ArrayList<>();
    private final boolean csv;
    private List<Column> columns;
    private Writer writer;
    private long rows;

    PartTable(Path out) {
        this.out = out;
        csv = Tables.isCsv(out);
        part = out.resolveSibling(out.getFileName() + ".part");
        run = out.resolveSibling(out.getFileName() + ".part.json");
    }

    /** Begins anew. */
    void begin(List<Column> columns, Object fingerprint) {
        this.columns = columns;
        AtomicFile.writeText(run, Json.pretty(fingerprint));
        guarded(() -> {
            writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8);
            writer.write(Csv.line(columns.stream().map(Column::name).toList()));
            writer.flush();
        });
    }

    /**
     * Goes on with what an earlier run left, if anything.
     *
     * @return the ids of its rows; a line that was cut off is dropped
     * @throws ConfigException when it was left by a run with other pictures, another model or other settings
     */
    List<String> resume(List<Column> columns, Object fingerprint) {
        this.columns = columns;
        if (!Files.exists(part) || !Files.exists(run)) {
            begin(columns, fingerprint);
            return kept;
        }
        if (!Json.compact(Json.read(run).value()).equals(Json.compact(fingerprint))) {
            throw new ConfigException(part
                    + " was left by a run with other pictures, another model or other settings; repeat that"
                    + " command, or leave out --resume to start anew");
        }
        cutTornLine();
        try (RowReader reader = new RowReader(part, "")) {
            reader.forEachRemaining(row -> kept.add(row.id()));
        }
        rows = kept.size();
        guarded(() -> writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
        return kept;
    }

    /** A kill may have left half a line. */
    private void cutTornLine() {
        guarded(() -> {
            try (var channel = Files.newByteChannel(part, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long end = channel.size();
                var one = java.nio.ByteBuffer.allocate(1);
                for (; end > 0; end--) {
                    channel.position(end - 1).read(one.clear());
                    if (one.get(0) == '\n') {
                        break;
                    }
                }
                channel.truncate(end);
            }
        });
    }

    /** Drops all but the first rows, those of {@link #resume}. */
    void keep(int first) {
        if (first == rows) {
            return;
        }
        guarded(() -> {
            writer.close();
            byte[] bytes = Files.readAllBytes(part);
            try (var channel = Files.newByteChannel(part, StandardOpenOption.WRITE)) {
                channel.truncate(end(bytes, first + 1));
            }
            writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        });
        rows = first;
    }

    private static int end(byte[] bytes, int lines) {
        boolean quoted = false;
        for (int i = 0, seen = 0; i < bytes.length; i++) {
            quoted ^= bytes[i] == '"';
            if (bytes[i] == '\n' && !quoted && ++seen == lines) {
                return i + 1;
            }
        }
        return bytes.length;
    }

    /** Some rows, on the disk when this returns. */
    void append(List<String> lines) {
        guarded(() -> {
            for (String line : lines) {
                writer.append(line);
            }
            writer.flush();
        });
        rows += lines.size();
    }

    long rows() {
        return rows;
    }

    Path part() {
        return part;
    }

    /** Gives the table its name, and its format. */
    void commit() {
        guarded(() -> {
            writer.close();
            if (csv) {
                Files.move(part, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Tables.write(out, columns, () -> Tables.read(part));
                Files.delete(part);
            }
            Files.deleteIfExists(run);
        });
    }

    /** Leaves the rows for a later run; without any, nothing. */
    @Override
    public void close() {
        if (writer == null) {
            return;
        }
        guarded(() -> {
            try {
                writer.close(); // on a full disk this fails once more
            } finally {
                if (rows == 0) {
                    Files.deleteIfExists(part);
                    Files.deleteIfExists(run);
                }
            }
        });
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void guarded(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            String why = e.getMessage() != null && e.getMessage().contains("No space left")
                    ? "the disk is full; free some space, then go on with --resume"
                    : String.valueOf(e.getMessage());
            throw new DataException(out + ": cannot be written: " + why, e);
        }
    }
}
