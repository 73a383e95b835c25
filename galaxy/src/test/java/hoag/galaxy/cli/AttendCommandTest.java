package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttendCommandTest {
    @TempDir
    Path folder;

    @Test
    void aPngOfEachPicture() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Path images = Hoag.pictures(folder.resolve("images"), 3);
        Files.write(images.resolve("broken.png"), new byte[9]);
        Path out = folder.resolve("maps");
        Hoag run = Hoag.run(
                "attend",
                images,
                "--model",
                model,
                "--out",
                out,
                "--answer",
                "Sa",
                "--size",
                64,
                "--side",
                90,
                "--batch",
                2);
        assertEquals(0, run.code(), run.err());
        assertEquals(
                List.of("g0.Sa.png", "g1.Sa.png", "g2.Sa.png"),
                Hoag.files(out).stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
        var image = ImageIO.read(out.resolve("g0.Sa.png").toFile());
        assertEquals("180 90", image.getWidth() + " " + image.getHeight());
        assertTrue(run.err().contains("left out") && run.err().contains("broken.png"), run.err());

        assertEquals(
                0,
                Hoag.run("attend", images.resolve("g1.png"), "--model", model, "--out", out, "-q")
                        .code());
        assertTrue(
                Hoag.files(out).stream()
                        .anyMatch(file -> file.getFileName().toString().startsWith("g1.shape_")),
                "the likeliest answer of the first question");
    }

    @Test
    void anAnswerThatIsNotThere() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Path images = Hoag.pictures(folder.resolve("images"), 1);
        Hoag run =
                Hoag.run("attend", images, "--model", model, "--out", folder.resolve("maps"), "--answer", "bar_yess");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("did you mean \"bar_yes\"?"), run.err());
    }
}
