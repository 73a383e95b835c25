package hoag.tests;

import hoag.engine.Variable;
import hoag.engine.nn.Modules;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.galaxy.learn.TrainSettings;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Small pictures and models with everything random in them. */
final class Small {
    static final List<Task> TASKS =
            List.of(new Task.Classes("stage", List.of("early", "late"), 0.1), new Task.Number("radius", 5, 2));

    private Small() {}

    /** Round red galaxies (class 0, small) and long blue ones (class 1, large), each different. */
    static Examples examples(Path folder, int from, int count) {
        List<String> ids = new ArrayList<>();
        List<Path> images = new ArrayList<>();
        float[] labels = new float[2 * count];
        for (int i = 0; i < count; i++) {
            int number = from + i;
            ids.add("g" + number);
            images.add(picture(folder, number));
            labels[2 * i] = number % 2;
            labels[2 * i + 1] = 4 + 3 * (number % 2) + number % 3;
        }
        return new Examples(ids, images, labels);
    }

    private static Path picture(Path folder, int number) {
        boolean late = number % 2 == 1;
        BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setColor(late ? new Color(20, 60 + number * 7 % 60, 250) : new Color(250, 90 + number * 11 % 60, 20));
        pen.fillOval(late ? 2 : 12, 12 + number % 5, late ? 34 : 16, late ? 8 : 16);
        pen.dispose();
        try {
            Path file = Files.createDirectories(folder).resolve("g" + number + ".png");
            ImageIO.write(image, "png", file.toFile());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lite0 with dropout and stochastic depth. */
    static GalaxyModel model(int size, long seed) {
        return GalaxyModel.create("tf_efficientnet_lite0", TASKS, Preprocess.of(size, Channels.RGB), 0.3, 0.2, seed);
    }

    static TrainSettings settings(int epochs, double ema) {
        return TrainSettings.DEFAULT
                .epochs(epochs)
                .patience(0)
                .batch(4)
                .rate(2e-3)
                .warmup(0.2)
                .ema(ema)
                .layerDecay(0.9)
                .seed(11);
    }

    static Map<String, float[]> weights(GalaxyModel model) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        Modules.variables(model.net()).forEach((String key, Variable variable) -> weights.put(key, variable.values()));
        return weights;
    }
}
