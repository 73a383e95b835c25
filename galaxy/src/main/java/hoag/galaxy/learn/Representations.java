package hoag.galaxy.learn;

import hoag.engine.Variable;
import hoag.engine.files.Npy;
import hoag.engine.files.TensorData;
import hoag.engine.nn.Modules;
import hoag.galaxy.image.Transform;
import hoag.kernels.DataException;
import hoag.kernels.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Representations of galaxies by a frozen backbone, computed once, and read from a file where one of the same pictures and weights is kept. */
public final class Representations {
    private Representations() {}

    /**
     * @return (views of all galaxies, features) row-major: all galaxies as they are, then all in their second view ...
     * @throws UnreadableException if a picture cannot be read
     * @throws DataException if the folder cannot be written
     * @throws CancellationException if the progress says to stop before every galaxy is represented
     */
    public static float[] of(Predictor predictor, Examples examples, Probe probe, int threads, Progress progress) {
        if (probe.features() == null) {
            return computed(predictor, examples, probe.views(), threads, progress);
        }
        Path kept = probe.features().resolve(key(predictor.model(), examples, probe.views()) + ".npy");
        if (Files.exists(kept)) {
            return Npy.read(kept).floats();
        }
        float[] values = computed(predictor, examples, probe.views(), threads, progress);
        try {
            Files.createDirectories(probe.features());
        } catch (IOException e) {
            throw new DataException(probe.features() + ": cannot be made: " + e.getMessage(), e);
        }
        int width = predictor.model().net().encoder().features();
        Npy.write(kept, TensorData.of("", Shape.of(values.length / width, width), values));
        return values;
    }

    private static float[] computed(Predictor predictor, Examples examples, int views, int threads, Progress progress) {
        int width = predictor.model().net().encoder().features();
        float[] features = new float[views * examples.size() * width];
        for (int view = 0; view < views; view++) {
            Transform transform = Dihedral.of(predictor.model().preprocess(), view);
            List<Predictor.Represented> all = represented(predictor, examples, transform, threads, progress);
            if (all.size() < examples.size()) {
                throw new CancellationException("stopped while representing galaxies");
            }
            for (int i = 0; i < all.size(); i++) {
                System.arraycopy(all.get(i).features(), 0, features, (view * examples.size() + i) * width, width);
            }
        }
        return features;
    }

    private static List<Predictor.Represented> represented(
            Predictor predictor, Examples examples, Transform transform, int threads, Progress progress) {
        try {
            return predictor.represent(examples.images(), transform, threads, true, failure -> {}, progress);
        } catch (DataException e) {
            throw new UnreadableException(e);
        }
    }

    /** The labels of all views: (views of all galaxies, label columns). */
    static float[] repeated(float[] labels, int views) {
        float[] all = new float[labels.length * views];
        for (int view = 0; view < views; view++) {
            System.arraycopy(labels, 0, all, view * labels.length, labels.length);
        }
        return all;
    }

    /** Of weights, preparation, views and files: name, size and time of the last change of each. */
    private static String key(GalaxyModel model, Examples examples, int views) {
        MessageDigest digest = sha256();
        Modules.variables(model.net().encoder()).forEach((name, variable) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update(bytes(variable));
        });
        digest.update((model.architecture() + model.preprocess().toMap() + views).getBytes(StandardCharsets.UTF_8));
        examples.images().forEach(image -> digest.update(file(image).getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest(), 0, 12);
    }

    private static byte[] bytes(Variable variable) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * variable.shape().size());
        buffer.asFloatBuffer().put(variable.values());
        return buffer.array();
    }

    private static String file(Path image) {
        try {
            return image.toAbsolutePath() + " " + Files.size(image) + " " + Files.getLastModifiedTime(image) + "\n";
        } catch (IOException e) {
            throw new DataException(image + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
