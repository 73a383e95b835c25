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
        told(code, told, arguments);
        assertEquals(List.of(), Hoag.files(out));
    }

    private static void told(int code, List<String> told, Object... arguments) {
        Hoag run = Hoag.run(arguments);
        assertEquals(code, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        for (String part : told) {
            assertTrue(run.err().contains(part), part + " in " + run.err());
        }
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

    private Object[] learn(String verb, Path csv, Object... more) {
        Object[] all = Arrays.copyOf(
                new Object[] {
                    verb,
                    "--catalog",
                    csv,
                    "--images",
                    images,
                    "--out",
                    out.resolve("n.safetensors"),
                    "--size",
                    32,
                    "-q"
                },
                10 + more.length);
        System.arraycopy(more, 0, all, 10, more.length);
        return all;
    }

    @Test
    void labels() throws IOException {
        Path csv = folder.resolve("c.csv");
        Files.writeString(csv, "id,split,radius,stage\ng0,train,1.5,E\ng1,train,NaN,Sa\n");
        refused(1, List.of("c.csv", "line 3", "g1", "radius", "NaN"), learn("train", csv, "--label", "radius"));
        refused(1, List.of("c.csv", "stagee"), learn("train", csv, "--label", "stagee"));
        refused(1, List.of("--tree", "--label"), learn("train", csv));
        refused(1, List.of("c.csv", "smooth-or-featured-gz2_smooth"), learn("train", csv, "--tree", "gz2"));
        refused(1, List.of("stage", "twice"), learn("train", csv, "--label", "stage", "--label", "stage:class"));
        refused(1, List.of("abacus"), learn("train", csv, "--label", "stage", "--architecture", "abacus"));
        refused(1, List.of("--threads 0", "1..1024"), learn("train", csv, "--label", "stage", "--threads", 0));
        refused(1, List.of("--epochs"), learn("train", csv, "--label", "stage", "--epochs", "many"));
        refused(1, List.of("--dropout 1.5"), learn("train", csv, "--label", "stage", "--dropout", 1.5));
        refused(1, List.of("no such"), learn("train", folder.resolve("none.csv"), "--label", "stage"));
        Files.writeString(csv, "id,split,stage\ng0,train,E\nlost,train,Sa\n");
        refused(1, List.of("lost"), learn("train", csv, "--label", "stage"));
        Files.write(images.resolve("g1.png"), new byte[0]);
        Files.writeString(csv, "id,split,stage\ng0,train,E\ng1,train,Sa\n");
        told(1, List.of("g1.png", "0 bytes"), learn("train", csv, "--label", "stage", "--architecture", "resnet18"));
        Path list = out.resolve("n.safetensors.left-out.csv");
        assertEquals(List.of(list), Hoag.files(out), "what is to be mended is listed, and nothing else is left");
        assertTrue(Files.readString(list).contains("g1"), list.toString());
    }

    @Test
    void weightsToStartFrom() throws IOException {
        Path csv = folder.resolve("c.csv");
        Files.writeString(csv, "id,split,stage\ng0,train,E\ng1,train,Sa\n");
        refused(1, List.of("m.safetensors"), learn("finetune", csv, "--label", "stage", "--from", model));
        Hoag.model(model, 0);
        byte[] whole = Files.readAllBytes(model);
        Files.write(model, Arrays.copyOf(whole, whole.length - 100));
        refused(1, List.of("m.safetensors"), learn("finetune", csv, "--label", "stage", "--from", model));
        Files.write(model, whole);
        refused(
                1,
                List.of("m.safetensors", "does not fit", "--architecture"),
                learn("finetune", csv, "--label", "stage", "--from", model, "--architecture", "efficientnet_b0"));
    }

    @Test
    void aDeviceThatIsNotThere() throws IOException {
        Hoag.model(model, 0);
        refused(3, List.of("cuda", "--device cpu"), predict(images, "--device", "cuda"));
        Path csv = Files.writeString(folder.resolve("c.csv"), "id,split,stage\ng0,train,E\ng1,train,Sa\n");
        refused(
                3,
                List.of("cuda", "--device cpu"),
                learn("train", csv, "--label", "stage", "--architecture", "resnet18", "--device", "cuda"));
    }

    /** The model wants colours. */
    @Test
    void greyPictures() throws IOException {
        Hoag.model(model, 0);
        var grey = new java.awt.image.BufferedImage(40, 40, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
        Path file = folder.resolve("grey.png");
        javax.imageio.ImageIO.write(grey, "png", file.toFile());
        refused(1, List.of("grey.png", "1 channel", "rgb"), predict(file));
    }

    @Test
    void placesToWrite() throws IOException {
        Hoag.model(model, 0);
        Path missing = folder.resolve("missing/v.csv");
        refused(1, List.of("missing", "does not exist"), "predict", images, "--model", model, "--out", missing);
        refused(1, List.of("is a folder"), "predict", images, "--model", model, "--out", out);
        refused(1, List.of("missing"), "represent", images, "--model", model, "--out", folder.resolve("missing/f.npy"));
        Path csv = Files.writeString(folder.resolve("c.csv"), "id,split,stage\ng0,train,E\ng1,train,Sa\n");
        for (Object[] verb : new Object[][] {{"train"}, {"finetune", "--from", model}}) {
            Object[] all = Arrays.copyOf(verb, verb.length + 8);
            System.arraycopy(
                    new Object[] {"--catalog", csv, "--images", images, "--label", "stage", "--out", missing},
                    0,
                    all,
                    verb.length,
                    8);
            refused(1, List.of("missing", "does not exist"), all);
        }
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
