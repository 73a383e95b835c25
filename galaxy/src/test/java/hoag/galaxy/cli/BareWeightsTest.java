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
}
