package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.galaxy.Compute;
import hoag.galaxy.Serve;
import hoag.galaxy.data.Catalogue;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {
    @TempDir
    Path folder;

    private Server server;

    @BeforeEach
    void start() throws IOException {
        Sample.survey(folder.resolve("s.hoag"));
        server = Sample.serve(folder.resolve("s.hoag"), Sample.pictures(folder.resolve("images"), 5))
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode ask(String path) throws Exception {
        Sample.Said said = Sample.get(server, path);
        assertEquals(200, said.status(), said.body());
        return Json.parse(path, said.body());
    }

    private JsonNode say(String path, Map<String, Object> body) throws Exception {
        Sample.Said said = Sample.post(server, path, Json.compact(body));
        assertEquals(200, said.status(), said.body());
        return Json.parse(path, said.body());
    }

    private static List<String> ids(JsonNode galaxies) {
        return galaxies.items().stream().map(each -> each.get("id").string()).toList();
    }

    @Test
    void searches() throws Exception {
        assertEquals(
                List.of("search", "map", "anomalies", "label", "history"),
                ask("/survey").get("tabs").strings());
        List<String> found = ids(ask("/search?like=g0&k=5").get("found"));
        assertTrue(found.stream().allMatch(id -> Integer.parseInt(id.substring(1)) % 4 == 0), found + "");
        assertFalse(found.contains("g0"));
        assertEquals(found, ids(ask("/search?like=10.001,-5.001&k=5").get("found")));
        assertEquals(
                List.of("g0"), ask("/search?like=10.001,-5.001&k=5").get("like").strings());
        List<String> less = ids(ask("/search?like=g1&unlike=g0&k=39").get("found"));
        assertEquals(38, less.size());
        assertTrue(less.indexOf("g4") > 20, less + "");
        assertEquals(
                List.of("g10", "g11", "g12"),
                ids(ask("/galaxies?text=G1&from=1&count=3").get("galaxies")));
        JsonNode strange = ask("/galaxies/a%2Fb%20%3C&%22'%25+%20%C3%BC");
        assertEquals(Sample.id(7), strange.get("id").string());
        assertEquals(
                "\"/etc/passwd\": no galaxy of the survey, and no ra,dec",
                error(404, Sample.get(server, "/search?like=/etc/passwd")));
        assertEquals("the survey has no galaxy of that id", error(404, Sample.get(server, "/galaxies/g99")));
    }

    private static String error(int status, Sample.Said said) {
        assertEquals(status, said.status(), said.body());
        assertFalse(said.body().contains("\tat ") || said.body().contains("Exception"), said.body());
        return Json.parse("error", said.body()).get("error").string();
    }

    @Test
    void ratesRanksAndTakesBack() throws Exception {
        JsonNode first = ask("/anomalies?next=4");
        assertEquals(0, first.get("ranked").items().size());
        assertEquals(4, first.get("next").strings().size());
        for (int i = 0; i < 12; i++) {
            say("/labels", Map.of("key", "k" + i, "who", "ann", "galaxy", Sample.id(i), "rating", i % 4 == 0 ? 5 : 0));
        }
        JsonNode learnt = ask("/anomalies?top=10");
        assertEquals(12, learnt.get("rated").integer());
        List<String> best = ids(learnt.get("ranked"));
        assertEquals(Set.of("g0", "g4", "g8"), Set.copyOf(best.subList(0, 3)));
        assertTrue(
                best.stream()
                                .filter(id -> Integer.parseInt(id.substring(1)) % 4 == 0)
                                .count()
                        >= 7,
                "what is like the rated ones comes next: " + best);
        assertEquals(0, ask("/anomalies?who=bob").get("rated").integer());
        JsonNode undone = say("/labels/undo", Map.of("key", "u", "who", "ann"));
        assertEquals("g11", undone.get("galaxy").string());
        assertEquals(12, undone.get("undoes").integer());
        assertEquals(11, ask("/anomalies").get("rated").integer());
        assertEquals(
                "ann: nothing to take back".replace("ann", "bob"),
                error(409, Sample.post(server, "/labels/undo", "{\"key\":\"v\",\"who\":\"bob\"}")));
        String csv = Sample.get(server, "/labels/ratings.csv").body();
        assertTrue(csv.startsWith("id,rating,raters\n"), csv);
        assertTrue(csv.contains("\"a/b <&\"\"'%+ ü\",0,1\n"), csv);
    }

    @Test
    void peopleLabelAtOnceAndEverythingIsThere() throws Exception {
        List<Callable<Integer>> all = new ArrayList<>();
        for (String who : List.of("ann", "bob")) {
            for (int i = 0; i < 30; i++) {
                String json = Json.compact(Map.of("key", who + i, "who", who, "galaxy", Sample.id(i), "rating", i % 6));
                all.add(() -> Sample.post(server, "/labels", json).status());
                if (i % 5 == 0) { // a browser that did not hear the answer asks again
                    all.add(() -> Sample.post(server, "/labels", json).status());
                }
            }
        }
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var said : people.invokeAll(all)) {
                assertEquals(200, said.get());
            }
        }
        JsonNode changes = ask("/labels").get("changes");
        assertEquals(60, changes.items().size());
        assertEquals(60, ask("/labels?last=1").get("version").integer());
        server.close();
        server = Sample.serve(folder.resolve("s.hoag")).start();
        assertEquals(
                Json.compact(changes.value()),
                Json.compact(ask("/labels").get("changes").value()));
    }

    @Test
    void labelsByATreeAreForFinetuning() throws Exception {
        JsonNode next = ask("/labels/next?tree=rings&who=ann&count=40");
        List<String> order = next.get("next").strings();
        assertEquals(Sample.GALAXIES, order.size());
        for (int i = 0; i < 3; i++) {
            say(
                    "/labels",
                    Map.of(
                            "key",
                            "k" + i,
                            "who",
                            "ann",
                            "galaxy",
                            order.get(i),
                            "tree",
                            "rings",
                            "question",
                            "ring",
                            "answer",
                            i == 0 ? "yes" : "no"));
        }
        JsonNode after = ask("/labels/next?tree=rings&who=ann&count=40");
        assertEquals(3, after.get("done").integer());
        assertEquals(order.subList(3, 40), after.get("next").strings());
        assertEquals(
                order,
                ask("/labels/next?tree=rings&who=bob&count=40").get("next").strings());
        String csv = Sample.get(server, "/labels/votes.csv?tree=rings").body();
        assertEquals("id,ring_yes,ring_no,ring", csv.lines().findFirst().orElseThrow());
        for (String ending : List.of("fits", "parquet")) {
            Path table = Files.write(
                    folder.resolve("votes." + ending),
                    Sample.get(server, "/labels/votes." + ending + "?tree=rings")
                            .whole()
                            .body());
            Catalogue votes = Catalogue.read(table);
            assertEquals(3, votes.size());
            assertEquals(1, java.util.Arrays.stream(votes.numbers("ring_yes")).sum());
        }
        assertEquals(4, csv.lines().count());
        assertEquals(
                "question ring of tree rings has no answer \"perhaps\"; its answers: yes, no",
                error(
                        404,
                        Sample.post(
                                server,
                                "/labels",
                                "{\"key\":\"x\",\"who\":\"a\",\"galaxy\":\"g1\",\"tree\":\"rings\",\"question\":\"ring\",\"answer\":\"perhaps\"}")));
    }

    @Test
    void picturesAreStretchedAndNothingElseIsRead() throws Exception {
        assertEquals("image/jpeg", Sample.get(server, "/galaxies/g1/thumbnail").header("Content-Type"));
        error(404, Sample.get(server, "/galaxies/g39/thumbnail"));
        Sample.Said plain = Sample.get(server, "/galaxies/g1/picture");
        assertEquals("image/png", plain.header("Content-Type"));
        Sample.Said lifted = Sample.get(server, "/galaxies/g1/picture?stretch=asinh&q=100");
        assertTrue(mean(lifted) > mean(plain) + 20, mean(plain) + " " + mean(lifted));
        error(400, Sample.get(server, "/galaxies/g1/picture?low=50"));
        error(404, Sample.get(server, "/galaxies/g9/picture"));
        Path secret = Files.writeString(folder.resolve("secret.png"), "secret");
        Path link = folder.resolve("images/g9.png");
        Files.createSymbolicLink(link, secret);
        for (String path : List.of(
                "/galaxies/..%2F..%2Fsecret/picture",
                "/galaxies/..%2Fsecret.png/picture",
                "/page/../../secret.png",
                "/page/..%2F..%2F..%2Fmodule-info.class",
                "//etc/passwd",
                "/galaxies/g9/picture",
                "/page/secret.png")) {
            Sample.Said said = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertTrue(said.status() == 404 || said.status() == 400, path + " " + said.status());
            assertFalse(said.body().contains("secret\n") || said.body().contains("root:"), path);
        }
        server.close(); // a link that is there when the server starts leads nowhere either
        server =
                Sample.serve(folder.resolve("s.hoag"), folder.resolve("images")).start();
        error(404, Sample.get(server, "/galaxies/g9/picture"));
    }

    /** Somebody cuts the file off that is being served: who asks for what is gone hears so in a line, the server goes on. */
    @Test
    void aDefectIsNoStackTraceToTheClient() throws Exception {
        try (var file =
                java.nio.channels.FileChannel.open(folder.resolve("s.hoag"), java.nio.file.StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
        int defects = 0;
        for (String path : List.of("/galaxies/g2/thumbnail", "/galaxies/g3", "/search?like=g1", "/anomalies")) {
            Sample.Said said = Sample.get(server, path);
            defects += said.status() >= 500 ? 1 : 0;
            assertFalse(said.body().contains("\tat ") || said.body().contains("Error"), path + said.body());
            assertFalse(said.body().contains(folder.toString()), "a path of the machine: " + said.body());
        }
        assertTrue(defects > 0, "the file is still there");
        assertEquals(200, Sample.get(server, "/").status());
        assertEquals(200, Sample.get(server, "/labels").status());
    }

    private static double mean(Sample.Said said) throws IOException {
        var image = javax.imageio.ImageIO.read(
                new java.io.ByteArrayInputStream(said.whole().body()));
        double sum = 0;
        for (int i = 0; i < 64 * 64; i++) {
            sum += image.getRGB(i % 64, i / 64) & 255;
        }
        return sum / 64 / 64;
    }

    /** What the server says to these very bytes. */
    private Sample.Said raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = said.isEmpty() ? 0 : Integer.parseInt(said.split(" ", 3)[1]);
            return new Sample.Said(status, said, null);
        }
    }

    @Test
    void otherSitesAreKeptOut() throws Exception {
        String get = "GET /survey HTTP/1.1\r\nConnection: close\r\n";
        assertEquals(200, raw(get + "Host: localhost:1\r\n\r\n").status());
        assertEquals(421, raw(get + "Host: evil.example\r\n\r\n").status());
        assertEquals(421, raw(get + "\r\n").status());
        assertEquals(
                403,
                raw(get + "Host: localhost\r\nOrigin: http://evil.example\r\n\r\n")
                        .status());
        assertEquals(403, raw(get + "Host: localhost\r\nOrigin: null\r\n\r\n").status());
        assertEquals(
                403,
                raw(get + "Host: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n")
                        .status());
        assertEquals(
                200,
                raw(get + "Host: localhost\r\nOrigin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n\r\n")
                        .status());
        String form = "POST /labels/undo HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nContent-Length: 2\r\n";
        assertEquals(415, raw(form + "Content-Type: text/plain\r\n\r\n{}").status());
        assertEquals(
                415,
                raw(form + "Content-Type: application/x-www-form-urlencoded\r\n\r\n{}")
                        .status());
        assertEquals(
                403,
                raw(form + "Content-Type: application/json\r\nOrigin: http://evil.example\r\n\r\n{}")
                        .status());
        Sample.Said page = Sample.get(server, "/");
        assertTrue(page.header("Content-Security-Policy").startsWith("default-src 'none'; script-src 'self';"));
        assertEquals("nosniff", page.header("X-Content-Type-Options"));
        assertEquals("", page.header("Access-Control-Allow-Origin"));
        assertEquals(
                304,
                Sample.get(server, "/", "If-None-Match", page.header("ETag")).status());
    }

    @Test
    void aTokenIsWantedOutsideThisMachine() throws Exception {
        server.close();
        Serve settings = Sample.serve(folder.resolve("s.hoag"));
        server = new Serve(
                        settings.survey(),
                        List.of(),
                        null,
                        "0.0.0.0",
                        0,
                        List.of("galaxies.example"),
                        null,
                        List.of(),
                        "",
                        1000,
                        42,
                        Compute.cpu(1))
                .start();
        assertEquals(32, server.token().length());
        assertTrue(server.url().endsWith("/#token=" + server.token()), server.url());
        assertTrue(error(401, Sample.get(server, "/survey")).startsWith("this server wants its token"));
        error(401, Sample.get(server, "/galaxies/g1/thumbnail"));
        error(401, Sample.get(server, "/openapi.json"));
        error(
                401,
                Sample.get(
                        server,
                        "/survey",
                        "Authorization",
                        "Bearer " + server.token().substring(1)));
        error(401, Sample.post(server, "/session", "{\"token\":\"wrong\"}"));
        assertEquals(200, Sample.get(server, "/").status(), "the page asks for the token");
        assertEquals(
                200,
                Sample.get(server, "/survey", "Authorization", "Bearer " + server.token())
                        .status());
        String cookie = Sample.post(server, "/session", "{\"token\":\"" + server.token() + "\"}")
                .header("Set-Cookie");
        assertTrue(cookie.contains("; HttpOnly; SameSite=Strict"), cookie);
        assertEquals(
                200,
                Sample.get(server, "/galaxies/g1/thumbnail", "Cookie", cookie.split(";")[0])
                        .status());
        String named = "GET / HTTP/1.1\r\nConnection: close\r\nHost: galaxies.example\r\n\r\n";
        assertEquals(200, raw(named).status());
        assertTrue(assertThrows(
                        ConfigException.class,
                        () -> new Serve(
                                settings.survey(),
                                List.of(),
                                null,
                                "0.0.0.0",
                                0,
                                List.of(),
                                null,
                                List.of(),
                                "short",
                                1,
                                42,
                                Compute.cpu(1)))
                .getMessage()
                .startsWith("--token is not allowed"));
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
        Serve settings = Sample.serve(folder.resolve("s.hoag"));
        server = new Serve(
                        settings.survey(),
                        List.of(),
                        null,
                        "127.0.0.1",
                        0,
                        List.of(),
                        null,
                        List.of(),
                        "",
                        1,
                        42,
                        Compute.cpu(1))
                .start();
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

    @Test
    void whatIsWrongAtTheStartIsSaidThen() throws Exception {
        Serve second = Sample.serve(folder.resolve("s.hoag"));
        assertTrue(assertThrows(DataException.class, second::start)
                .getMessage()
                .endsWith("s.labels.mv.db: another hoag serve has these labels open; stop it, or give other --labels"));
        int port = server.address().getPort();
        Serve taken = new Serve(
                second.survey(),
                List.of(),
                null,
                "127.0.0.1",
                port,
                List.of(),
                folder.resolve("other"),
                List.of(),
                "",
                1,
                42,
                Compute.cpu(1));
        assertTrue(
                assertThrows(ConfigException.class, taken::start).getMessage().contains("--port " + port));
        Serve model = new Serve(
                second.survey(),
                List.of(),
                folder.resolve("no.safetensors"),
                "127.0.0.1",
                0,
                List.of(),
                folder.resolve("third"),
                List.of(),
                "",
                1,
                42,
                Compute.cpu(1));
        assertTrue(assertThrows(DataException.class, model::start).getMessage().contains("no such model"));
        assertThrows(
                DataException.class,
                () -> Sample.serve(folder.resolve("none.hoag")).start());
        try (Server beside = new Serve(
                        second.survey(),
                        List.of(),
                        null,
                        "127.0.0.1",
                        0,
                        List.of(),
                        folder.resolve("other"),
                        List.of(),
                        "",
                        100,
                        42,
                        Compute.cpu(1))
                .start()) {
            assertEquals(200, Sample.get(beside, "/survey").status(), "one survey, two servers, labels apart");
        }
    }
}
