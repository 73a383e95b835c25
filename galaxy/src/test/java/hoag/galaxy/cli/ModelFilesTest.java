package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Npy;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.engine.nn.Modules;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command that takes a model takes it as safetensors, as ONNX and as a folder in the manner of Hugging Face. */
class ModelFilesTest {
    @TempDir
    Path folder;

    Path images;
    Path model;

    @BeforeEach
    void make() throws IOException {
        images = Hoag.pictures(folder.resolve("images"), 9);
        model = Hoag.model(folder.resolve("m.safetensors"), 0.2);
    }

    private static Hoag ok(Object... arguments) {
        Hoag run = Hoag.run(arguments);
        assertEquals(0, run.code(), run.err());
        return run;
    }

    private Catalogue votes(Path model) {
        Path out = folder.resolve("votes.csv");
        ok("predict", images, "--model", model, "--out", out, "-q");
        return Catalogue.read(out);
    }

    private void sameVotes(Path other, double allowed) {
        Catalogue wanted = votes(model);
        Catalogue got = votes(other);
        assertEquals(wanted.columns(), got.columns());
        assertEquals(wanted.ids(), got.ids());
        for (String column : wanted.columns().subList(1, wanted.columns().size())) {
            if (column.endsWith("_predicted")) continue;
            double[] numbers = wanted.numbers(column);
            for (int i = 0; i < numbers.length; i++)
                assertEquals(numbers[i], got.numbers(column)[i], allowed * (1 + Math.abs(numbers[i])), column);
        }
    }

    @Test
    void onnx() throws IOException {
        Path onnx = folder.resolve("m.onnx");
        ok("convert", model, onnx, "--batch", 0);
        sameVotes(onnx, 0);
        String said = ok("info", onnx).out();
        for (String part :
                List.of("ONNX", "resnet18", "image [-1, 3, 32, 32]", "features, answers", "one of E, S0, Sa"))
            assertTrue(said.contains(part), part + " in " + said);
        Path back = folder.resolve("back.safetensors");
        ok("convert", onnx, back);
        assertEquals(-1, Files.mismatch(model, back));
        ok("represent", images, "--model", onnx, "--out", folder.resolve("f.npy"), "-q");
        assertEquals(9, Npy.read(folder.resolve("f.npy")).shape()[0]);
        Hoag.catalogue(folder.resolve("c.csv"), 9);
        Object[] data = {"--catalog", folder.resolve("c.csv"), "--images", images, "-q"};
        ok(and(data, "evaluate", "--model", onnx, "--split", "all", "--out", folder.resolve("e")));
        Path tuned = folder.resolve("tuned.safetensors");
        ok(and(data, "finetune", "--from", onnx, "--label", "stage", "--out", tuned));
        Path same = folder.resolve("same.safetensors");
        ok(and(data, "finetune", "--from", model, "--label", "stage", "--out", same));
        var wanted = Modules.variables(GalaxyModel.load(same).net());
        Modules.variables(GalaxyModel.load(tuned).net())
                .forEach((key, variable) ->
                        assertTrue(Arrays.equals(wanted.get(key).values(), variable.values()), key));
        Hoag refused = Hoag.run("convert", onnx, folder.resolve("again.onnx"));
        assertTrue(refused.code() == 1 && refused.err().contains("is an .onnx file already"), refused.err());
    }

    private static Object[] and(Object[] more, Object... first) {
        List<Object> all = new ArrayList<>(Arrays.asList(first));
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }

    /** A Hoag model as a folder, and back. */
    @Test
    void aFolderOfAModel() throws IOException {
        Path hub = folder.resolve("hub");
        ok("convert", model, hub);
        assertTrue(Files.exists(hub.resolve("model.safetensors")) && Files.exists(hub.resolve("config.json")));
        sameVotes(hub, 0);
        assertTrue(ok("info", hub).out().contains("resnet18"));
        ok("convert", hub, folder.resolve("back.safetensors"));
        sameVotes(folder.resolve("back.safetensors"), 0);
        ok("convert", hub, folder.resolve("hub.onnx"));
        sameVotes(folder.resolve("hub.onnx"), 0);
    }

