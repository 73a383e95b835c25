package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.DType;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Predictor;
import hoag.kernels.FormatException;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One file is the model: what comes back answers alike, and a file that is damaged says so in one line. */
class ModelFileTest {
    @TempDir
    static Path folder;

    private static GalaxyModel model;
    private static Path whole;

    @BeforeAll
    static void save() {
        model = GalaxyModel.create(
                "tf_efficientnet_lite0",
                Small.TASKS,
                Preprocess.of(32, Channels.RGB).crop(0.9),
                0.25,
                0,
                4);
        model.about().put("licence", "test only");
        whole = folder.resolve("whole.hoag");
        model.save(whole);
    }

    private static float[] answers(GalaxyModel model) {
        Path picture = Small.examples(folder.resolve("pictures"), 0, 2).images().get(1);
        try (var cpu = new CpuBackend(1);
                var predictor = new Predictor(cpu, model, 1, false)) {
            var one = predictor.represent(
                    List.of(picture), model.preprocess(), 1, true, failure -> {}, hoag.galaxy.learn.Progress.NONE);
            return predictor.answers(one.getFirst().features(), 0, 0).clone();
        }
    }

    @Test
    void roundTrip() throws IOException {
        GalaxyModel back = GalaxyModel.load(whole);
        assertArrayEquals(answers(model), answers(back));
        assertEquals(model.architecture(), back.architecture());
        assertEquals(model.tasks(), back.tasks());
        assertEquals(model.preprocess(), back.preprocess());
        assertEquals(model.about(), back.about());
        assertEquals(0.25, back.net().head().dropout().rate());
        Path again = folder.resolve("again.hoag");
        back.save(again);
        assertEquals(-1, Files.mismatch(whole, again), "load and save changes the file");
    }

    @ParameterizedTest
    @CsvSource({"F16, 0.005", "BF16, 0.04"})
    void halfTheSize(DType type, double allowed) throws IOException {
        Path half = folder.resolve(type + ".hoag");
        model.save(half, type);
        assertTrue(Files.size(half) < 0.55 * Files.size(whole), () -> half + " is not half as large");
        float[] wanted = answers(model);
        float[] got = answers(GalaxyModel.load(half));
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i], got[i], allowed * Math.max(1, Math.abs(wanted[i])), type + " [" + i + "]");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-6, 0.001, 0.5, 0.999999})
    void truncated(double share) throws IOException {
        byte[] bytes = Files.readAllBytes(whole);
        Path file = folder.resolve("truncated.hoag");
        Files.write(file, Arrays.copyOf(bytes, (int) (share * bytes.length)));
        refused(file);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 100, 100_000})
    void randomBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        Path file = folder.resolve("random.hoag");
        Files.write(file, bytes);
        refused(file);
    }

    @Test
    void missingWeight() {
        Path file = folder.resolve("missing.hoag");
        rewrite(file, UnaryOperator.identity(), "encoder.conv_stem.weight");
        assertTrue(refused(file).contains("encoder.conv_stem.weight"));
    }

    @Test
    void plainWeights() {
        Path file = folder.resolve("plain.safetensors");
        Safetensors.write(file, List.of(TensorData.of("weight", hoag.kernels.Shape.of(2), new float[2])), Map.of());
        assertTrue(refused(file).contains("no description"));
    }

    /** Descriptions that do not fit the weights, or that this version does not understand. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tf_efficientnet_lite0 | resnet18",
                "tf_efficientnet_lite0 | transformer9",
                "\"kind\":\"classes\" | \"kind\":\"poem\"",
                "\"kind\":\"number\" | \"kind\":7",
                "\"names\":[\"early\",\"late\"] | \"names\":3",
                "\"names\":[\"early\",\"late\"] | \"names\":[\"early\"]",
                "\"names\":[\"early\",\"late\"] | \"names\":[\"early\",\"late\",\"later\"]",
                "\"smoothing\":0.1 | \"smoothing\":\"much\"",
                "\"deviation\":2 | \"other\":2",
                "\"crop\":0.9 | \"crop\":9",
                "\"preprocess\":{ | \"preprocess\":5,\"more\":{",
                "\"tasks\": | \"duties\":",
                "\"format\":1 | \"format\":99",
                "\"format\":1 | \"format\":{",
                "\"dropout\":0.25 | \"dropout\":25",
            })
    void otherDescription(String from, String to) {
        Path file = folder.resolve("other.hoag");
        rewrite(
                file,
                text -> {
                    String changed = text.replace(from, to);
                    assertTrue(!changed.equals(text), () -> from + " does not stand in " + text);
                    return changed;
                },
                "");
        refused(file);
    }

    private static void rewrite(Path to, UnaryOperator<String> description, String without) {
        try (Safetensors file = Safetensors.open(whole)) {
            Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
            metadata.computeIfPresent("hoag", (key, text) -> description.apply(text));
            Safetensors.write(
                    to,
                    file.names().stream()
                            .filter(name -> !name.equals(without))
                            .map(file::get)
                            .toList(),
                    metadata);
        }
    }

    private static String refused(Path file) {
        String message = assertThrows(FormatException.class, () -> GalaxyModel.load(file))
                .getMessage();
        assertTrue(message.startsWith(file.toString()) && message.lines().count() == 1, message);
        return message;
    }
}
