package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadCommandTest {
    @TempDir
    Path folder;

    private final byte[] content = new byte[300_000];
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile String tag = "\"one\"";
    private volatile int cutAfter = Integer.MAX_VALUE;
    private ServerSocket server;
    private Path out;

    @BeforeEach
    void serve() throws IOException {
        new Random(1).nextBytes(content);
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        out = folder.resolve("w.safetensors");
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    answer(client);
                } catch (IOException e) {
                    // the client is gone, or the test has ended
                }
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** HTTP as far as ranges need it. */
    private void answer(Socket client) throws IOException {
        StringBuilder request = new StringBuilder();
        InputStream in = client.getInputStream();
        while (request.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) return;
            request.append((char) next);
        }
        asked.add(request.toString());
        String range = header(request, "Range");
        boolean same = tag.equals(header(request, "If-Range"));
        int from = range != null && same ? Integer.parseInt(range.substring(6, range.length() - 1)) : 0;
        OutputStream to = client.getOutputStream();
        if (request.indexOf("GET /file") != 0) {
            to.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            return;
        }
        String status = from > 0
                ? "206 Partial Content\r\nContent-Range: bytes " + from + "-" + (content.length - 1) + "/"
                        + content.length
                : "200 OK";
        to.write(("HTTP/1.1 " + status + "\r\nContent-Length: " + (content.length - from) + "\r\nETag: " + tag
                        + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        to.write(content, from, Math.min(cutAfter, content.length - from));
        to.flush();
    }

    private static String header(StringBuilder request, String name) {
        return request.toString()
                .lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse(null);
    }

    private Hoag download(String path, Object... more) {
        Object[] all = Arrays.copyOf(
                new Object[] {"download", "http://127.0.0.1:" + server.getLocalPort() + path, "--out", out},
                4 + more.length);
        System.arraycopy(more, 0, all, 4, more.length);
        return Hoag.run(all);
    }

    private String sum() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    @Test
    void theWholeFile() throws Exception {
        Hoag run = download("/file", "--sha256", sum());
        assertEquals(0, run.code(), run.err());
        assertArrayEquals(content, Files.readAllBytes(out));
        assertTrue(run.out().contains(sum()), run.out());
        assertEquals(List.of(out), Hoag.files(folder));
    }

    @Test
    void aBrokenConnectionIsResumed() throws Exception {
        cutAfter = 100_000;
        Hoag first = download("/file");
        assertEquals(1, first.code());
        assertTrue(first.err().contains("100000 of 300000 bytes") || first.err().contains("goes on"), first.err());
        assertFalse(Files.exists(out));
        long kept = Files.size(folder.resolve("w.safetensors.part"));
        assertTrue(kept > 0 && kept <= 100_000);
        cutAfter = Integer.MAX_VALUE;
        Hoag second = download("/file", "--sha256", sum(), "--json");
        assertEquals(0, second.code(), second.err());
        assertTrue(asked.getLast().contains("Range: bytes=" + kept + "-"), asked.getLast());
        assertTrue(second.out().contains("\"resumed\":" + kept), second.out());
        assertArrayEquals(content, Files.readAllBytes(out));
        assertEquals(List.of(out), Hoag.files(folder));
    }

    @Test
    void aFileThatChangedIsFetchedAnew() throws Exception {
        cutAfter = 100_000;
        download("/file");
        cutAfter = Integer.MAX_VALUE;
        tag = "\"two\"";
        Arrays.fill(content, (byte) 7);
        assertEquals(0, download("/file").code());
        assertArrayEquals(content, Files.readAllBytes(out));
    }

    @Test
    void anotherFileIsThrownAway() throws Exception {
        Hoag run = download("/file", "--sha256", "0".repeat(64));
        assertEquals(1, run.code());
        assertTrue(run.err().contains(sum()) && run.err().contains("want 000"), run.err());
        assertEquals(List.of(), Hoag.files(folder));
    }

    @Test
    void whatCannotBe() throws IOException {
        Hoag none = download("/none");
        assertEquals(1, none.code());
        assertTrue(none.err().contains("404"), none.err());
        assertEquals(1, download("/file", "--sha256", "abc").code());
        Hoag local = Hoag.run("download", "file:///etc/passwd", "--out", out);
        assertEquals(1, local.code());
        assertTrue(local.err().contains("https://"), local.err());
        int port = server.getLocalPort();
        server.close();
        Hoag refused = Hoag.run("download", "http://127.0.0.1:" + port + "/file", "--out", out);
        assertEquals(1, refused.code());
        assertEquals(1, refused.err().lines().count(), refused.err());
        assertEquals(List.of(), Hoag.files(folder));
    }
}
