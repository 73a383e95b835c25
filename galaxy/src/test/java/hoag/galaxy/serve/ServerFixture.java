package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A survey of forty galaxies, five of them with a picture, and a server on it. */
abstract class ServerFixture {
    @TempDir
    Path folder;

    Server server;

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

    JsonNode ask(String path) throws Exception {
        Sample.Said said = Sample.get(server, path);
        assertEquals(200, said.status(), said.body());
        return Json.parse(path, said.body());
    }

    JsonNode say(String path, Map<String, Object> body) throws Exception {
        Sample.Said said = Sample.post(server, path, Json.compact(body));
        assertEquals(200, said.status(), said.body());
        return Json.parse(path, said.body());
    }

    static List<String> ids(JsonNode galaxies) {
        return galaxies.items().stream().map(each -> each.get("id").string()).toList();
    }

    static String error(int status, Sample.Said said) {
        assertEquals(status, said.status(), said.body());
        assertFalse(said.body().contains("\tat ") || said.body().contains("Exception"), said.body());
        return Json.parse("error", said.body()).get("error").string();
    }

    /** What the server says to these very bytes. */
    Sample.Said raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = said.isEmpty() ? 0 : Integer.parseInt(said.split(" ", 3)[1]);
            return new Sample.Said(status, said, null);
        }
    }
}
