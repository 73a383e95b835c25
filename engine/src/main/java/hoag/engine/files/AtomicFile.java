package hoag.engine.files;

import hoag.kernels.DataException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A file that appears whole or not at all. The bytes go to {@code .<name>.<random>.tmp} in the same folder; {@link #commit} forces them to the
 * disk and renames the file over the old one; {@link #close} without a commit deletes it. On Ctrl-C a write in progress gets two seconds
 * to finish, then its temporary file is deleted. A link is followed: what it points to is replaced.
 *
 * <pre>{@code
 * AtomicFile.write(path, out -> out.write(bytes));
 * AtomicFile.writeText(path, "id,fraction\n");
 * }</pre>
 */
public final class AtomicFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final long PATIENCE_SECONDS = 2;

    private final Path path;
    private final Path temporary;
    private final FileChannel channel;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::deleteAtExit, "atomic-file-cleaner");

    /** What fills the file. */
    @FunctionalInterface
    public interface Body {
        /** Writes to a buffered stream, which need not be closed. */
        void write(OutputStream out) throws IOException;
    }

    private AtomicFile(Path path, Path temporary) throws IOException {
        this.path = path;
        this.temporary = temporary;
        channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
        atExit(true);
    }

    /**
     * Writes a file whole or not at all.
     *
     * @throws DataException when it cannot be written (no such folder, no permission, disk full); whatever the body throws is passed on
     */
    public static void write(Path path, Body body) {
        try (var file = create(path)) {
            file.fill(body);
            file.commit();
        }
    }

    /** Writes UTF-8 text whole or not at all, as {@link #write}. */
    public static void writeText(Path path, CharSequence text) {
        write(path, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Opens the temporary file, for writers that take their time.
     *
     * @throws DataException when the folder is missing or not writable, or the path is a folder or a device
     */
    public static AtomicFile create(Path path) {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new DataException("%s: is %s; want the name of a file"
                    .formatted(path, Files.isDirectory(path) ? "a folder" : "no plain file"));
        }
        try {
            Path target = Files.isSymbolicLink(path) && Files.exists(path) ? path.toRealPath() : path;
            return new AtomicFile(target, temporaryFor(target));
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private static Path temporaryFor(Path target) {
        String random = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, Character.MAX_RADIX);
        return target.resolveSibling("." + target.getFileName() + "." + random + ".tmp");
    }

    private void fill(Body body) {
        try {
            var out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
            body.write(out);
            out.flush();
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    /** The temporary file, open for reading and writing at any position. */
    public FileChannel channel() {
        return channel;
    }

    /** Where the file will stand. */
    public Path path() {
        return path;
    }

    /**
     * Puts the file in its place.
     *
     * @throws DataException when the disk is full or the folder no longer writable
     */
    public void commit() {
        try {
            channel.force(true);
            channel.close();
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        } finally {
            close();
        }
    }

    /** Deletes the temporary file if it has not been put in its place. */
    @Override
    public void close() {
        if (closed.getCount() == 0) return;
        delete();
        closed.countDown();
        atExit(false);
    }

    private void delete() {
        try (channel) {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private void deleteAtExit() {
        try {
            if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) delete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** While the JVM is going down there is nothing to register: whoever writes then sees to it that the file gets finished. */
    private void atExit(boolean register) {
        try {
            if (register) Runtime.getRuntime().addShutdownHook(hook);
            else Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return;
        }
    }

    /** One line that says why a file cannot be written and what helps. */
    static DataException cannotWrite(Path path, IOException e) {
        Path folder = path.toAbsolutePath().getParent();
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        String why = switch (e) {
            case NoSuchFileException _ -> "folder %s does not exist; create it first".formatted(folder);
            case AccessDeniedException _ -> "no permission to write in %s; choose another folder".formatted(folder);
            default ->
                message.contains("No space left") ? "the disk is full; free some space or write elsewhere" : message;
        };
        return new DataException("%s: cannot be written: %s".formatted(path, why), e);
    }

    /** One line that says why a file cannot be read. */
    static DataException cannotRead(Path path, IOException e) {
        String why = switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "no permission to read it";
            default -> "cannot be read: " + (e.getMessage() == null ? e.toString() : e.getMessage());
        };
        return new DataException("%s: %s".formatted(path, why), e);
    }
}
