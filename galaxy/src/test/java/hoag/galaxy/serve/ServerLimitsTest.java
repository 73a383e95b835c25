package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is too much, too often, or broken is refused in a line, and the server goes on. */
class ServerLimitsTest extends ServerFixture {
    /** Somebody cuts the file off that is being served: who asks for what is gone hears so in a line, the server goes on. */
    @Test
    void aDefectIsNoStackTraceToTheClient() throws Exception {
        try (var file =
                java.nio.channels.FileChannel.open(folder.resolve("s.hoag"), java.nio.file.StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
        Thread.sleep(2); // it is looked at once a millisecond
        int defects = 0;
        for (String path : List.of("/galaxies/g2/thumbnail", "/galaxies/g3", "/search?like=g1", "/anomalies")) {
            Sample.Said said = Sample.get(server, path);
            defects += said.status() >= 500 ? 1 : 0;
            assertTrue(said.status() < 500 || said.body().contains("s.hoag: "), said.body());
            assertFalse(said.body().contains("\tat ") || said.body().contains("Error"), path + said.body());
            assertFalse(said.body().contains(folder.toString()), "a path of the machine: " + said.body());
        }
        assertTrue(defects > 0, "the file is still there");
        assertEquals(200, Sample.get(server, "/").status());
        assertEquals(200, Sample.get(server, "/labels").status());
    }

    @Test
    void largeBodiesAreRefusedUnread() throws Exception {
        String head = "POST /labels HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.getOutputStream()
                    .write((head + "Content-Length: 2147483648\r\n\r\n{").getBytes(StandardCharsets.ISO_8859_1));
            String said = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertEquals("HTTP/1.1 413", said);
        }
        long sent = 0;
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write((head + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            byte[] chunk = new byte[1 << 16];
            java.util.Arrays.fill(chunk, (byte) ' ');
            try {
                while (sent < 2L << 30 && in.available() == 0) {
                    out.write("10000\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    out.write(chunk);
                    out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    sent += chunk.length;
                }
            } catch (IOException e) {
                // hung up on
            }
        }
        assertTrue(sent < 64 << 20, sent + " bytes were taken");
        assertEquals(200, Sample.get(server, "/survey").status());
    }

    @Test
    void whoAsksTooOftenIsToldToWait() throws Exception {
        server.close();
        server = Sample.serve(folder.resolve("s.hoag")).rate(1).start();
        Set<Integer> statuses = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            statuses.add(Sample.get(server, "/labels").status());
        }
        assertEquals(Set.of(200, 429), statuses);
    }

    @Test
    void requestsThatComeOutOfOrderAreNotCountedTwice() {
        Rates rates = new Rates(10);
        assertTrue(rates.allows("ann", 20_000_000_000L));
        for (int i = 0; i < 39; i++) {
            assertTrue(rates.allows("ann", 19_000_000_000L + i), "request " + i);
        }
        assertFalse(rates.allows("ann", 20_000_000_000L));
        assertTrue(rates.allows("ann", 20_200_000_000L));
    }

    @Test
    void whatTakesNoSuchMethodSaysWhatItTakes() throws Exception {
        Sample.Said said =
                Sample.send(Sample.request(server, "/labels").DELETE().build());
        assertEquals("this address takes GET, POST", error(405, said));
        assertEquals("GET, POST", said.header("Allow"));
        HttpRequest head = Sample.request(server, "/survey")
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        assertEquals(200, Sample.send(head).status());
    }
}
