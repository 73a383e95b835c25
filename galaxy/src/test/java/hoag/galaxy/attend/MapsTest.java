package hoag.galaxy.attend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Variable;
import hoag.engine.nn.Modules;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Task;
import hoag.galaxy.models.VisionTransformer;
import hoag.galaxy.tree.Schema;
import hoag.kernels.Backend;
import hoag.kernels.Backends;
import hoag.kernels.ConfigException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MapsTest {
    static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", 2);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** A dark field with a bright bar in one cell of a grid. */
    private static float[] picture(int size, int grid, int row, int column) {
        float[] picture = new float[3 * size * size];
        Arrays.fill(picture, 0.1f);
        int cell = size / grid;
        for (int c = 0; c < 3; c++) {
            for (int y = row * cell + cell / 4; y < row * cell + 3 * cell / 4; y++) {
                Arrays.fill(
                        picture,
                        c * size * size + y * size + column * cell,
                        c * size * size + y * size + (column + 1) * cell,
                        0.9f);
            }
        }
        return picture;
    }

    private static float[] empty(int size) {
        float[] picture = new float[3 * size * size];
        Arrays.fill(picture, 0.1f);
        return picture;
    }

    private static int brightest(float[] maps, int from, int count) {
        int best = from;
        for (int i = from; i < from + count; i++) best = maps[i] > maps[best] ? i : best;
        return best - from;
    }

    /** The head says how far a representation is from an empty field's towards a bar's: the bar is the evidence, wherever it is. */
    @Test
    void gradCamLightsUpWhereTheEvidenceIs() {
        int size = 256, grid = 8;
        var model = GalaxyModel.create(
                "resnet18",
                List.of(new Task.Number("other", 0, 1), new Task.Flag("bar")),
                Preprocess.of(size, Channels.RGB),
                0,
                0,
                7);
        float[] both = new float[6 * size * size];
        System.arraycopy(picture(size, grid, 4, 4), 0, both, 0, 3 * size * size);
        System.arraycopy(empty(size), 0, both, 3 * size * size, 3 * size * size);
        int width = model.net().encoder().features();
        try (var predictor = new Predictor(backend, model, 2, false)) {
            float[] features = predictor.features(both, 2);
            float[] weight = new float[2 * width];
            for (int k = 0; k < width; k++) weight[width + k] = features[k] - features[width + k];
            model.net().head().linear().weight().set(weight);
        }
        int[][] places = {{1, 1}, {6, 1}, {2, 6}, {5, 5}};
        float[] images = new float[places.length * 3 * size * size];
        for (int i = 0; i < places.length; i++)
            System.arraycopy(
                    picture(size, grid, places[i][0], places[i][1]), 0, images, i * 3 * size * size, 3 * size * size);
        try (var maps = new Maps(backend, model, Method.GRADCAM, places.length)) {
            assertEquals(grid, maps.rows());
            float[] found = maps.maps(images, new int[] {1, 1, 1, 1});
            for (int i = 0; i < places.length; i++) assertLit(found, i * grid * grid, grid, places[i][0], places[i][1]);
            float[] of = maps.maps(images, new int[] {0, 0, 0, 0}); // a weight of zeros is evidence for nothing
            for (float value : of) assertEquals(0, value);
        }
    }

    /** The brightest cell is the one with the bar or beside it, and the cells around it are brighter than the rest. */
    private static void assertLit(float[] maps, int from, int grid, int row, int column) {
        int best = brightest(maps, from, grid * grid);
        assertTrue(
                Math.abs(best / grid - row) <= 1 && Math.abs(best % grid - column) <= 1,
                "bar at " + row + "," + column + ", brightest at " + best / grid + "," + best % grid);
        double near = 0, far = 0;
        int around = 0;
        for (int i = 0; i < grid * grid; i++) {
            boolean beside = Math.abs(i / grid - row) <= 1 && Math.abs(i % grid - column) <= 1;
            near += beside ? maps[from + i] : 0;
            far += beside ? 0 : maps[from + i];
            around += beside ? 1 : 0;
        }
        assertTrue(
                near / around > 1.5 * far / (grid * grid - around),
                near / around + " near, " + far / (grid * grid - around) + " far");
    }

    /** Queries and keys are the tokens themselves, and the class token is what a bright patch becomes: it looks there. */
    @Test
    void attentionGoesWhereTheClassTokenLooks() {
        int size = 224, grid = 14;
        var model = GalaxyModel.create(
                "vit_tiny_patch16_224", List.of(new Task.Flag("bar")), Preprocess.of(size, Channels.RGB), 0, 0, 7);
        var vit = (VisionTransformer) model.net().encoder();
        Modules.variables(vit).forEach((key, variable) -> {
            if (key.equals("pos_embed") || key.matches("blocks.*(proj|fc2)\\.(weight|bias)")) zero(variable);
            if (key.endsWith("qkv.weight")) identity(variable);
        });
        float[] token = new float[192];
        float[] filters = vit.patch_embed().proj().weight().values();
        for (int k = 0; k < token.length; k++)
            for (int i = 0; i < filters.length / token.length; i++)
                token[k] += filters[k * filters.length / token.length + i];
        vit.cls_token().set(token);
        float[] image = picture(size, grid, 3, 10);
        Arrays.fill(image, 0, 3 * size * size, 0);
        for (int c = 0; c < 3; c++)
            for (int y = 48; y < 64; y++)
                Arrays.fill(image, c * size * size + y * size + 160, c * size * size + y * size + 176, 1);
        for (Method method : List.of(Method.ATTENTION, Method.ROLLOUT)) {
            try (var maps = new Maps(backend, model, method, 1)) {
                float[] map = maps.maps(image, new int[1]);
                assertEquals(3 * grid + 10, brightest(map, 0, grid * grid), method.name());
                assertTrue(map[0] < 0.2, method + ": elsewhere " + map[0]);
            }
        }
        try (var maps = new Maps(backend, model, Method.GRADCAM, 1)) {
            assertEquals(grid, maps.rows()); // the gradient through attention, on tokens
        }
    }

    private static void zero(Variable variable) {
        variable.set(new float[variable.shape().size()]);
    }

    private static void identity(Variable variable) {
        int width = variable.shape().dim(1);
        float[] values = new float[variable.shape().size()];
        for (int i = 0; i < values.length / width; i++) values[i * width + i % width] = 1;
        variable.set(values);
    }

    /** Rows of attention add up to 1, so those of a rollout do; part of it stays with the class token. */
    @Test
    void theLinformerHasMapsToo() {
        var model = GalaxyModel.create(
                "linformer_gz2",
                List.of(new Task.Votes(Schema.named("rings"))),
                Preprocess.of(224, Channels.RGB),
                0,
                0,
                7);
        try (var maps = new Maps(backend, model, Method.ROLLOUT, 1)) {
            assertEquals(8, maps.rows());
            float[] map = maps.maps(picture(224, 8, 3, 3), new int[1]);
            assertEquals(1, map[brightest(map, 0, 64)]);
            float faintest = 1;
            for (float value : map) faintest = Math.min(faintest, value);
            assertEquals(0, faintest, "attention is drawn from its faintest place");
        }
    }

    @Test
    void aConvolutionalNetworkHasNoAttention() {
        var model =
                GalaxyModel.create("resnet18", List.of(new Task.Flag("bar")), Preprocess.of(64, Channels.RGB), 0, 0, 7);
        var error = assertThrows(ConfigException.class, () -> new Maps(backend, model, Method.ROLLOUT, 1));
        assertTrue(error.getMessage().contains("--method gradcam"), error.getMessage());
    }
}
