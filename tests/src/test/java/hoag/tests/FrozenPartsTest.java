package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Mode;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.ConfigException;
import hoag.kernels.cpu.CpuBackend;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is frozen keeps its bits, weights and the statistics of BatchNorm, whatever the rest learns; everything else moves. */
class FrozenPartsTest {
    private static final int SEED = 5;

    @TempDir
    Path folder;

    @Test
    void belowTheUppermostBlocks() {
        onlyMoves(
                Mode.blocks(2),
                key -> key.startsWith("head.")
                        || key.startsWith("encoder.conv_head.")
                        || key.startsWith("encoder.bn2.")
                        || key.startsWith("encoder.blocks.6."));
    }

    @Test
    void namedByPattern() {
        onlyMoves(
                Mode.FULL.freeze("encoder.blocks.?.*", "encoder.bn1.*"),
                key -> key.startsWith("head.")
                        || key.startsWith("encoder.conv_head.")
                        || key.startsWith("encoder.bn2.")
                        || key.startsWith("encoder.conv_stem."));
    }

    @Test
    void theHeadToo() {
        onlyMoves(
                Mode.blocks(1).freeze("head.*"),
                key -> key.startsWith("encoder.conv_head.") || key.startsWith("encoder.bn2."));
    }

    @Test
    void whatCannotBe() {
        GalaxyModel model = Small.model(32, SEED);
        refused(model, Mode.blocks(10), "tf_efficientnet_lite0 has 9 groups of layers; give 1 to 9, or full");
        refused(model, Mode.FULL.freeze("blocks.0"), "--freeze blocks.0 names no weight; names are such as encoder.");
        refused(model, Mode.FULL.freeze("*"), "leaves no weight to train");
        refused(model, Mode.HEAD.freeze("encoder.*"), "the head alone is trained");
        assertEquals(Mode.blocks(3), Mode.parse("Blocks=3"));
        for (String wrong : new String[] {"blocks=0", "blocks", "blocks=-1", "top"}) {
            String said =
                    assertThrows(ConfigException.class, () -> Mode.parse(wrong)).getMessage();
            assertTrue(said.contains(wrong) && said.contains("head, full, blocks=K"), said);
        }
    }

    private static void refused(GalaxyModel model, Mode mode, String why) {
        String said =
                assertThrows(ConfigException.class, () -> mode.check(model)).getMessage();
        assertTrue(said.contains(why), said);
    }

    private void onlyMoves(Mode mode, Predicate<String> moving) {
        Map<String, float[]> before = Small.weights(Small.model(32, SEED));
        Map<String, float[]> after = trained(mode);
        before.forEach((key, values) ->
                assertEquals(moving.test(key), !Arrays.equals(values, after.get(key)), mode + " " + key));
    }

    private Map<String, float[]> trained(Mode mode) {
        GalaxyModel model = Small.model(32, SEED);
        TrainSettings settings = Small.settings(1, 0).mode(mode).norm(TrainSettings.Norm.BATCH);
        try (var cpu = new CpuBackend(2);
                var learner = new Learner(
                        cpu,
                        model,
                        Small.examples(folder, 0, 8),
                        Small.examples(folder, 100, 4),
                        settings,
                        Augment.NONE,
                        new Checkpoint(folder.resolve("model.hoag"), mode.toString(), false),
                        2)) {
            learner.fit(Progress.NONE);
        }
        return Small.weights(model);
    }
}
