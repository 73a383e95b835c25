package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whatever is wrong with what a user gives: one line that names it, the right exit code, and no file. */
class BadInputTest {
    @TempDir
    Path folder;

    Path model;
    Path images;
    Path out;

    @BeforeEach
    void make() throws IOException {
        images = Hoag.pictures(Files.createDirectory(folder.resolve("images")), 2);
        out = Files.createDirectory(folder.resolve("out"));
        model = folder.resolve("m.safetensors");
    }

    private void refused(int code, List<String> told, Object... arguments) throws IOException {
        Hoag run = Hoag.run(arguments);
        assertEquals(code, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        for (String part : told) {
            assertTrue(run.err().contains(part), part + " in " + run.err());
        }
        assertEquals(List.of(), Hoag.files(out));
    }

    private Object[] predict(Object... more) {
        Object[] all = Arrays.copyOf(
                new Object[] {"predict", "--model", model, "--out", out.resolve("v.csv"), "-q"}, 6 + more.length);
        System.arraycopy(more, 0, all, 6, more.length);
        return all;
    }

    @Test
    void models() throws IOException {
        refused(1, List.of("m.safetensors", "no such file"), predict(images));
        Hoag.model(model, 0);
        byte[] whole = Files.readAllBytes(model);
        Files.write(model, Arrays.copyOf(whole, whole.length / 2));
        refused(1, List.of("m.safetensors"), predict(images));
        Files.write(model, new byte[0]);
        refused(1, List.of("m.safetensors"), predict(images));
        Files.writeString(model, "not a model at all, but some text");
        refused(1, List.of("m.safetensors"), predict(images));
    }

    @Test
    void imagesAndSettings() throws IOException {
        Hoag.model(model, 0);
        refused(1, List.of("nowhere.png", "no such image"), predict(folder.resolve("nowhere.png")));
        refused(1, List.of("--catalog"), predict());
        refused(1, List.of("--threads 0", "1..1024"), predict(images, "--threads", 0));
        refused(1, List.of("--batch 0", "1..4096"), predict(images, "--batch", 0));
        refused(1, List.of("--samples 5", "without dropout"), predict(images, "--samples", 5));
        refused(1, List.of("abacus", "cpu"), predict(images, "--device", "abacus"));
        Path empty = Files.write(folder.resolve("empty.png"), new byte[0]);
        refused(1, List.of("empty.png", "0 bytes"), predict(empty));
        refused(1, List.of("empty.png", "0 bytes"), predict(empty, "--strict"));
    }

    @Test
    void catalogues() throws IOException {
        Hoag.model(model, 0);
        Path csv = folder.resolve("c.csv");
        refused(1, List.of("c.csv", "no such"), predict("--catalog", csv, "--images", images));
        Files.writeString(csv, "identity,stage\ng0,E\n");
        refused(1, List.of("c.csv", "identity", "id"), predict("--catalog", csv, "--images", images));
        Files.writeString(csv, "id,Stagee\ng0,E\n");
        refused(
                1,
                List.of("c.csv", "small"),
                "evaluate",
                "--model",
                model,
                "--catalog",
                csv,
                "--images",
                images,
                "--out",
                out,
                "--split",
                "all",
                "-q");
    }

    @Test
    void placesToWrite() throws IOException {
        Hoag.model(model, 0);
        Path missing = folder.resolve("missing/v.csv");
        refused(1, List.of("missing", "does not exist"), "predict", images, "--model", model, "--out", missing);
        refused(1, List.of("is a folder"), "predict", images, "--model", model, "--out", out);
        refused(1, List.of("missing"), "represent", images, "--model", model, "--out", folder.resolve("missing/f.npy"));
        Path file = Files.writeString(folder.resolve("file"), "");
        refused(1, List.of("file", "choose another --out"), "demo", "--model", model, "--out", file);
        refused(
                1,
                List.of("file", "choose another --out"),
                "evaluate",
                "--model",
                model,
                "--catalog",
                "c.csv",
                "--images",
                images,
                "--out",
                file.resolve("below"));
    }

    @Test
    void everyCommandShowsAnExample() {
        for (CommandLine command : Main.commandLine().getSubcommands().values()) {
            Hoag help = Hoag.run(command.getCommandName(), "--help");
            assertEquals(0, help.code());
            assertTrue(
                    help.out().contains("Example") && help.out().contains("  hoag " + command.getCommandName()),
                    help.out());
        }
    }
}
