package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hoag.kernels.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Hoag writes, read by safetensors, NumPy and PyTorch; and what PyTorch writes here and now, read by Hoag. Runs where there is a Python with
 * those: {@code bench/.venv/bin/python}, or the one that the system property {@code hoag.python} names.
 */
class OtherReadersTest {
    private static Path python;

    @TempDir
    Path folder;

    @BeforeAll
    static void findPython() throws IOException, InterruptedException {
        python = Stream.of(System.getProperty("hoag.python", ""), "../bench/.venv/bin/python", "bench/.venv/bin/python")
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(python != null, "no Python");
        assumeTrue(run("import torch, numpy, safetensors").code == 0, "a Python without torch, numpy and safetensors");
    }

    private record Ran(int code, String out) {}

    private static Ran run(String program, Object... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(python.toAbsolutePath().toString(), "-c", program));
        for (Object argument : arguments) command.add(argument.toString());
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out.strip());
    }

    private static String told(String program, Object... arguments) throws IOException, InterruptedException {
        var ran = run(program, arguments);
        assertEquals(0, ran.code, ran.out);
        return ran.out;
    }

    /** One tensor of each type that NumPy has too. */
    private static List<TensorData> everyType() {
        var wide = TensorData.of("f64", new long[] {2, 2}, 0.1, -1e300, Double.NaN, Double.POSITIVE_INFINITY);
        return List.of(
                wide,
                TensorData.of("f32", Shape.of(3), 0.1f, -0f, Float.MIN_VALUE),
                TensorData.of("f16", Shape.of(1, 3), 0.1f, 65504, 6e-8f).to(DType.F16),
                TensorData.of("i64", new long[] {2}, Long.MIN_VALUE, Long.MAX_VALUE),
                TensorData.of("i32", new long[] {2}, Integer.MIN_VALUE, 7),
                TensorData.of("u8", new long[] {3}, (byte) 0, (byte) 200, (byte) 255),
                TensorData.of("bool", new long[] {2}, true, false),
                TensorData.of("none", Shape.of(0, 3)),
                TensorData.of("scalar", new long[0], 2.5f));
    }

    private static final String LIST = """
        def tell(items):
            for k, v in items:
                v = numpy.ascontiguousarray(v)
                print(k, v.dtype.name, list(v.shape), v.tobytes().hex())
        """;

    private static String wanted(List<TensorData> tensors) {
        var names = Map.of(
                "F64", "float64", "F32", "float32", "F16", "float16", "I64", "int64", "I32", "int32", "U8", "uint8",
                "BOOL", "bool");
        var lines = new ArrayList<String>();
        for (var tensor : tensors) {
            String hex =
                    java.util.HexFormat.of().formatHex(tensor.data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
            lines.add("%s %s %s %s"
                    .formatted(
                            tensor.name(),
                            names.get(tensor.dtype().name()),
                            java.util.Arrays.toString(tensor.shape()),
                            hex));
        }
        return String.join("\n", lines).replaceAll(" +\n", "\n");
    }

    private static String tidy(String text) {
        return text.replace("\r", "").replaceAll(" +\n", "\n");
    }

    @Test
    void safetensorsReadsWhatIsWritten() throws Exception {
        Path path = folder.resolve("a.safetensors");
        var tensors = new ArrayList<>(everyType());
        Safetensors.write(path, tensors, Map.of("format", "pt", "note", "\u2606"));
        String program = "import sys, numpy\nfrom safetensors import safe_open\n" + LIST + """
            with safe_open(sys.argv[1], 'numpy') as f:
                assert f.metadata()['note'] == chr(0x2606)
                keys = 'f64 f32 f16 i64 i32 u8 bool none scalar'.split()
                assert sorted(keys) == sorted(f.keys())
                tell((k, numpy.asarray(f.get_tensor(k)).reshape(f.get_slice(k).get_shape())) for k in keys)
            """;
        assertEquals(
                wanted(tensors).replace("scalar float32 []", "scalar float32 [1]"), scalars(tidy(told(program, path))));
    }

    /** {@code ascontiguousarray} makes a scalar a vector of one. */
    private static String scalars(String text) {
        return text.replace("scalar float32 []", "scalar float32 [1]");
    }

    @Test
    void pytorchReadsWhatIsWritten() throws Exception {
        Path path = folder.resolve("a.safetensors");
        Safetensors.write(
                path,
                List.of(
                        TensorData.of("w", Shape.of(2, 2), 1, 2, 3, 4),
                        TensorData.of("b", Shape.of(3), 1, -2.5f, 1e30f).to(DType.BF16)),
                Map.of("format", "pt"));
        assertEquals("torch.float32 [[1.0, 2.0], [3.0, 4.0]] torch.bfloat16 [1.0, -2.5]", told("""
            import sys
            from safetensors.torch import load_file
            d = load_file(sys.argv[1])
            print(d['w'].dtype, d['w'].tolist(), d['b'].dtype, d['b'].tolist()[:2])
            """, path));
    }

    @Test
    void numpyReadsWhatIsWritten() throws Exception {
        Path path = folder.resolve("a.npz");
        Npy.writeAll(path, everyType());
        String program = "import sys, numpy\n" + LIST + "tell(numpy.load(sys.argv[1]).items())";
        assertEquals(scalars(wanted(everyType())), scalars(tidy(told(program, path))));
        Path one = folder.resolve("a.npy");
        Npy.write(one, everyType().getFirst());
        assertTrue(told("import sys, numpy\nprint(numpy.load(sys.argv[1]).shape)", one)
                .equals("(2, 2)"));
    }

    @Test
    void whatPyTorchWritesIsRead() throws Exception {
        for (String format : List.of("True", "False")) {
            Path path = folder.resolve("a.pt");
            told("""
                import sys, torch
                class Net(torch.nn.Module):
                    def __init__(self):
                        super().__init__()
                        self.stem = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
                        self.head = torch.nn.Linear(2, 2)
                torch.manual_seed(1)
                net = Net()
                torch.save({'whole': net, 'state_dict': net.state_dict(), 'big': torch.arange(3000).reshape(30, 100).t()},
                           sys.argv[1], _use_new_zipfile_serialization=%s)
                """.formatted(format), path);
            try (var file = Weights.open(path)) {
                var state = file.model();
                var whole = file.under("whole.");
                assertEquals(List.copyOf(state.names()).size(), whole.names().size());
                for (String name : state.names())
                    org.junit.jupiter.api.Assertions.assertArrayEquals(
                            state.get(name).doubles(), whole.get(name).doubles(), name);
                assertEquals(Shape.of(2, 1, 3, 3), state.get("stem.0.weight").dims());
                long[] big = file.get("big").longs();
                assertTrue(big[1] == 100 && big[30] == 1 && big[2999] == 2999, "transposed");
            }
        }
    }
}
