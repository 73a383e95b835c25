package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hoag.engine.files.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels where no more can be written: a server that may write no file of more than 150 KiB. */
class FullDiskTest {
    @TempDir
    Path folder;

    @Test
    void whatWasSavedIsThereAndTheRestIsSaidToTheOneWhoSaysIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash to set a limit");
        Path survey = Sample.survey(folder.resolve("s.hoag"));
        int saved = 0;
        Sample.Said said;
        List<String> limited = List.of("/bin/bash", "-c", "ulimit -f 150; exec \"$@\"", "bash");
        try (Running server = Running.start(limited, survey, "--port", 0)) {
            do {
                said = rate(server, saved);
                saved += said.status() == 200 ? 1 : 0;
            } while (said.status() == 200 && saved < 5000);
            assertEquals(507, said.status(), said.body());
            assertTrue(said.body().contains("is the disk full?"), said.body());
            assertTrue(!said.body().contains(folder.toString()), "a path of the machine: " + said.body());
            assertEquals(200, get(server, "survey").status());
        }
        assertTrue(saved > 5, "the limit left no room: " + saved);
        try (Running server = Running.start(survey, "--port", 0)) {
            assertEquals(saved, versions(server));
            assertEquals(200, rate(server, saved).status()); // the same key, said again
            assertEquals(saved + 1, versions(server));
        }
    }

    private static long versions(Running server) throws Exception {
        return Json.parse("labels", get(server, "labels?last=1").body())
                .get("version")
                .whole();
    }

    private static Sample.Said get(Running server, String path) throws Exception {
        return Sample.send(
                HttpRequest.newBuilder(URI.create(server.url() + path)).GET().build());
    }

    private static Sample.Said rate(Running server, int n) throws Exception {
        Map<String, Object> body = Map.of("key", "k" + n, "who", "ann", "galaxy", "g" + n % 7, "rating", n % 6);
        return Sample.send(HttpRequest.newBuilder(URI.create(server.url() + "labels"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.compact(body)))
                .build());
    }
}
