package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk is full: one line, exit 1, nothing half-written. The disk is one of a few pages, in a mount name space of its own. */
class FullDiskTest {
    @TempDir
    Path folder;

    Path disk;
    Path images;

    @BeforeEach
    void make() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        images = Hoag.pictures(folder.resolve("images"), 60);
        assumeTrue(run("true", 4096).equals(List.of("code 0")), "this system mounts nothing for its users");
    }

    /** What is said, then the exit code, then the files on the disk. */
    private List<String> run(String command, int bytes) throws IOException, InterruptedException {
        String script = "mount -t tmpfs -o size=" + bytes + " tmpfs '" + disk + "' && { " + command
                + "; echo code $?; ls -A '" + disk + "'; }";
        try {
            Process process = new ProcessBuilder("unshare", "-rm", "sh", "-c", script)
                    .redirectErrorStream(true)
                    .start();
            String said = Child.say(process);
            process.waitFor();
            return Child.lines(said);
        } catch (IOException e) {
            return List.of(e.getMessage());
        }
    }

    private List<String> hoag(int bytes, Object... arguments) throws IOException, InterruptedException {
        String command =
                Child.command(arguments).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        return run(command, bytes);
    }

    private static void refused(List<String> said, String name, List<String> left) {
        assertTrue(said.getFirst().contains(name) && said.getFirst().contains("the disk is full"), said.toString());
        assertEquals("code 1", said.get(1), said.toString());
        assertEquals(left, said.subList(2, said.size()));
    }

    @Test
    void training() throws IOException, InterruptedException {
        Path csv = Hoag.catalogue(folder.resolve("c.csv"), 12);
        Object[] train = {
            "train",
            "--catalog",
            csv,
            "--images",
            images,
            "--label",
            "stage",
            "--architecture",
            "resnet18",
            "--size",
            32,
            "--epochs",
            1,
            "--batch",
            4,
            "-q",
            "--out",
            disk.resolve("m.safetensors")
        };
        refused(hoag(1 << 20, train), "m.safetensors", List.of());
    }

    @Test
    void predicting() throws IOException, InterruptedException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Object[] predict = {"predict", images, "--model", model, "--batch", 8, "-q", "--out", disk.resolve("v.csv")};
        // what was done stays for --resume
        refused(hoag(3 * 4096, predict), "v.csv", List.of("v.csv.part", "v.csv.part.json"));
        refused(hoag(4096, predict), "v.csv", List.of());
    }

    @Test
    void representing() throws IOException, InterruptedException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        refused(
                hoag(16 * 4096, "represent", images, "--model", model, "-q", "--out", disk.resolve("f.npy")),
                "f.npy",
                List.of());
    }

    /** The survey keeps the blocks that fitted. */
    @Test
    void indexing() throws IOException, InterruptedException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        refused(
                hoag(16 * 4096, "index", images, "--model", model, "-q", "--out", disk.resolve("s.hoag")),
                "s.hoag",
                List.of("s.hoag", "s.hoag.lock"));
    }
}
