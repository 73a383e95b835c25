package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Npy;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.nn.Modules;
import hoag.galaxy.models.Backbones;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights as timm publishes them, which are no Hoag model, make representations. */
class BareWeightsTest {
    @TempDir
    Path folder;

    private Path images;

    @BeforeEach
    void draw() throws IOException {
        images = Hoag.pictures(folder.resolve("images"), 3);
    }

    private Path weights(String name, Map<String, String> metadata) {
        List<TensorData> tensors = new ArrayList<>();
        Modules.variables(Backbones.create("test_resnet", 3, 3, 10, 0))
                .forEach((key, variable) -> tensors.add(TensorData.of(key, variable.shape(), variable.values())));
        Path file = folder.resolve(name);
        Safetensors.write(file, tensors, new TreeMap<>(metadata));
        return file;
    }

    private float[] features(Object... more) {
        Path out = folder.resolve("f.npy");
        List<Object> all = new ArrayList<>(List.of("represent", images, "--out", out, "-q"));
        all.addAll(Arrays.asList(more));
        Hoag run = Hoag.run(all.toArray());
        assertEquals(0, run.code(), run.err());
        return Npy.read(out).floats();
    }

    @Test
    void theNormalisationIsSaid() {
        Path bare = weights("bare.safetensors", Map.of());
        Hoag silent = Hoag.run(
                "represent",
                images,
                "--model",
                bare,
                "--architecture",
                "test_resnet",
                "--out",
                folder.resolve("none.npy"));
        assertEquals(1, silent.code());
        assertTrue(silent.err().contains("--normalise imagenet"), silent.err());
        float[] imagenet = features("--model", bare, "--architecture", "test_resnet", "--normalise", "imagenet");
        float[] half = features("--model", bare, "--architecture", "test_resnet", "--normalise", "half");
        assertEquals(half.length, imagenet.length);
        assertNotEquals(half[0], imagenet[0]);
        float[] small = features("--model", bare, "--architecture", "test_resnet", "--normalise", "half", "--size", 32);
        assertNotEquals(half[0], small[0]);
    }

    @Test
    void theFileMaySayItAll() {
        Path half = weights(
                "half.safetensors", Map.of("architecture", "test_resnet", "mean", "0.5,0.5,0.5", "std", "0.5,0.5,0.5"));
        assertArrayEquals(features("--model", half), features("--model", half, "--normalise", "half"));
    }

    @Test
    void aModelOfHoagsIsNotToldHow() {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Hoag run = Hoag.run(
                "represent", images, "--model", model, "--normalise", "half", "--out", folder.resolve("f.npy"));
        assertEquals(1, run.code());
        assertTrue(run.err().contains("says itself how pictures are prepared"), run.err());
    }

    @Test
    void theyBecomeOnnxAndComeBack() {
        Path onnx = folder.resolve("bare.onnx");
        Path bare = weights("bare.safetensors", Map.of());
        Hoag plain = Hoag.run("convert", bare, onnx, "--size", 64);
        assertEquals(0, plain.code(), plain.err());
        assertTrue(
                plain.out().contains("test_resnet, image (1, 3, 64, 64) to 96 features and the logits of 10 classes"),
                plain.out());
        assertTrue(plain.out().contains("--normalise notes it"), plain.out());
        Hoag unsaid = Hoag.run("convert", bare, onnx, "--pixels");
        assertEquals(1, unsaid.code());
        assertTrue(unsaid.err().contains("--normalise imagenet"), unsaid.err());
        Hoag elsewhere = Hoag.run("convert", bare, folder.resolve("b.safetensors"), "--size", 64);
        assertTrue(elsewhere.code() == 1 && elsewhere.err().contains("--size"), elsewhere.err());
        assertEquals(
                0, Hoag.run("convert", bare, onnx, "--normalise", "half", "-q").code());
        Path back = folder.resolve("back.safetensors");
        assertEquals(0, Hoag.run("convert", onnx, back, "-q").code());
        assertArrayEquals(features("--model", bare, "--normalise", "half"), features("--model", back));
    }
}
