package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Compute;
import hoag.galaxy.Serve;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two servers on one survey, and what is wrong at the start. */
class ServerStartTest extends ServerFixture {
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
