package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.learn.Progress;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Fetches one file over HTTP, as {@code hoag download}: the only thing in Hoag that opens a connection. What has come stands in {@code OUT.part}
 * until it is whole; a later call goes on from there if the server still has the same file.
 *
 * @param url http or https
 * @param out where to
 * @param sha256 what the file must be, 64 hexadecimal digits; null to take what comes
 */
public record Download(URI url, Path out, String sha256) {
    private static final int PIECE = 1 << 16;
    private static final int CONNECT_MILLISECONDS = 20_000;
    private static final int READ_MILLISECONDS = 60_000;

    /** @throws ConfigException when the address is no http address or the checksum no SHA-256 */
    public Download {
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new ConfigException(url + ": want an address that begins with https:// or http://");
        }
        if (sha256 != null && !sha256.matches("[0-9a-fA-F]{64}")) {
            throw new ConfigException("--sha256 " + sha256 + " is not allowed; it must be 64 hexadecimal digits");
        }
    }

    /**
     * What came.
     *
     * @param bytes of the whole file
     * @param resumed bytes that were there before
     * @param sha256 of the file
     * @param finished false when the progress said to stop: the part stays for the next call
     */
    public record Result(long bytes, long resumed, String sha256, boolean finished) {}

    /** @throws DataException when the server does not answer or refuses, or the file is not the one asked for */
    public Result run(Progress progress) {
        Outputs.file(out);
        Path part = out.resolveSibling(out.getFileName() + ".part");
        Path mark = out.resolveSibling(out.getFileName() + ".part.of");
        try {
            long before = Files.exists(part) && Files.exists(mark) ? Files.size(part) : 0;
            HttpURLConnection connection = open(before, mark);
            boolean resumed = connection.getResponseCode() == HttpURLConnection.HTTP_PARTIAL;
            boolean whole = before > 0 && connection.getResponseCode() == 416 && total(connection) == before;
            if (!whole) {
                check(connection);
                AtomicFile.writeText(mark, validator(connection));
                if (!fetch(connection, part, resumed ? before : 0, progress)) {
                    return new Result(Files.size(part), resumed ? before : 0, "", false);
                }
            }
            String sum = sum(part);
            if (sha256 != null && !sha256.equalsIgnoreCase(sum)) {
                Files.delete(part);
                Files.deleteIfExists(mark);
                throw new DataException(url + ": came with SHA-256 " + sum + ", want " + sha256.toLowerCase(Locale.ROOT)
                        + "; it was thrown away");
            }
            Files.move(part, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(mark);
            return new Result(Files.size(out), resumed || whole ? before : 0, sum, true);
        } catch (IOException e) {
            throw new DataException(url + ": " + reason(e) + "; what came is kept, the same command goes on", e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.net.UnknownHostException unknown -> "no such host, or no network";
            case java.net.ConnectException refused -> "the server refuses connections";
            case java.net.SocketTimeoutException late -> "the server does not answer";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Asks for the rest, on the condition that it is still the same file. */
    private HttpURLConnection open(long before, Path mark) throws IOException {
        var connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLISECONDS);
        connection.setReadTimeout(READ_MILLISECONDS);
        connection.setRequestProperty("User-Agent", "hoag/" + Version.text());
        connection.setRequestProperty("Accept-Encoding", "identity");
        String validator = before > 0 ? Files.readString(mark).strip() : "";
        if (!validator.isEmpty()) {
            connection.setRequestProperty("Range", "bytes=" + before + "-");
            connection.setRequestProperty("If-Range", validator);
        }
        return connection;
    }

    /** A strong tag, else the date, of which a server can tell whether the file is the same. */
    private static String validator(HttpURLConnection connection) {
        String tag = connection.getHeaderField("ETag");
        String date = connection.getHeaderField("Last-Modified");
        return tag != null && !tag.startsWith("W/") ? tag : date == null ? "" : date;
    }

    private void check(HttpURLConnection connection) throws IOException {
        int code = connection.getResponseCode();
        if (code != HttpURLConnection.HTTP_OK && code != HttpURLConnection.HTTP_PARTIAL) {
            throw new DataException(url + ": the server answers " + code + " "
                    + String.valueOf(connection.getResponseMessage()) + "; nothing was written");
        }
    }

    /** Of a partial answer the number behind the slash. */
    private static long total(HttpURLConnection connection) {
        String range = connection.getHeaderField("Content-Range");
        String size = range == null ? "" : range.substring(range.indexOf('/') + 1);
        return size.matches("\\d{1,18}") ? Long.parseLong(size) : -1;
    }

    private static boolean fetch(HttpURLConnection connection, Path part, long before, Progress progress)
            throws IOException {
        long length = connection.getContentLengthLong();
        long total = length < 0 ? -1 : before + length;
        long done = before;
        try (InputStream in = connection.getInputStream();
                OutputStream to = before > 0
                        ? Files.newOutputStream(part, StandardOpenOption.APPEND)
                        : Files.newOutputStream(part)) {
            byte[] piece = new byte[PIECE];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                to.write(piece, 0, count);
                done += count;
                progress.at("downloading", "KiB", done >> 10, Math.max(done, total) >> 10, "");
                if (progress.stopping()) {
                    return false;
                }
            }
        }
        if (total >= 0 && done < total) {
            throw new IOException("the connection ended after " + done + " of " + total + " bytes");
        }
        return true;
    }

    private static String sum(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (var to = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                Files.copy(file, to);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
