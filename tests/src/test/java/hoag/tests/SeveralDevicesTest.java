package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.cuda.StandIn;
import hoag.galaxy.Compute;
import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.Backend;
import hoag.kernels.Backends;
import hoag.kernels.ConfigException;
import hoag.kernels.DeviceException;
import hoag.kernels.HoagException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that several GPUs share, with as many stand-ins: the bits of one GPU, and clear words when one is lost. */
class SeveralDevicesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        assumeFalse(StandIn.real(), "skipped: a real machine has the devices that it has");
        StandIn.reset();
        StandIn.devices(3);
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, StandIn.held(), "things that were not given back");
    }

    private GalaxyModel trained(String device, int batch, int accumulate) {
        GalaxyModel model =
                GalaxyModel.create("test_efficientnet", Small.TASKS, Preprocess.of(16, Channels.RGB), 0.3, 0.2, 5);
        TrainSettings settings = Small.settings(1, 0.9).batch(batch);
        try (Backend backend = Backends.open(device);
                var learner = new Learner(
                        backend,
                        model,
                        Small.examples(folder, 0, 13),
                        Small.examples(folder, 20, 3),
                        settings.batches(settings.batches().accumulate(accumulate)),
                        Augment.GALAXY,
                        new Checkpoint(folder.resolve("model.hoag"), "", false),
                        1)) {
            learner.fit(Progress.NONE);
        }
        return model;
    }

    private static void same(GalaxyModel expected, GalaxyModel found) {
        Map<String, float[]> others = Small.weights(found);
        Small.weights(expected)
                .forEach((key, values) -> assertArrayEquals(Bits.of(values), Bits.of(others.get(key)), key));
    }

    /** Two steps: weights, running statistics and the average of weights. */
    @Test
    void aTrainingHasTheBitsOfOneDevice() {
        GalaxyModel one = trained("cuda", 2, 3);
        same(one, trained("cuda:0,1,2", 6, 1));
        assertTrue(StandIn.count("cuMemcpyPeer") > 0, "devices copy from one another");
        assertTrue(
                StandIn.count("cuStreamWaitEvent") >= 12, "pictures of every batch go ahead, by a stream of their own");
    }

    @Test
    void severalBatchesADeviceToo() {
        same(trained("cuda:1", 1, 4), trained("cuda:2,0", 2, 2));
    }

    /** The second device, in its third step. */
    @Test
    void aDeviceThatIsLostEndsTheTrainingWithItsName() {
        StandIn.failOn(1, "cuGraphLaunch", 700, 2);
        var lost = assertThrows(DeviceException.class, () -> trained("cuda:all", 3, 1));
        assertTrue(
                lost.getMessage().startsWith("cuda:1: the device was lost while trying to start a graph, "),
                lost.getMessage());
        StandIn.reset();
        StandIn.devices(3);
        StandIn.failOn(0, "cuMemcpyPeer", 700, 5);
        lost = assertThrows(DeviceException.class, () -> trained("cuda:0,2", 4, 1));
        assertTrue(
                lost.getMessage().startsWith("cuda:0: the device was lost while trying to copy from cuda:2, "),
                lost.getMessage());
    }

    private static String refusal(String device) {
        return assertThrows(HoagException.class, () -> Backends.open(device)).getMessage();
    }

    @Test
    void wrongNumbers() {
        assertEquals(
                "cuda:7: no such device; there are cuda:0 Stand-in 0, cuda:1 Stand-in 1, cuda:2 Stand-in 2",
                refusal("cuda:0,7"));
        assertEquals("--device cuda:1,1: a device is named twice; name each once", refusal("cuda:1,1"));
        assertEquals(
                "--device cuda:1,: what stands behind the colon must be a device's number, 0, 1, ..., several with"
                        + " commas, or all",
                refusal("cuda:1,"));
        assertEquals("--device cpu: there is only one cpu; leave the numbers out", refusal("cpu:all"));
        try (Backend all = Backends.open("cuda:all")) {
            assertEquals(2, all.peers().size());
        }
        StandIn.devices(1);
        try (Backend all = Backends.open("cuda:all")) {
            assertEquals(List.of(), all.peers());
        }
    }

    @Test
    void whatCannotBeSharedIsSaid() {
        var uneven = assertThrows(ConfigException.class, () -> trained("cuda:0,1", 5, 1));
        assertEquals("--batch 5: 2 devices cannot share it evenly; make it a multiple of 2", uneven.getMessage());
        var single = assertThrows(ConfigException.class, () -> new Compute("cuda:0,1", 1).open());
        assertEquals(
                "--device cuda:0,1: only train and finetune share work among devices; name one", single.getMessage());
    }
}
