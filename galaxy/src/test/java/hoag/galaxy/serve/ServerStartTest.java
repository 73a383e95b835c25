package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Serve;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
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
        Serve taken = second.port(port).labels(folder.resolve("other"));
        assertTrue(
                assertThrows(ConfigException.class, taken::start).getMessage().contains("--port " + port));
        Serve model = second.model(folder.resolve("no.safetensors")).labels(folder.resolve("third"));
        assertTrue(assertThrows(DataException.class, model::start).getMessage().contains("no such model"));
        assertThrows(
                DataException.class,
                () -> Sample.serve(folder.resolve("none.hoag")).start());
        try (Server beside = second.labels(folder.resolve("other")).start()) {
            assertEquals(200, Sample.get(beside, "/survey").status(), "one survey, two servers, labels apart");
        }
    }
}
