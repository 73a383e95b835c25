package hoag.galaxy.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import hoag.galaxy.Golden;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoaderTest {
    private static final Preprocess RGB = Preprocess.of(16, Channels.RGB);
    private static final List<Path> FILES = Stream.of(
                    "small.png",
                    "made-444.jpg",
                    "candels.jpg",
                    "pil-flip.png",
                    "made-progressive.jpg",
                    "png-rgb.png",
                    "pil-zoom.png")
            .map(name -> Golden.path("image/" + name))
            .toList();

    private static Loader.Settings settings(int batch, int epochs, int threads, boolean strict) {
        return new Loader.Settings(batch, epochs, threads, 2, strict);
    }

    private record Copy(int epoch, float[] images, int[] rows) {}

    private static List<Copy> all(
            List<Path> files,
            Transform transform,
            Order order,
            Loader.Settings settings,
            List<Loader.Failure> failures) {
        var batches = new ArrayList<Copy>();
        try (var loader = new Loader(files, transform, order, settings, failures::add)) {
            for (var b = loader.next(); b != null; b = loader.next())
                batches.add(new Copy(
                        b.epoch(),
                        Arrays.copyOf(b.images(), b.count() * transform.length()),
                        Arrays.copyOf(b.rows(), b.count())));
            assertNull(loader.next(), "it stays at its end");
        }
        return batches;
    }

    @AfterEach
    void noThreadIsLeft() {
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().startsWith("hoag-images-")));
    }

    @Test
    void batchesHoldWhatTheTransformMakes() {
        var batches = all(FILES, RGB, Order.asListed(7), settings(3, 1, 2, true), new ArrayList<>());
        assertEquals(List.of(3, 3, 1), batches.stream().map(b -> b.rows.length).toList());
        for (int row = 0; row < 7; row++) {
            var batch = batches.get(row / 3);
            assertEquals(row, batch.rows[row % 3]);
            var wanted = RGB.apply(Images.read(FILES.get(row)));
            assertArrayEquals(
                    wanted, Arrays.copyOfRange(batch.images, row % 3 * RGB.length(), (row % 3 + 1) * RGB.length()));
        }
    }

    @Test
    void anyNumberOfThreadsGivesTheSame() {
        var augmented = Augment.ZOOBOT.with(RGB, 7);
        var one = all(FILES, augmented, Order.shuffled(7, 5), settings(4, 5, 1, true), new ArrayList<>());
        assertEquals(10, one.size());
        for (int threads : new int[] {2, 5}) {
            var many = all(FILES, augmented, Order.shuffled(7, 5), settings(4, 5, threads, true), new ArrayList<>());
            assertEquals(one.size(), many.size());
            for (int i = 0; i < one.size(); i++) {
                assertEquals(i / 2, many.get(i).epoch);
                assertArrayEquals(one.get(i).rows, many.get(i).rows);
                assertArrayEquals(one.get(i).images, many.get(i).images);
            }
        }
    }

    @Test
    void aShuffleHasEveryRowOnceAndChangesWithTheEpoch() {
        var order = Order.shuffled(1000, 3);
        var rows = order.rows(0);
        assertEquals(1000, Arrays.stream(rows).distinct().count());
        assertArrayEquals(rows, order.rows(0));
        assertFalse(Arrays.equals(rows, order.rows(1)));
        double moved = 0;
        for (int i = 0; i < 1000; i++) moved += Math.abs(rows[i] - i) / 1000.0;
        assertEquals(333, moved, 40, "mean distance of a uniform shuffle is n/3");
    }

    @Test
    void badImagesAreReportedInOrderAndLeftOut() {
        var files = new ArrayList<>(FILES);
        files.set(0, Golden.path("image/cmyk.jpg"));
        files.set(4, Path.of("gone.jpg"));
        files.set(5, Golden.path("image/png-grey.png")); // grey, where the model wants RGB
        for (int threads : new int[] {1, 4}) {
            var failures = new ArrayList<Loader.Failure>();
            var batches = all(files, RGB, Order.asListed(7), settings(2, 1, threads, false), failures);
            assertEquals(
                    List.of(0, 4, 5), failures.stream().map(Loader.Failure::row).toList());
            assertTrue(failures.get(0).error().getMessage().contains("cmyk.jpg: CMYK"));
            assertEquals("gone.jpg: no such file", failures.get(1).error().getMessage());
            assertTrue(
                    failures.get(2).error().getMessage().contains("png-grey.png: picture of shape (24, 32, 1)"),
                    failures.get(2).error().getMessage());
            assertEquals(
                    List.of("[1]", "[2, 3]", "[6]"),
                    batches.stream().map(b -> Arrays.toString(b.rows)).toList());
            assertArrayEquals(RGB.apply(Images.read(FILES.get(1))), batches.get(0).images);
        }
    }

    @Test
    void strictEndsWithTheFirstBadImage() {
        var files = new ArrayList<>(FILES);
        files.set(4, Path.of("gone.jpg"));
        try (var loader = new Loader(files, RGB, Order.asListed(7), settings(2, 1, 3, true), f -> fail())) {
            loader.next();
            loader.next();
            assertEquals(
                    "gone.jpg: no such file",
                    assertThrows(DataException.class, loader::next).getMessage());
        }
    }

    @Test
    void aFaultInTheTransformReachesTheConsumer() {
        var fault = new IllegalArgumentException("fault");
        var broken = new Transform() {
            @Override
            public int channels() {
                return 1;
            }

            @Override
            public int size() {
                return 1;
            }

            @Override
            public Bands bands() {
                return Bands.SINGLE;
            }

            @Override
            public void apply(Picture picture, long epoch, int index, float[] out, int offset, Scratch scratch) {
                throw fault;
            }
        };
        try (var loader = new Loader(FILES, broken, Order.asListed(7), settings(2, 1, 3, false), f -> fail())) {
            assertSame(fault, assertThrows(IllegalArgumentException.class, loader::next));
        }
    }

    @Test
    void anOrderBeyondTheListReachesTheConsumer() {
        try (var loader = new Loader(FILES, RGB, _ -> new int[] {7}, settings(2, 1, 3, false), f -> fail())) {
            assertTrue(assertThrows(RuntimeException.class, loader::next)
                    .getMessage()
                    .contains("row 7; there are 7 images"));
        }
    }

    @Test
    void closingEarlyLeavesNoThread() {
        var loader = new Loader(FILES, RGB, Order.shuffled(7, 1), settings(2, 1000, 4, false), f -> fail());
        loader.next();
        loader.close();
        loader.close();
        assertThrows(IllegalStateException.class, loader::next);
    }

    @Test
    void nothingToLoadIsAnEnd() {
        assertEquals(List.of(), all(List.of(), RGB, Order.asListed(0), settings(2, 3, 2, true), new ArrayList<>()));
        assertEquals(List.of(), all(FILES, RGB, Order.asListed(7), settings(2, 0, 2, true), new ArrayList<>()));
    }

    @Test
    void buffersAreUsedAgain() {
        Set<Integer> buffers = new TreeSet<>();
        try (var loader = new Loader(FILES, RGB, Order.asListed(7), settings(1, 20, 2, true), f -> fail())) {
            for (var b = loader.next(); b != null; b = loader.next()) buffers.add(System.identityHashCode(b.images()));
        }
        assertTrue(buffers.size() <= 3, buffers.size() + " buffers");
    }
}
