package hoag.galaxy.cli;

import hoag.galaxy.data.Csv;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/**
 * Ratings as lines at the end of a table with the columns id, rating, user, time; each is on the disk before the next is asked for, and several
 * people may add to the same file at once. What a kill cut off in the middle of a line is taken away by the next who adds.
 */
final class RatingLog {
    private static final String HEADER = "id,rating,user,time\n";

    private final Path file;
    private final String user;

    RatingLog(Path file, String user) {
        this.file = file;
        this.user = user;
    }

    /** @param rating 0..5; empty takes back what this user gave */
    void add(String id, String rating) {
        String line = Csv.line(
                List.of(id, rating, user, Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS) + ""));
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var lock = channel.lock();
            long end = whole(channel);
            if (end > 0 && !first(channel).equals(HEADER.strip())) {
                throw new DataException(file + ": its first line is not " + HEADER.strip()
                        + "; ratings given here need a file of their own: give another --ratings");
            }
            channel.truncate(end);
            ByteBuffer bytes = ByteBuffer.wrap(((end == 0 ? HEADER : "") + line).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes, end + bytes.position());
            }
            channel.force(true);
            lock.release();
        } catch (IOException e) {
            throw new DataException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /** Where the last whole line ends. */
    private static long whole(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (long at = channel.size(); at > 0; at--) {
            channel.read(one.clear(), at - 1);
            if (one.get(0) == '\n') {
                return at;
            }
        }
        return 0;
    }

    private static String first(FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(HEADER.length());
        channel.read(start, 0);
        return new String(start.array(), 0, start.position(), StandardCharsets.UTF_8).strip();
    }
}
