package hoag.galaxy.labels;

import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.function.Consumer;

/** The table of changes on disk. H2 appends what is committed to its log-structured file and never writes over what is valid there. */
final class LabelFile implements AutoCloseable {
    static final String ENDING = ".mv.db";

    /** Commits are written at once, not after half a second; no files of traces beside the labels. */
    private static final String SETTINGS = ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

    private static final String TABLE = """
        create table if not exists change(
          number bigint primary key, token varchar(200) not null unique, at timestamp(3) with time zone not null,
          who varchar(200) not null, model varchar(200) not null, galaxy varchar(1000) not null,
          tree varchar(200) not null, question varchar(200) not null, answer varchar(200) not null, undoes bigint not null)\
        """;

    private final Path file;
    private final FileChannel lock;
    private final Connection connection;

    private LabelFile(Path file, FileChannel lock, Connection connection) {
        this.file = file;
        this.lock = lock;
        this.connection = connection;
    }

    static LabelFile open(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        if (absolute.getParent() == null || !Files.isDirectory(absolute.getParent())) {
            throw new DataException(file + ": cannot be written: folder " + absolute.getParent() + " does not exist");
        }
        if (absolute.toString().contains(";")) {
            throw new DataException(file + ": the database cannot have a semicolon in its path; give another --labels");
        }
        FileChannel lock = lock(file);
        try {
            Connection connection = DriverManager.getConnection("jdbc:h2:file:" + absolute + SETTINGS, "hoag", "");
            try (Statement statement = connection.createStatement()) {
                statement.execute(TABLE);
            }
            return new LabelFile(file, lock, connection);
        } catch (SQLException e) {
            release(file, lock);
            throw new DataException(file + ENDING + ": cannot be opened as labels: " + reason(e), e);
        }
    }

    /** H2 keeps other processes out, but lets this one open the file twice; the system gives the lock back when a process is killed. */
    private static FileChannel lock(Path file) {
        Path path = file.resolveSibling(file.getFileName() + ".lock");
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel)) {
                return channel;
            }
            channel.close();
        } catch (IOException e) {
            throw new DataException(file + ENDING + ": cannot be written: " + e.getMessage(), e);
        }
        throw new DataException(
                file + ENDING + ": another hoag serve has these labels open; stop it, or give other --labels");
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void release(Path file, FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            warn(file, e.getMessage());
        }
    }

    private static void warn(Path file, String why) {
        System.getLogger(LabelFile.class.getName())
                .log(System.Logger.Level.WARNING, file + ENDING + ": not closed in order: " + why);
    }

    private static String reason(SQLException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return message.lines().findFirst().orElse("").replaceFirst(" \\[\\d[^\\]]*\\]$", "");
    }

    void read(Consumer<Change> to) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select number, token, at, who, model, galaxy, tree, question,"
                        + " answer, undoes from change order by number")) {
            while (rows.next()) {
                to.accept(new Change(
                        rows.getLong(1),
                        rows.getString(2),
                        rows.getTimestamp(3).toInstant(),
                        rows.getString(4),
                        rows.getString(5),
                        rows.getString(6),
                        Label.of(rows.getString(7), rows.getString(8), rows.getString(9)),
                        rows.getLong(10)));
            }
        } catch (SQLException e) {
            throw new DataException(file + ENDING + ": cannot be read as labels: " + reason(e), e);
        }
    }

    /** Written and forced to the disk when it returns. */
    void append(Change change) {
        try (PreparedStatement insert = connection.prepareStatement(
                        "insert into change(number, token, at, who, model, galaxy, tree, question, answer, undoes)"
                                + " values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
                Statement force = connection.createStatement()) {
            insert.setLong(1, change.number());
            insert.setString(2, change.key());
            insert.setTimestamp(3, Timestamp.from(change.at()));
            insert.setString(4, change.who());
            insert.setString(5, change.model());
            insert.setString(6, change.galaxy());
            insert.setString(7, change.label().tree());
            insert.setString(8, change.label().question());
            insert.setString(9, change.label().answer());
            insert.setLong(10, change.undoes());
            insert.executeUpdate();
            force.execute("checkpoint sync");
        } catch (SQLException e) {
            throw new DataException(file + ENDING + ": the label could not be saved: " + reason(e), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            warn(file, reason(e));
        } finally {
            release(file, lock);
        }
    }
}
