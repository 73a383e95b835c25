package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @TempDir
    Path folder;

    @Test
    void aTableAndAPageThatStandsAlone() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Hoag run = Hoag.run("demo", "--model", model, "--out", folder.resolve("demo"));
        assertEquals("", run.err());
        assertEquals(0, run.code());
        assertEquals(
                24,
                run.out()
                        .lines()
                        .filter(line -> line.matches(
                                "(decals|gama|sloan)-\\S+ +\\S+ +0\\.\\d\\d +0\\.\\d\\d\\.\\.[01]\\.\\d\\d "
                                        + " [\u2588-\u258f]+"))
                        .count(),
                run.out());
        String page = Files.readString(folder.resolve("demo/index.html"));
        assertEquals(24, page.split("<article", -1).length - 1);
        assertEquals(24 * 3, page.split("<a class=", -1).length - 1);
        assertFalse(
                page.contains("http:") || page.contains("https:") || page.contains("<link") || page.contains("<script"),
                "asks for something outside");
        assertEquals(1, Hoag.files(folder.resolve("demo")).size());
    }

    @Test
    void barsAreDrawnToAnEighthOfACell() {
        assertEquals("", DemoCommand.blocks(0));
        assertEquals("\u258f", DemoCommand.blocks(1 / 160.0));
        assertEquals("\u2588\u258c", DemoCommand.blocks(12 / 160.0));
        assertEquals("\u2588".repeat(20), DemoCommand.blocks(1));
    }
}
