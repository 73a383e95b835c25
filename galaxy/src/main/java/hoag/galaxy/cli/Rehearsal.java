package hoag.galaxy.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the launcher runs once after a build, for the JVM to record which classes a start needs and how its methods behave: the demo, a prediction
 * and two pages of help, in the current folder.
 */
public final class Rehearsal {
    private Rehearsal() {}

    public static void main(String[] args) throws Exception {
        Path model = copy(DemoCommand.MODEL, "model.safetensors");
        Path picture = copy(DemoCommand.GALAXIES + "decals-0-a-0-3.jpg", "galaxy.jpg");
        run("demo");
        run("predict", picture.toString(), "--model", model.toString(), "--out", "votes.csv");
        run("predict", "--help");
        run("--help");
        System.out.flush();
        System.exit(0);
    }

    private static Path copy(String resource, String name) throws Exception {
        Path file = Path.of(name).toAbsolutePath();
        try (var in = Rehearsal.class.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
        return file;
    }

    private static void run(String... arguments) {
        int code = Main.commandLine(arguments).execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }
}
