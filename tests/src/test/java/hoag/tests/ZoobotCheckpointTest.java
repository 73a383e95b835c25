package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.engine.files.Weights;
import hoag.engine.nn.Loading;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Task;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.galaxy.tree.Schema;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zoobot's own checkpoints: their keys and shapes, and the representations that Zoobot computes with them. */
class ZoobotCheckpointTest {
    private static final int SIDE = 128;

    private static Path folder() {
        var found = Stream.of(System.getProperty("hoag.shared", "../../shared"), "../shared")
                .map(name -> Path.of(name, "golden", "science", "zoobot"))
                .filter(Files::isDirectory)
                .findFirst();
        assumeTrue(found.isPresent(), "no development data");
        return found.get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classifier-test_efficientnet", "tree-test_convnext", "zoobot_tree-test_efficientnet"})
    void keysAndRepresentationsAreZoobots(String name) throws IOException {
        JsonNode facts = Json.read(folder().resolve(name + ".json"));
        Path file = folder().resolve(name + ".ckpt");
        Backbone backbone = Backbones.create(facts.get("encoder").string(), 1, 3, 0, 0);
        try (Weights weights = Weights.open(file)) {
            assertEquals(Weights.Kind.LIGHTNING, weights.kind());
            assertEquals(
                    facts.get("top_level_keys").strings(),
                    List.copyOf(weights.values().members().keySet()));
            assertEquals(shapes(facts), shapes(weights.model()));
            Loading.EXACT.into(Modules.variables(backbone), weights.model().under("encoder."), file);
        }
        for (JsonNode image : facts.get("images").items()) {
            double[] wanted = image.get("representation").numbers();
            assertArrayEquals(wanted, represent(backbone, image.get("input").string()), 1e-5 * largest(wanted));
        }
    }

    /** Architecture, tree and head come from the checkpoint alone; its answers are those that Zoobot recorded, converted to safetensors too. */
    @ParameterizedTest
    @ValueSource(strings = {"classifier-test_efficientnet", "tree-test_convnext", "zoobot_tree-test_efficientnet"})
    void answersAreZoobots(String name, @TempDir Path temporary) throws IOException {
        JsonNode facts = Json.read(folder().resolve(name + ".json"));
        GalaxyModel loaded = GalaxyModel.load(folder().resolve(name + ".ckpt"));
        assertEquals(facts.get("encoder").string(), loaded.architecture());
        if (loaded.tasks().getFirst() instanceof Task.Votes votes) {
            assertEquals(Schema.named("gz2").questions(), votes.schema().questions());
        }
        Path converted = temporary.resolve("converted.safetensors");
        loaded.save(converted);
        for (GalaxyModel model : List.of(loaded, GalaxyModel.load(converted))) {
            var plain = new GalaxyModel(
                    model.architecture(),
                    model.net(),
                    model.tasks(),
                    model.preprocess().size(SIDE),
                    model.about());
            try (Backend cpu = new CpuBackend(1);
                    var predictor = new Predictor(cpu, plain, 1, false)) {
                for (JsonNode image : facts.get("images").items()) {
                    boolean classes = model.tasks().getFirst() instanceof Task.Classes;
                    double[] wanted = image.get(classes ? "softmax" : "output").numbers();
                    float[] said = predictor.answers(
                            predictor.features(pixels(image.get("input").string()), 1), 0, 0);
                    for (int k = 0; k < wanted.length; k++) {
                        assertEquals(
                                wanted[k],
                                said[k],
                                1e-5 * largest(wanted),
                                image.get("input").string() + " " + k);
                    }
                }
            }
        }
    }

    /** The same weights as 2.0 wrote them: other hyper-parameters beside them, and pictures as 2.0 showed them. */
    @Test
    void hyperParametersOfTwoPointZero(@TempDir Path temporary) throws IOException {
        Path file = folder().resolve("classifier-test_efficientnet.ckpt");
        GalaxyModel later = GalaxyModel.load(file);
        Path old = temporary.resolve("two.ckpt");
        try (var in = new ZipFile(file.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(old))) {
            for (ZipEntry entry : Collections.list(in.entries())) {
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                store(out, entry.getName(), entry.getName().endsWith("/data.pkl") ? asInTwoPointZero(bytes) : bytes);
            }
        }
        GalaxyModel model = GalaxyModel.load(old);
        assertEquals(later.architecture(), model.architecture());
        assertEquals(
                later.net().head().dropout().rate(),
                model.net().head().dropout().rate());
        assertEquals(1.2, later.preprocess().zoom());
        assertEquals(1, model.preprocess().zoom());
        assertEquals(Math.sqrt(0.75), model.preprocess().crop(), 1e-9);
        Modules.variables(model.net())
                .forEach((key, variable) -> assertArrayEquals(
                        Modules.variables(later.net()).get(key).values(), variable.values(), key));
    }

    private static byte[] asInTwoPointZero(byte[] pickle) {
        String text = new String(pickle, StandardCharsets.ISO_8859_1);
        for (String[] names : new String[][] {
            {"training_mode", "n_blocks"},
            {"layer_decay", "lr_decay"},
            {"head_dropout_prob", "dropout_prob"},
            {"timm_kwargs", "prog_bar"}
        }) {
            text = text.replace(pickled(names[0]), pickled(names[1]));
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** BINUNICODE: its length in four bytes, the least first. */
    private static String pickled(String name) {
        return "X" + (char) name.length() + "\0\0\0" + name;
    }

    /** As PyTorch stores: not packed. */
    private static void store(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        var entry = new ZipEntry(name);
        var sum = new CRC32();
        sum.update(bytes);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }

    private static Map<String, List<Long>> shapes(JsonNode facts) {
        var shapes = new LinkedHashMap<String, List<Long>>();
        facts.get("parameters")
                .members()
                .forEach((key, about) -> shapes.put(
                        key, about.at(0).items().stream().map(JsonNode::whole).toList()));
        return shapes;
    }

    private static Map<String, List<Long>> shapes(Weights weights) {
        var shapes = new LinkedHashMap<String, List<Long>>();
        weights.tensors()
                .forEach(tensor -> shapes.put(
                        tensor.name(),
                        java.util.Arrays.stream(tensor.shape()).boxed().toList()));
        return shapes;
    }

    private static double largest(double[] values) {
        return Math.max(1, java.util.Arrays.stream(values).map(Math::abs).max().orElse(1));
    }

    private static double[] represent(Backbone backbone, String picture) throws IOException {
        Tensor image = Tensor.input("image", Shape.of(1, 3, SIDE, SIDE));
        try (Backend cpu = new CpuBackend(1);
                Workspace memory = Program.compile(
                                cpu, Map.of("features", backbone.pooled(image, Trace.eval())), List.of())
                        .workspace()) {
            memory.feed("image", pixels(picture)).run();
            float[] features = memory.output("features");
            double[] wide = new double[features.length];
            for (int i = 0; i < wide.length; i++) wide[i] = features[i];
            return wide;
        }
    }

    /** (3, h, w), 0 to 1. */
    private static float[] pixels(String picture) throws IOException {
        var image = ImageIO.read(folder().resolve(picture).toFile());
        float[] pixels = new float[3 * SIDE * SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            int rgb = image.getRGB(i % SIDE, i / SIDE);
            for (int c = 0; c < 3; c++) pixels[c * SIDE * SIDE + i] = (rgb >> 16 - 8 * c & 255) / 255f;
        }
        return pixels;
    }
}
