package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Gradients;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.Losses;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In JVMs of every width kernels and random programs agree with float64. EfficientNet-B0 at 64 pixels in JVMs that are held to vectors of 512, 256 and 128 bits: sums are added up in another order, so the last digits
 * may differ. The bound: features and every weight's gradient differ by less than {@link #BOUND} of their norm. Two runs of one width give the
 * same bits.
 */
class WidthTest {
    private static final double BOUND = 2e-5;
    private static final int SIDE = 64;
    private static final int BATCH = 2;

    @TempDir
    static Path folder;

    private static Map<String, float[]> here;

    @BeforeAll
    static void withThisMachinesVectors() {
        here = results();
    }

    /** Features, loss and the gradients of all weights, with running statistics. */
    private static Map<String, float[]> results() {
        Backbone model = Backbones.create("efficientnet_b0", 5, 3, 10, 0);
        Trace trace = Trace.eval();
        Tensor pooled = model.pooled(Tensor.input("image", Shape.of(BATCH, 3, SIDE, SIDE)), trace);
        Tensor logits = model.classifier().apply(pooled, trace);
        Tensor loss = Losses.crossEntropy(logits, Tensor.input("target", Shape.of(BATCH)), null, 0);
        Map<String, Variable> weights = Modules.parameters(model);
        List<Tensor> slopes = Gradients.of(
                loss, weights.values().stream().map(Variable::tensor).toList());
        Map<String, Tensor> outputs = new LinkedHashMap<>(Map.of("features", pooled));
        weights.keySet().forEach(key -> outputs.put(key, slopes.get(outputs.size() - 1)));
        Map<String, float[]> results = new LinkedHashMap<>();
        try (Backend cpu = new CpuBackend(2);
                Workspace workspace = Program.compile(cpu, outputs).workspace()) {
            workspace.feed("image", Recipe.values("image", BATCH * 3 * SIDE * SIDE, 0, 1.5));
            workspace.feed("target", 3, 7).run();
            outputs.keySet().forEach(key -> results.put(key, workspace.output(key)));
        }
        return results;
    }

    /** Run in a JVM of its own: writes the results, one tensor after the other. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws IOException {
            List<byte[]> all = results().values().stream().map(Bits::of).toList();
            ByteBuffer bytes = ByteBuffer.allocate(
                    all.stream().mapToInt(each -> each.length).sum());
            all.forEach(bytes::put);
            Files.write(Path.of(args[0]), bytes.array());
        }
    }

    private static float[] held(int bits) throws IOException, InterruptedException {
        Path file = folder.resolve("results-" + bits);
        Jvm.Ran ran = Jvm.run(List.of("-XX:MaxVectorSize=" + bits / 8), Jvm.classPath(), Child.class, file.toString());
        assertEquals(0, ran.code(), ran.said());
        float[] values = new float[(int) (Files.size(file) / 4)];
        ByteBuffer.wrap(Files.readAllBytes(file)).asFloatBuffer().get(values);
        return values;
    }

    /** Some cases of kernels, and random programs with their gradients; {@code tests/widths} runs all. */
    @ParameterizedTest
    @MethodSource
    void agreesWithFloat64(Widths width) throws IOException, InterruptedException {
        Jvm.Ran ran = width.run(Path.of("..").toAbsolutePath().normalize(), 40, 10);
        assertEquals(0, ran.code(), ran.said());
        assertTrue(ran.said().contains(" passed"), ran.said());
    }

    static List<Widths> agreesWithFloat64() {
        return Widths.ALL.stream()
                .filter(width -> width.vectors().equals("first") || width.bits() == 128)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 256, 128})
    void differByTheLastDigits(int bits) throws IOException, InterruptedException {
        float[] held = held(bits);
        int at = 0;
        double mean =
                here.values().stream().mapToDouble(WidthTest::norm).average().orElseThrow();
        for (var each : here.entrySet()) {
            float[] mine = each.getValue();
            float[] difference = new float[mine.length];
            for (int i = 0; i < mine.length; i++) {
                difference[i] = mine[i] - held[at++];
            }
            double off = norm(difference) / Math.max(norm(mine), 0.01 * mean);
            assertTrue(off < BOUND, each.getKey() + " at " + bits + " bits is " + off + " off");
        }
        assertEquals(held.length, at);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
