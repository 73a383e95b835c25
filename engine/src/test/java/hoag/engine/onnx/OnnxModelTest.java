package hoag.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.files.Weights;
import hoag.kernels.FormatException;
import hoag.kernels.HoagException;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {
    @TempDir
    Path folder;

    private static Path golden(String name) throws URISyntaxException {
        return Path.of(OnnxModelTest.class.getResource("/golden/files/" + name).toURI());
    }

    /** A model that PyTorch exported gives PyTorch's numbers. */
    @Test
    void whatPyTorchExports() throws URISyntaxException {
        OnnxModel model = Onnx.read(golden("tiny.onnx"));
        assertTrue(model.producer().startsWith("pytorch"), model.producer());
        assertArrayEquals(new int[] {-1, 3, 12, 16}, model.inputs().get("image"));
        try (Weights known = Weights.open(golden("tiny-onnx.safetensors"));
                var cpu = new CpuBackend(1);
                Workspace memory = Program.compile(cpu, model.nodes(2)).workspace()) {
            float[] got = memory.feed("image", known.get("image").floats())
                    .run()
                    .output(model.outputs().getFirst());
            assertArrayEquals(known.get("logits").floats(), got, 1e-5f);
        }
    }

    /** Swaps a name of the same length in the file. */
    private Path changed(String from, String to) throws IOException, URISyntaxException {
        byte[] bytes = Files.readAllBytes(golden("tiny.onnx"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace(from, to);
        return Files.write(folder.resolve("changed.onnx"), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void anUnknownOperationIsNamedWithItsNode() throws IOException, URISyntaxException {
        Path file = changed("\"" + (char) 3 + "Erf", "\"" + (char) 3 + "Orf");
        var error = assertThrows(FormatException.class, () -> Onnx.read(file).nodes(1));
        assertEquals(file + ": node node_Erf_28 of type Orf: Hoag has no such operation", error.getMessage());
    }

    @Test
    void whatIsBrokenIsSaidInOneLine() throws IOException, URISyntaxException {
        byte[] whole = Files.readAllBytes(golden("tiny.onnx"));
        int read = 0;
        for (int length = 0; length < whole.length; length += 97) {
            Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, length));
            try {
                Onnx.read(cut).nodes(1);
                read++;
            } catch (HoagException e) {
                assertTrue(
                        e.getMessage().startsWith(cut.toString())
                                && e.getMessage().lines().count() == 1,
                        e.getMessage());
            }
        }
        assertEquals(0, read);
        Path text = Files.writeString(folder.resolve("text.onnx"), "not a model at all");
        assertThrows(FormatException.class, () -> Onnx.read(text));
        assertThrows(FormatException.class, () -> Onnx.read(folder.resolve("none.onnx")));
    }

    /** What is written comes back, operation by operation. */
    @Test
    void thereAndBack() {
        Tensor x = Tensor.input("x", Shape.of(2, 3, 8, 8));
        Tensor y = x.mean(2, 3).reshape(2, 3);
        Map<String, Tensor> all = Map.of(
                "pads", x.pad(2, 1, 2).flip(3).slice(3, 1, 2, 3),
                "folds", x.max(1).add(x.min(2, 3)).mul(x.sum(0)),
                "soft", y.softmax(1).add(y.logSoftmax(1)),
                "limits", x.clamp(-0.2, 0.3).add(x.relu()).silu(),
                "choice", x.equal(x.relu()).where(x.exp(), x.tanh()),
                "product", y.matmul(y.permute(1, 0)),
                "joined", Tensor.concat(1, x, x.neg()),
                "norm", x.moments(1));
        Path file = folder.resolve("all.onnx");
        Onnx.write(file, all, Map.of(), Map.of("about", "a test"));
        OnnxModel read = Onnx.read(file);
        assertEquals(Map.of("about", "a test"), read.metadata());
        float[] values = new float[2 * 3 * 8 * 8];
        for (int i = 0; i < values.length; i++) values[i] = (float) Math.sin(i * 1.7) * 0.6f;
        try (var cpu = new CpuBackend(1);
                Workspace here = Program.compile(cpu, all).workspace();
                Workspace there = Program.compile(cpu, read.nodes(1)).workspace()) {
            here.feed("x", values).run();
            there.feed("x", values).run();
            for (String name : all.keySet()) assertArrayEquals(here.output(name), there.output(name), 1e-5f, name);
        }
    }
}
