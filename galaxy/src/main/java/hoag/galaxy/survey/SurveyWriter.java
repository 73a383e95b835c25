package hoag.galaxy.survey;

import hoag.engine.files.AtomicFile;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Appends galaxies to a survey; there is one writer at a time, held off by a lock on {@code FILE.lock}, and any number of readers. A block is
 * durable before the next begins, so that a process that is killed, or a machine that loses power, loses at most the unfinished block. Used by
 * one thread.
 */
public final class SurveyWriter implements AutoCloseable {
    /** Bytes of features in a block, about. */
    private static final long BLOCK_BYTES = 32L << 20;

    private final Path path;
    private final FileChannel lock;
    private final FileChannel file;
    private final SurveyInfo info;
    private final int blockRows;
    private final Set<String> known = new HashSet<>();
    private final List<Entry> waiting = new ArrayList<>();
    private final long dropped;
    private long end;

    /**
     * Opens a survey, or begins one; an unfinished block at its end is cut off.
     *
     * @param blockRows galaxies in a block, 1..1,000,000: what a kill may cost
     * @throws DataException when another writer has it, or it cannot be written
     * @throws hoag.kernels.ConfigException when it was made by another model
     * @throws hoag.kernels.FormatException when it is no survey, or damaged
     */
    public SurveyWriter(Path path, SurveyInfo info, int blockRows) {
        this.path = path;
        this.blockRows = Math.clamp(BLOCK_BYTES / (4L * info.width()), 1, blockRows);
        lock = lock(path);
        FileChannel opened = null;
        try {
            if (!Files.exists(path)) {
                AtomicFile.write(path, out -> out.write(Scan.header(info)));
            }
            opened = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Scan scan = Scan.of(opened, path.toString());
            scan.info().mustFit(info, path.toString());
            this.info = scan.info();
            try (Survey survey = Survey.open(path)) {
                known.addAll(survey.ids());
            }
            file = opened;
            end = scan.end();
            dropped = scan.size() - end;
            cut();
        } catch (IOException e) {
            close(opened, lock);
            throw cannot(e);
        } catch (RuntimeException | Error e) {
            close(opened, lock);
            throw e;
        }
    }

    private static FileChannel lock(Path path) {
        Path name = path.resolveSibling(path.getFileName() + ".lock");
        FileChannel lock = null;
        try {
            lock = FileChannel.open(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock.tryLock() != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            // held by another writer of this JVM: told below
        } catch (IOException e) {
            close(lock);
            throw new DataException(name + ": cannot be locked: " + e.getMessage(), e);
        }
        close(lock);
        throw new DataException(
                path + ": another process is writing it; wait until it has ended (readers need not wait)");
    }

    /** Bytes of an unfinished block that were cut off when the survey was opened. */
    public long dropped() {
        return dropped;
    }

    /** Whether the survey has a galaxy of this name, or will have. */
    public boolean has(String id) {
        return known.contains(id);
    }

    /** Galaxies in the survey, those that wait for their block included. */
    public int size() {
        return known.size();
    }

    /**
     * Adds a galaxy; it is durable once its block is full, or after {@link #flush}.
     *
     * @throws DataException when there is one of that name, it has not the survey's width, or the file cannot be written
     */
    public void append(Entry entry) {
        if (entry.features().length != info.width()) {
            throw new DataException(
                    entry.id() + ": has " + entry.features().length + " features; " + path + " wants " + info.width());
        }
        if (!known.add(entry.id())) {
            throw new DataException(path + ": has a galaxy \"" + entry.id() + "\" already; ids must differ");
        }
        waiting.add(entry);
        if (waiting.size() >= blockRows) {
            flush();
        }
    }

    /** Writes what waits as a block and makes it durable. */
    public void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        ByteBuffer block = block();
        try {
            for (long at = end; block.hasRemaining(); ) {
                at += file.write(block, at);
            }
            file.force(true);
            end += block.limit();
            waiting.clear();
        } catch (IOException e) {
            try {
                cut();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw cannot(e);
        }
    }

    private ByteBuffer block() {
        int rows = waiting.size();
        byte[] table = Table.of(waiting);
        long tableAt = BlockHeader.SIZE + 4L * rows * info.width();
        long content = tableAt
                + table.length
                + waiting.stream().mapToLong(e -> e.thumbnail().length).sum();
        int bytes = Math.toIntExact(Math.ceilDiv(content, BlockHeader.SIZE) * BlockHeader.SIZE);
        ByteBuffer all = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        all.position(BlockHeader.SIZE);
        for (Entry entry : waiting) {
            all.asFloatBuffer().put(entry.features());
            all.position(all.position() + 4 * info.width());
        }
        all.put(table);
        waiting.forEach(entry -> all.put(entry.thumbnail()));
        int tableCrc = BlockHeader.crc(all.duplicate().position((int) tableAt).limit((int) tableAt + table.length));
        int bodyCrc = BlockHeader.crc(all.duplicate().position(BlockHeader.SIZE).limit(bytes));
        new BlockHeader(end, rows, info.width(), bytes, tableAt, table.length, tableCrc, bodyCrc)
                .write(all.position(0));
        return all.position(0);
    }

    private void cut() throws IOException {
        if (file.size() > end) {
            file.truncate(end);
            file.force(true);
        }
    }

    private DataException cannot(IOException e) {
        String why = String.valueOf(e.getMessage()).contains("No space left")
                ? "the disk is full; free some space, then the same command goes on"
                : e.getMessage();
        return new DataException(path + ": cannot be written: " + why + "; what was indexed before is kept", e);
    }

    /** Writes what waits, and lets the next writer in. */
    @Override
    public void close() {
        try {
            flush();
        } finally {
            close(file, lock);
        }
    }

    private static void close(FileChannel... channels) {
        for (FileChannel channel : channels) {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                throw new DataException("cannot close a file: " + e.getMessage(), e);
            }
        }
    }
}
