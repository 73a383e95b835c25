package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.engine.files.Npy;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.galaxy.Golden;
import hoag.galaxy.data.Catalogue;
import hoag.kernels.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
    @TempDir
    Path folder;

    @Test
    void aFolderIsAWholeModelAndNamesItsArchitecture() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Path hub = folder.resolve("hub");
        Hoag run = Hoag.run("convert", model, hub);
        assertEquals(0, run.code(), run.err());
        assertEquals(
                "resnet18",
                Json.read(hub.resolve("config.json")).get("architecture").string());
        Path images = Hoag.pictures(folder.resolve("images"), 3);
        for (Path of : List.of(model, hub)) {
            Hoag said = Hoag.run("predict", images, "--model", of, "--out", folder.resolve(of.getFileName() + ".csv"));
            assertEquals(0, said.code(), said.err());
        }
        assertEquals(
                Files.readString(folder.resolve("m.safetensors.csv")), Files.readString(folder.resolve("hub.csv")));
    }

    @Test
    void aModelInHalfTheBytesAnswersAlmostTheSame() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Path half = folder.resolve("half.safetensors");
        Hoag run = Hoag.run("convert", model, half, "--type", "f16");
        assertEquals(0, run.code(), run.err());
        assertEquals(0.5, (double) Files.size(half) / Files.size(model), 0.01);

        Path images = Hoag.pictures(folder.resolve("images"), 3);
        Hoag.run("predict", images, "--model", model, "--out", folder.resolve("a.csv"), "-q");
        Hoag.run("predict", images, "--model", half, "--out", folder.resolve("b.csv"), "-q");
        assertArrayEquals(
                Catalogue.read(folder.resolve("a.csv")).numbers("ring_probability"),
                Catalogue.read(folder.resolve("b.csv")).numbers("ring_probability"),
                0.01);

        Hoag info = Hoag.run("info", half);
        for (String told : new String[] {
            "resnet18", "tree small", "shape_featured", "stage: one of E, S0, Sa", "ring: yes or no", "test only", "F16"
        }) {
            assertTrue(info.out().contains(told), told + " in " + info.out());
        }
        String unasked = Hoag.run("info", Golden.path("files/lightning.ckpt")).out();
        assertTrue(unasked.contains("--tensors") && !unasked.contains("encoder.conv.weight"), unasked);
        assertTrue(Hoag.run("info", half, "--json").out().contains("\"architecture\":\"resnet18\""));
    }

    @Test
    void arraysGoBothWays() {
        Path npy = folder.resolve("a.npy");
        Path safe = folder.resolve("a.safetensors");
        Npy.write(npy, TensorData.of("", Shape.of(2, 2), 1, 2, 3, 4));
        assertEquals(0, Hoag.run("convert", npy, safe, "-q").code());
        try (Safetensors file = Safetensors.open(safe)) {
            assertArrayEquals(new float[] {1, 2, 3, 4}, file.get("array").floats());
        }
        assertEquals(
                0,
                Hoag.run("convert", safe, folder.resolve("b.npy"), "--type", "f16", "-q")
                        .code());
        assertArrayEquals(
                new float[] {1, 2, 3, 4}, Npy.read(folder.resolve("b.npy")).floats());
        assertTrue(Hoag.run("info", npy).out().contains("F32 [2, 2]"));
    }

    @Test
    void aModelBecomesOnnx() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Path onnx = folder.resolve("m.onnx");
        Hoag run = Hoag.run("convert", model, onnx, "--batch", "4");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("resnet18, image (4, 3, "), run.out());
        assertEquals(1, (double) Files.size(onnx) / Files.size(model), 0.02);
        for (Object[] wrong : new Object[][] {{"--type", "f16"}, {"--batch", "-1"}, {"--prefix", "encoder."}}) {
            Hoag refused = Hoag.run("convert", model, folder.resolve("n.onnx"), wrong[0], wrong[1]);
            assertTrue(refused.code() != 0 && refused.err().contains(wrong[0].toString()), refused.err());
        }
        assertFalse(Files.exists(folder.resolve("n.onnx")));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Path npy = folder.resolve("a.npy");
        Npy.write(npy, TensorData.of("", Shape.of(1), 1));
        Hoag run = Hoag.run("convert", npy, folder.resolve("a.onnx"));
        assertEquals(1, run.code());
        assertTrue(run.err().contains("a.npy") && run.err().contains("--architecture"), run.err());
        assertFalse(Files.exists(folder.resolve("a.onnx")));
    }

    @Test
    void aPyTorchFileBecomesSafetensors() {
        Path out = folder.resolve("state.safetensors");
        Hoag run = Hoag.run("convert", Golden.path("files/state-dict.pt"), out);
        assertEquals(0, run.code(), run.err());
        try (Safetensors file = Safetensors.open(out)) {
            assertEquals("pt", file.metadata().get("format"));
            assertEquals("F32 [4, 3, 3, 3]", shape(file, "conv.weight"));
            assertArrayEquals(
                    new long[] {17}, file.get("bn.num_batches_tracked").longs());
        }
    }

    @Test
    void ofACheckpointTheModelIsTaken() {
        Path checkpoint = Golden.path("files/lightning.ckpt");
        Path model = folder.resolve("model.safetensors");
        Hoag run = Hoag.run("convert", checkpoint, model);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("under state_dict.") && run.out().contains("others left out"), run.out());
        Path encoder = folder.resolve("encoder.npz");
        Hoag.run("convert", checkpoint, encoder, "--prefix", "state_dict.encoder.");
        Path all = folder.resolve("all.safetensors");
        Hoag.run("convert", checkpoint, all, "--prefix", "");
        try (Safetensors file = Safetensors.open(model);
                Safetensors whole = Safetensors.open(all)) {
            assertEquals("F32 [4, 3, 3, 3]", shape(file, "encoder.conv.weight"));
            assertEquals("F32 [4, 3, 3, 3]", shape(whole, "state_dict.encoder.conv.weight"));
            assertTrue(whole.names().stream().anyMatch(name -> name.startsWith("optimizer_states.0.")));
            assertArrayEquals(
                    file.get("encoder.conv.weight").floats(),
                    Npy.readAll(encoder).get("conv.weight").floats());
        }
        Hoag wrong = Hoag.run("convert", checkpoint, folder.resolve("x.safetensors"), "--prefix", "backbone.");
        assertEquals(1, wrong.code());
        assertTrue(wrong.err().contains("'backbone.'") && wrong.err().contains("state_dict."), wrong.err());
    }

    private static String shape(Safetensors file, String name) {
        return file.get(name).named("").toString().strip();
    }

    @Test
    void infoListsKeysShapesAndSettingsOfACheckpoint() {
        Hoag info = Hoag.run("info", Golden.path("files/lightning.ckpt"), "--tensors");
        for (String told : new String[] {
            "Lightning checkpoint",
            "epoch",
            "\"learning_rate\":3.0E-4",
            "state_dict.encoder.conv.weight F32 [4, 3, 3, 3]"
        }) {
            assertTrue(info.out().contains(told), told + " in " + info.out());
        }
        String unasked = Hoag.run("info", Golden.path("files/lightning.ckpt")).out();
        assertTrue(unasked.contains("--tensors") && !unasked.contains("encoder.conv.weight"), unasked);
        assertTrue(Hoag.run("info", Golden.path("files/lightning.ckpt"), "--json")
                .out()
                .contains("\"hyper_parameters\""));
    }
}
