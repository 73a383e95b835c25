package hoag.galaxy.cli;

import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.galaxy.tree.Question;
import hoag.galaxy.tree.Schema;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Runs a command in this JVM and keeps what it says; makes small pictures and models. */
record Hoag(int code, String out, String err) {
    static Hoag run(Object... arguments) {
        List<String> args = new ArrayList<>();
        for (Object argument : arguments) {
            args.add(argument.toString());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args.toArray(String[]::new));
        return new Hoag(code, out.toString(), err.toString());
    }

    static final Schema TREE = new Schema(
            "small",
            "",
            List.of(
                    new Question("shape", List.of("smooth", "featured", "artifact"), List.of()),
                    new Question("bar", List.of("yes", "no"), List.of("shape_featured"))));

    /** A tree, classes, a number and a flag, with fresh weights. */
    static Path model(Path file, double dropout) {
        List<Task> tasks = List.of(
                new Task.Votes(TREE),
                new Task.Classes("stage", List.of("E", "S0", "Sa"), 0),
                new Task.Number("radius", 5, 2),
                new Task.Flag("ring"));
        GalaxyModel model = GalaxyModel.create("resnet18", tasks, Preprocess.of(32, Channels.RGB), dropout, 0, 7);
        model.about().put("licence", "test only");
        model.save(file);
        return file;
    }

    /** Pictures g0.png, g1.png ... of blobs that differ. */
    static Path pictures(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
            var pen = image.createGraphics();
            pen.setColor(new Color(255 - i * 9 % 200, 120 + i * 13 % 120, i * 31 % 255));
            pen.fillOval(4 + i % 7, 8, 6 + i % 23, 24 - i % 11);
            pen.dispose();
            ImageIO.write(image, "png", folder.resolve("g" + i + ".png").toFile());
        }
        return folder;
    }

    /** A catalogue of those pictures: the last third validates, ids are g0, g1 ... */
    static Path catalogue(Path csv, int count) throws IOException {
        StringBuilder text = new StringBuilder("id,split,stage,radius,ring\n");
        for (int i = 0; i < count; i++) {
            text.append('g').append(i).append(i < count * 2 / 3 ? ",train," : ",valid,");
            text.append(i % 2 == 0 ? "E," : "Sa,").append(i % 5 * 0.5 + 1).append(i % 3 == 0 ? ",yes\n" : ",no\n");
        }
        return Files.writeString(csv, text);
    }

    static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