    /** Published weights: timm's keys, a head of so many classes, so many channels. */
    private Path published(int channels, int classes) throws IOException {
        Path hub = folder.resolve("timm" + channels + "-" + classes);
        Files.createDirectories(hub);
        List<TensorData> tensors = new ArrayList<>();
        Modules.variables(Backbones.create("test_resnet", 5, channels, classes, 0))
                .forEach((key, variable) -> tensors.add(TensorData.of(key, variable.shape(), variable.values())));
        Safetensors.write(hub.resolve("model.safetensors"), tensors, new TreeMap<>(Map.of("format", "pt")));
        Files.writeString(hub.resolve("config.json"), """
            {"architecture": "test_resnet", "num_classes": %d, "pretrained_cfg": {"input_size": [%d, 32, 32],
             "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}}\
            """.formatted(classes, channels));
        return hub;
    }

    /** Heads with other classes are left out; a stem of three channels serves grey pictures, and the other way round. */
    @Test
    void publishedWeightsWithAnotherHeadAndStem() throws IOException {
        Hoag.catalogue(folder.resolve("c.csv"), 9);
        Object[] data = {
            "--catalog", folder.resolve("c.csv"), "--images", images, "--label", "stage", "--size", 32, "-q"
        };
        for (int classes : new int[] {1000, 3, 7}) {
            Path hub = published(3, classes);
            assertTrue(ok("info", hub).out().contains("test_resnet"));
            Path tuned = folder.resolve("tuned" + classes + ".safetensors");
            ok(and(data, "finetune", "--from", hub, "--out", tuned));
            assertEquals(9, votes(tuned).size());
        }
        Path hub = published(3, 1000);
        Path grey = folder.resolve("grey.safetensors");
        ok(and(data, "finetune", "--from", hub, "--grey", "--out", grey));
        assertEquals(1, GalaxyModel.load(grey).preprocess().channels());
        float[] three = stem(hub.resolve("model.safetensors"), "");
        float[] one = stem(grey, "encoder.");
        assertEquals(three.length, one.length * 3);
        int area = 9;
        for (int i = 0; i < one.length; i++) {
            int at = i / area * 3 * area + i % area;
            assertEquals(three[at] + three[at + area] + three[at + 2 * area], one[i], 1e-5);
        }
        Path colour = folder.resolve("colour.safetensors");
        ok(and(data, "finetune", "--from", published(1, 10), "--out", colour));
        assertEquals(3, GalaxyModel.load(colour).preprocess().channels());
        assertEquals(9, votes(colour).size());
    }

    private static float[] stem(Path file, String prefix) {
        try (Weights weights = Weights.open(file)) {
            return weights.get(prefix + "conv1.0.weight").floats();
        }
    }

    @Test
    void infoOfEveryKind() throws IOException {
        TensorData array = TensorData.of("", Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Path npy = folder.resolve("a.npy");
        Npy.write(npy, array);
        assertTrue(ok("info", npy).out().contains("NumPy array"));
        ok("convert", npy, folder.resolve("a.npz"));
        assertTrue(ok("info", folder.resolve("a.npz")).out().contains("NumPy arrays"));
        ok("convert", npy, folder.resolve("a.safetensors"));
        assertTrue(ok("info", folder.resolve("a.safetensors")).out().contains("6 in 1 tensors of F32"));
        assertTrue(ok("info", published(3, 10)).out().contains("test_resnet"));
        Hoag.catalogue(folder.resolve("c.csv"), 9);
        Path trained = folder.resolve("t.safetensors");
        ok(
                "train",
                "--catalog",
                folder.resolve("c.csv"),
                "--images",
                images,
                "--label",
                "stage",
                "--size",
                32,
                "--architecture",
                "test_resnet",
                "--epochs",
                1,
                "--out",
                trained,
                "-q");
        assertTrue(ok("info", trained).out().contains("one of E, Sa"));
        assertTrue(ok("info", folder.resolve("t.safetensors.last")).out().contains("hoag-run"));
        ok("index", images, "--model", trained, "--out", folder.resolve("s.hoag"), "-q");
        assertTrue(ok("info", folder.resolve("s.hoag")).out().contains("galaxies      9"));
        Files.writeString(folder.resolve("x.bin"), "nothing of the kind");
        Hoag other = Hoag.run("info", folder.resolve("x.bin"));
        assertTrue(other.code() == 1 && other.err().lines().count() == 1, other.err());
    }
}
