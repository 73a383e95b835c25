package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.galaxy.Compute;
import hoag.galaxy.Serve;
import hoag.galaxy.serve.Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    Path model;
    Path images;
    Path survey;

    @BeforeEach
    void make() throws IOException {
        model = Hoag.model(folder.resolve("m.safetensors"), 0);
        images = Hoag.pictures(folder.resolve("images"), 30);
        survey = folder.resolve("s.hoag");
        Hoag run = Hoag.run("index", images, "--model", model, "--out", survey, "-q");
        assertEquals(0, run.code(), run.err());
    }

    private static String ask(String address) throws Exception {
        var said = CLIENT.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
        assertEquals(200, said.statusCode(), said.body());
        return said.body();
    }

    private static String post(String address, String type, HttpRequest.BodyPublisher body) throws Exception {
        var said = CLIENT.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Content-Type", type)
                        .POST(body)
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, said.statusCode(), said.body());
        return said.body();
    }

    private Server serve() {
        return new Serve(survey, images).rate(100_000).compute(Compute.cpu(1)).start();
    }

    @Test
    void whatTheModelSaysIsWhatTheCommandsSay() throws Exception {
        Hoag.run("predict", images, "--model", model, "--out", folder.resolve("v.csv"), "-q");
        var written = Files.readAllLines(folder.resolve("v.csv"));
        try (Server server = serve()) {
            byte[] picture = Files.readAllBytes(images.resolve("g3.png"));
            JsonNode said = Json.parse(
                    "predict", post(server.url() + "predict", "image/png", BodyPublishers.ofByteArray(picture)));
            String[] names = written.getFirst().split(",");
            String[] values = written.stream()
                    .filter(line -> line.startsWith("g3,"))
                    .findFirst()
                    .orElseThrow()
                    .split(",");
            var columns = said.get("columns").members();
            assertEquals(values[1], columns.get(names[1]).string(), names[1]);
            assertEquals(
                    Json.compact(said.value()),
                    Json.compact(Json.parse("known", ask(server.url() + "galaxies/g3/prediction"))
                            .value()));
            JsonNode example = Json.parse(
                    "example", post(server.url() + "examples", "image/png", BodyPublishers.ofByteArray(picture)));
            String found = ask(
                    server.url() + "search?k=1&like=" + example.get("example").string());
            assertEquals(
                    "g3",
                    Json.parse("found", found).get("found").at(0).get("id").string());
            String bad = CLIENT.send(
                            HttpRequest.newBuilder(URI.create(server.url() + "represent"))
                                    .header("Content-Type", "image/png")
                                    .POST(BodyPublishers.ofString("no picture"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            assertTrue(bad.startsWith("{\"error\":\"picture: not a JPEG, PNG or FITS image"), bad);
        }
    }

    /** Labels go straight into finetuning. */
    @Test
    void exportedVotesAreFinetunedOn() throws Exception {
        Path votes = folder.resolve("votes.csv");
        try (Server server = serve()) {
            for (int i = 0; i < 30; i++) {
                post(
                        server.url() + "labels",
                        "application/json",
                        BodyPublishers.ofString("{\"key\":\"k" + i + "\",\"who\":\"ann\",\"galaxy\":\"g" + i
                                + "\",\"tree\":\"rings\",\"question\":\"ring\",\"answer\":\""
                                + (i % 2 == 0 ? "yes" : "no")
                                + "\"}"));
            }
            Files.writeString(votes, ask(server.url() + "labels/votes.csv?tree=rings"));
        }
        for (String[] what : new String[][] {{"--tree", "rings"}, {"--label", "ring"}}) {
            Hoag run = Hoag.run(
                    "finetune",
                    "--catalog",
                    votes,
                    "--images",
                    images,
                    what[0],
                    what[1],
                    "--from",
                    model,
                    "--mode",
                    "head",
                    "--out",
                    folder.resolve("tuned" + what[1] + ".safetensors"),
                    "-q");
            assertEquals(0, run.code(), run.err());
            assertTrue(Files.exists(folder.resolve("tuned" + what[1] + ".safetensors")));
        }
    }

    @Test
    void killedAtWorkTheServerHasWhatItAcknowledged() throws Exception {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        Process process = new ProcessBuilder(Child.command("serve", survey, "--port", 0, "--json"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        String url = Json.parse("serve", line).get("url").string();
        CountDownLatch enough = new CountDownLatch(120);
        for (String who : new String[] {"ann", "bob", "eve"}) {
            Thread.ofVirtual().start(() -> {
                for (int i = 0; ; i++) {
                    String key = who + i;
                    try {
                        post(
                                url + "labels",
                                "application/json",
                                BodyPublishers.ofString("{\"key\":\"" + key + "\",\"who\":\"" + who
                                        + "\",\"galaxy\":\"g" + i % 12 + "\",\"rating\":" + i % 6 + "}"));
                    } catch (Exception e) {
                        return; // killed
                    }
                    acknowledged.add(key);
                    enough.countDown();
                }
            });
        }
        enough.await();
        process.destroyForcibly().waitFor();
        try (Server server = serve()) {
            Set<String> kept = ask(server.url() + "labels/history.csv")
                    .lines()
                    .skip(1)
                    .map(row -> row.split(",")[2] + row.split(",")[0])
                    .collect(Collectors.toSet());
            long version = Json.parse("labels", ask(server.url() + "labels?last=1"))
                    .get("version")
                    .whole();
            assertEquals(kept.size(), version);
            assertTrue(
                    version >= acknowledged.size() && version <= acknowledged.size() + 3,
                    version + " " + acknowledged.size());
        }
    }

    @Test
    void misuseIsOneLine() {
        Hoag run = Hoag.run("serve", folder.resolve("none.hoag"));
        assertEquals(1, run.code());
        assertEquals(
                "hoag: " + folder.resolve("none.hoag")
                        + ": cannot be read as a survey: there is no such file; make one with hoag index",
                run.err().strip());
        assertTrue(Hoag.run("serve", survey, "--port", 70000).err().contains("--port 70000 is not allowed"));
        assertTrue(Hoag.run("serve", survey, "--images", folder.resolve("no"))
                .err()
                .contains("no such folder of images"));
        assertFalse(Hoag.run("serve", survey, "--tree", "bars").err().contains("\tat "));
    }
}
