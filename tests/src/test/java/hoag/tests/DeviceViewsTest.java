package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.cuda.CudaBackend;
import hoag.cuda.StandIn;
import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Deferred;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.image.Scratch;
import hoag.galaxy.image.Transform;
import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Augmented views that the device computes from 8-bit pictures: the CPU's bits. */
class DeviceViewsTest {
    private static final Preprocess PLAIN = Preprocess.of(24, Channels.RGB);
    private static final Preprocess COLOUR =
            PLAIN.zoom(1.5).crop(0.9).normalise(List.of(0.4, 0.5, 0.3), List.of(0.2, 0.25, 0.3));
    private static final Augment TURNED = new Augment(
            180,
            true,
            new Augment.Range(0.5, 2),
            new Augment.Range(0.7, 1.4),
            0.4,
            30,
            3,
            new Augment.Range(0.02, 0.1));

    @BeforeEach
    void start() {
        StandIn.reset();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, StandIn.held(), "things that were not given back");
        assertEquals(0, StandIn.damaged(), "bytes written beside the memory of a kernel");
    }

    private static Picture noise(int width, int height, int channels, int seed) {
        byte[] values = new byte[width * height * channels];
        new Random(seed).nextBytes(values);
        return new Picture.Bytes(width, height, channels, values);
    }

    /** Enlarged, alike, smoothed, by boxes, thin; larger than is taken to the device; grey. */
    private static List<Picture> pictures(int channels) {
        return List.of(
                noise(9, 13, channels, 1),
                noise(24, 24, channels, 2),
                noise(40, 31, channels, 3),
                noise(45, 47, channels, 4),
                noise(46, 2, channels, 5),
                noise(1, 40, channels, 6),
                noise(200, 150, channels, 7));
    }

    private static float[] computed(Transform transform, List<Picture> pictures) {
        float[] all = new float[pictures.size() * transform.length()];
        for (int i = 0; i < pictures.size(); i++) {
            transform.apply(pictures.get(i), 3, i, all, i * transform.length(), new Scratch());
        }
        return all;
    }

    private static float[] onTheDevice(Backend cuda, Deferred deferred, List<Picture> pictures) {
        int count = pictures.size();
        var views = deferred.views(computed(deferred, pictures), count, new float[deferred.most(count)]);
        float[] found = new float[count * 3 * deferred.size() * deferred.size()];
        Buffer to = cuda.allocate(found.length);
        cuda.sample(cuda.stage(views), to);
        cuda.read(to, found, 0, found.length);
        cuda.release(to);
        return found;
    }

    static Stream<Augment> augmentations() {
        return Stream.of(Augment.NONE, Augment.GALAXY, Augment.ZOOBOT, TURNED);
    }

    @ParameterizedTest
    @MethodSource("augmentations")
    void viewsHaveTheBitsOfTheCpu(Augment augment) {
        try (Backend cuda = new CudaBackend()) {
            for (Preprocess preprocess : List.of(PLAIN, COLOUR, COLOUR.fit(Preprocess.Fit.BOTH_SIDES))) {
                float[] truth = computed(augment.with(preprocess, 42), pictures(3));
                for (int seed = 0; seed < 2; seed++) {
                    StandIn.seed(seed);
                    float[] found = onTheDevice(cuda, augment.deferred(preprocess, 42), pictures(3));
                    assertArrayEquals(Bits.of(truth), Bits.of(found));
                }
            }
        }
    }

    @Test
    void whatIsNotThreeColoursOfEightBitsGoesAlong() {
        Preprocess any = Preprocess.of(24, Channels.RGB_OR_GREY);
        var mixed = new ArrayList<>(pictures(1));
        mixed.addAll(pictures(3));
        try (Backend cuda = new CudaBackend()) {
            float[] truth = computed(TURNED.with(any, 1), mixed);
            assertArrayEquals(Bits.of(truth), Bits.of(onTheDevice(cuda, TURNED.deferred(any, 1), mixed)));
        }
        assertNull(TURNED.deferred(Preprocess.of(24, Channels.LUMINANCE), 1), "one channel is the host's");
        assertNull(TURNED.deferred(Preprocess.of(24, Bands.SINGLE), 1));
    }

    /** Eight-bit pictures are a quarter of float32. */
    @Test
    void whatIsCopiedIsThePicturesBytes() {
        Deferred deferred = Augment.GALAXY.deferred(PLAIN, 1);
        var views = deferred.views(computed(deferred, List.of(noise(24, 24, 3, 1))), 1, new float[deferred.most(1)]);
        assertTrue(views.length() * 4 < 24 * 24 * 3 + 24 * 16 + 200, views.length() + " words");
    }
}
