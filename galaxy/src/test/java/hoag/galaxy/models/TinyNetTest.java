package hoag.galaxy.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Tensor;
import hoag.engine.nn.Init;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.kernels.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The architecture that CONTRIBUTING works through is a file that compiles and does what is said of it. */
class TinyNetTest {
    @Test
    void shapesAndKeys() {
        TinyNet net = TinyNet.of(new Init(1), 3, 5);
        Tensor images = Tensor.input("image", Shape.of(2, 3, 64, 64));
        assertEquals(Shape.of(2, 128, 8, 8), net.map(images, Trace.eval()).shape());
        assertEquals(Shape.of(2, 5), net.apply(images, Trace.eval()).shape());
        var keys = Modules.variables(net).keySet();
        assertTrue(
                keys.contains("stem.0.weight") && keys.contains("blocks.1.conv2.weight") && keys.contains("fc.bias"),
                keys.toString());
        assertEquals(0, net.group("stem.1.weight"));
        assertEquals(1, net.group("blocks.0.conv1.weight"));
        assertEquals(2, net.group("fc.weight"));
    }

    @Test
    void thePageShowsTheFile() throws IOException {
        String page = plain(Files.readString(Path.of("../CONTRIBUTING.md")));
        String file = Files.readString(Path.of("src/test/java/hoag/galaxy/models/TinyNet.java"));
        String body = plain(file.substring(file.indexOf("record TinyNet"))
                .replaceAll("@Override", "")
                .replaceAll("//.*", ""));
        assertTrue(page.contains(body), body);
    }

    private static String plain(String text) {
        return text.replaceAll("//.*", "").replaceAll("\\bpublic ", "").replaceAll("\\s+", "");
    }
}
