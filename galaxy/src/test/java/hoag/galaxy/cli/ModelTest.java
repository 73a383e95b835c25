package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Compute;
import hoag.galaxy.Looks;
import hoag.galaxy.Model;
import hoag.galaxy.Prediction;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Images;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model in somebody else's program. */
class ModelTest {
    @TempDir
    static Path folder;

    static Path file;
    static Path images;

    @BeforeAll
    static void make() throws IOException {
        file = Hoag.model(folder.resolve("model.safetensors"), 0.3);
        images = Hoag.pictures(folder.resolve("images"), 8);
    }

    @Test
    void anImageAnArrayAndAFileAreTheSameGalaxy() throws IOException {
        BufferedImage image = ImageIO.read(images.resolve("g3.png").toFile());
        float[][][] array = new float[3][image.getHeight()][image.getWidth()];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    array[c][y][x] = (image.getRGB(x, y) >> 16 - 8 * c & 255) / 255f;
                }
            }
        }
        try (Model model = Model.load(file)) {
            Prediction ofFile = model.predict(images.resolve("g3.png"));
            assertEquals(ofFile.row(), model.predict(image).row());
            assertEquals(ofFile.number("radius"), model.predict(array).number("radius"), 0.02);
            assertNotEquals(
                    ofFile.row(), model.predict(images.resolve("g4.png")).row());
        }
    }

    @Test
    void itSaysWhatTheCommandSays() throws IOException {
        Path out = folder.resolve("votes.csv");
        Hoag.run("predict", images.resolve("g5.png"), "--model", file, "--out", out, "--tta", 3, "-q");
        String[] table = Files.readString(out).split("\n");
        try (Model model = Model.load(file, Looks.ONE.tta(3), Compute.cpu(1))) {
            Prediction said = model.predict(images.resolve("g5.png"));
            assertEquals(
                    List.of(table[0].split(",")).subList(1, table[0].split(",").length),
                    List.copyOf(said.row().keySet()));
            String[] values = table[1].split(",");
            int column = 1;
            for (String value : said.row().values()) {
                String wanted = values[column++];
                if (Character.isDigit(value.charAt(0))) {
                    assertEquals(Double.parseDouble(wanted), Double.parseDouble(value), 2e-4);
                } else {
                    assertEquals(wanted, value);
                }
            }
        }
    }

    @Test
    void everyKindOfAnswer() throws IOException {
        try (Model model = Model.load(file, Looks.ONE.samples(4), Compute.cpu(2))) {
            Prediction said = model.predict(images.resolve("g1.png"));
            assertEquals(4, said.passes().length);
            var votes = said.votes("small");
            assertEquals(1, votes.fraction()[0] + votes.fraction()[1] + votes.fraction()[2], 1e-6);
            assertTrue(votes.lower()[0] < votes.fraction()[0] && votes.fraction()[0] < votes.upper()[0]);
            assertEquals(
                    1,
                    said.classes("stage").values().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum(),
                    1e-5);
            assertTrue(said.flag("ring") > 0 && said.flag("ring") < 1);
            assertEquals(512, said.features().length);
            assertTrue(said.toString().startsWith("shape: "), said.toString());
            var wrong = assertThrows(ConfigException.class, () -> said.number("stage"));
            assertTrue(wrong.getMessage().contains("stage as classes"), wrong.getMessage());
        }
    }

    @Test
    void aFitsImage() throws Exception {
        float[][] flux = new float[40][40];
        short[][] grey = new short[40][40];
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 40; x++) {
                flux[y][x] = (float) (3 * Math.exp(-Math.hypot(x - 20, y - 17) / 5));
                grey[y][x] = (short) (100 * flux[y][x]);
            }
        }
        GalaxyModel grown = GalaxyModel.create(
                "resnet18", List.of(new Task.Flag("ring")), Preprocess.of(32, Channels.MEAN), 0, 0, 7);
        try (Model model = Model.of(grown, Looks.ONE, Compute.cpu(2))) {
            double said = model.predict(image(flux)).flag("ring");
            assertTrue(said > 0 && said < 1);
            // the stretch goes by percentiles: a factor changes little
            assertEquals(said, model.predict(image(grey)).flag("ring"), 0.02);
            var cube = image(new float[2][40][40]);
            var refused = assertThrows(DataException.class, () -> model.predict(cube));
            assertTrue(refused.getMessage().contains("2 planes"), refused.getMessage());
        }
    }

    private static BasicHDU<?> image(Object values) throws FitsException {
        return Fits.makeHDU(values);
    }

    @Test
    void greyImagesKeepTheirSamples() {
        BufferedImage bytes = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        bytes.getRaster().setSample(1, 0, 0, 100);
        assertArrayEquals(new byte[] {0, 100}, ((Picture.Bytes) Images.of(bytes)).values());
        BufferedImage shorts = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        shorts.getRaster().setSample(1, 0, 0, 65535);
        assertArrayEquals(new float[] {0, 1}, ((Picture.Floats) Images.of(shorts)).values());
        BufferedImage blue = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        blue.setRGB(0, 0, 0x400000ff);
        assertArrayEquals(new byte[] {0, 0, -1}, ((Picture.Bytes) Images.of(blue)).values());
    }

    @Test
    void picturesThatTheModelCannotTake() {
        try (Model model = Model.load(file)) {
            var channels = assertThrows(DataException.class, () -> model.predict(new float[5][8][8]));
            assertTrue(channels.getMessage().contains("5 channels"), channels.getMessage());
            assertThrows(DataException.class, () -> model.predict(new float[0][][]));
            var ragged = assertThrows(DataException.class, () -> model.predict(new float[][][] {{{1, 2}, {3}}}));
            assertTrue(ragged.getMessage().contains("row 1 of channel 0"), ragged.getMessage());
        }
    }

    /** Eight threads at once, dropout and all, get what one gets. */
    @Test
    void threads() throws Exception {
        try (Model model = Model.load(file, Looks.ONE.samples(3).tta(2), Compute.cpu(2));
                var pool = Executors.newFixedThreadPool(8)) {
            List<String> alone = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                alone.add(model.predict(images.resolve("g" + i + ".png")).row().toString());
            }
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                Path image = images.resolve("g" + i % 8 + ".png");
                calls.add(() -> model.predict(image).row().toString());
            }
            List<Future<String>> said = pool.invokeAll(calls);
            for (int i = 0; i < 64; i++) {
                assertEquals(alone.get(i % 8), said.get(i).get());
            }
        }
    }

    @Test
    void closed() {
        Model model = Model.load(file);
        model.close();
        model.close();
        assertThrows(IllegalStateException.class, () -> model.predict(images.resolve("g1.png")));
        assertTrue(
                Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("hoag-worker") && isBusy(thread)),
                "a thread goes on after the model is closed");
    }

    private static boolean isBusy(Thread thread) {
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return thread.isAlive();
    }

    /** Nothing on the terminal of the program that embeds it. */
    @Test
    void silent() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream ear = new PrintStream(said, true)) {
            System.setOut(ear);
            System.setErr(ear);
            try (Model model = Model.load(file)) {
                model.predict(images.resolve("g1.png"));
            }
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertEquals("", said.toString());
    }
}
