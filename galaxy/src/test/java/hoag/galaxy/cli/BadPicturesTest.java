package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Fitted;
import hoag.galaxy.Labelled;
import hoag.galaxy.Recipe;
import hoag.galaxy.Roster;
import hoag.galaxy.Train;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Progress;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.ImageData;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that cannot be read cost their own galaxies, not the training. */
class BadPicturesTest {
    @TempDir
    Path folder;

    Path images;
    Path out;

    @BeforeEach
    void make() throws IOException {
        images = Hoag.pictures(folder.resolve("images"), 24);
        out = folder.resolve("m.safetensors");
        Hoag.catalogue(folder.resolve("c.csv"), 24);
        Path broken = images.resolve("g3.png");
        Files.write(broken, Arrays.copyOf(Files.readAllBytes(broken), 60)); // cut off
        Files.write(images.resolve("g20.png"), new byte[0]);
    }

    private Hoag run(String verb, Object... more) {
        List<Object> all = new ArrayList<>(List.of(verb, "--catalog", folder.resolve("c.csv"), "--images", images));
        all.addAll(List.of("--out", out, "--label", "stage", "--size", 32, "--batch", 4, "--epochs", 2));
        all.addAll(List.of(more));
        return Hoag.run(all.toArray());
    }

    private void leftOut(Hoag run) {
        assertEquals(0, run.code(), run.err());
        Catalogue list = Catalogue.read(folder.resolve("m.safetensors.left-out.csv"));
        assertEquals(List.of("g3", "g20"), list.ids());
        assertTrue(list.labels("reason").getFirst().contains("g3.png"));
        var about = GalaxyModel.load(out).about();
        assertEquals(15L, ((Number) about.get("train_galaxies")).longValue());
        assertEquals(7L, ((Number) about.get("valid_galaxies")).longValue());
        assertEquals(2L, ((Number) about.get("bad_pictures")).longValue());
    }

    @Test
    void everyTrainingGoesOnWithoutThem() throws IOException {
        Path from = Hoag.model(folder.resolve("from.safetensors"), 0.2);
        leftOut(run("train", "--architecture", "test_resnet"));
        leftOut(run("finetune", "--from", from, "--mode", "head"));
        leftOut(run("finetune", "--from", from, "--mode", "probe"));
        leftOut(run("finetune", "--from", from, "--mode", "full", "--fresh"));
        Hoag folds = run("finetune", "--from", from, "--folds", 3);
        assertEquals(0, folds.code(), folds.err());
        assertEquals(22, Catalogue.read(folder.resolve("m.folds.csv")).size());
    }

    @Test
    void curvesToo() throws IOException {
        StringBuilder table = new StringBuilder("id,split,ring\n");
        for (int i = 0; i < 24; i++)
            table.append("g" + i + (i < 14 ? ",train," : i < 19 ? ",valid," : ",test,") + i % 2 + "\n");
        Files.writeString(folder.resolve("c.csv"), table);
        Hoag run = Hoag.run(
                "curve",
                "--catalog",
                folder.resolve("c.csv"),
                "--images",
                images,
                "--label",
                "ring:flag",
                "--start",
                "here=" + Hoag.model(folder.resolve("from.safetensors"), 0),
                "--sizes",
                "4,8",
                "--repeats",
                1,
                "--out",
                folder.resolve("curve"));
        assertEquals(0, run.code(), run.err());
        assertEquals(2, Catalogue.read(folder.resolve("curve/left-out.csv")).size());
    }

    @Test
    void nothingIsTrainedWhereTooManyAreBad() {
        Hoag run = run("train", "--architecture", "test_resnet", "--bad-pictures", 0.05);
        assertEquals(1, run.code());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("2 of 24 galaxies have pictures that cannot be used"), run.err());
        assertTrue(run.err().contains("g3.png") && run.err().contains("--bad-pictures"), run.err());
        assertFalse(Files.exists(out));
        assertTrue(run("train", "--bad-pictures", 2).err().contains("--bad-pictures 2.0 is not allowed"));
    }

    /** Three epochs on the pictures that {@link #make} left whole; {@code events}: what happens to the files when a line is said that begins so. */
    private Fitted train(double share, boolean fresh, Map<String, Runnable> events) {
        Recipe recipe = Train.RECIPE
                .settings(Train.SETTINGS.epochs(3).batch(4).patience(0))
                .size(32)
                .fresh(fresh);
        said.setLength(0);
        return new Train(
                        Labelled.label(folder.resolve("c.csv"), images, "stage")
                                .roster(Roster.PLAIN.badPictures(share)),
                        out)
                .architecture("test_resnet")
                .recipe(recipe)
                .run(new Progress() {
                    @Override
                    public void say(String line) {
                        said.append(line).append('\n');
                        events.forEach((start, event) -> {
                            if (line.startsWith(start)) event.run();
                        });
                    }

                    @Override
                    public boolean stopping() {
                        return stop;
                    }
                });
    }

    private final StringBuilder said = new StringBuilder();
    private boolean stop;

    /** Pictures that are there at the start and gone, or broken, later, of a galaxy to learn from and one to validate on. */
    @Test
    void picturesThatGoWhileTheTrainingGoes() throws IOException {
        Path gone = images.resolve("g5.png");
        Path away = folder.resolve("g5.png");
        Path cut = images.resolve("g16.png");
        byte[] whole = Files.readAllBytes(cut);
        Map<String, Runnable> events = Map.of("epoch 1/", () -> {
            move(gone, away);
            write(cut, Arrays.copyOf(whole, 50));
        });
        assertTrue(train(0.3, false, events).finished());
        Catalogue list = Catalogue.read(folder.resolve("m.safetensors.left-out.csv"));
        assertEquals(List.of("g3", "g20", "g5", "g16"), list.ids());
        assertEquals(List.of("0", "0", "2", "2"), list.labels("epoch"));
        assertTrue(list.labels("reason").get(2).contains("g5.png"), list.labels("reason")::toString);
        assertTrue(said.toString().contains("another galaxy stands in for it"), said::toString);
        byte[] once = Files.readAllBytes(out);

        // stopped after they went, and gone on with: the same bits
        move(away, gone);
        write(cut, whole);
        Map<String, Runnable> stopped = Map.of("epoch 1/", events.get("epoch 1/"), "epoch 2/", () -> stop = true);
        assertFalse(train(0.3, true, stopped).finished());
        stop = false;
        assertTrue(train(0.3, false, Map.of()).finished());
        Assertions.assertArrayEquals(once, Files.readAllBytes(out));
    }

    /** More than may be left out: what was learnt is kept, and the same call goes on, to the same bits. */
    @Test
    void tooManyThatGoWhileTheTrainingGoes() throws IOException {
        Path gone = images.resolve("g5.png");
        Path away = folder.resolve("g5.png");
        Map<String, Runnable> events = Map.of("epoch 1/", () -> move(gone, away));
        var stopped = Assertions.assertThrows(DataException.class, () -> train(0.1, false, events));
        assertTrue(stopped.getMessage().contains("3 of 24 galaxies"), stopped.getMessage());
        assertTrue(stopped.getMessage().contains("g5.png"), stopped.getMessage());
        assertTrue(stopped.getMessage().contains("the same command goes on from here"), stopped.getMessage());
        move(away, gone);
        assertTrue(train(0.1, false, Map.of()).finished());
        byte[] resumed = Files.readAllBytes(out);
        assertTrue(train(0.1, true, Map.of()).finished());
        Assertions.assertArrayEquals(Files.readAllBytes(out), resumed);
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** One image of a survey lacks a band. */
    @Test
    void aBandMissingInOneImage() throws IOException, FitsException {
        Path sky = Files.createDirectories(folder.resolve("sky"));
        for (int i = 0; i < 12; i++) {
            try (var fits = new Fits()) {
                for (String band : i == 4 ? List.of("g", "z") : List.of("g", "r", "z")) {
                    float[][] plane = new float[40][40];
                    for (int p = 0; p < 1600; p++) plane[p / 40][p % 40] = band.charAt(0) + p % 7 * i + p / 40 % 9;
                    var unit = ImageData.from(plane).toHDU();
                    unit.getHeader().addValue("EXTNAME", band, null);
                    fits.addHDU(unit);
                }
                fits.write(sky.resolve("g" + i + ".fits").toFile());
            }
        }
        Hoag.catalogue(folder.resolve("c.csv"), 12);
        images = sky;
        Hoag run = run("train", "--architecture", "test_resnet", "--bands", "g,r,z");
        assertEquals(0, run.code(), run.err());
        Catalogue list = Catalogue.read(folder.resolve("m.safetensors.left-out.csv"));
        assertEquals(List.of("g4"), list.ids());
        assertTrue(
                list.labels("reason").getFirst().contains("no band r; it has bands g, z"),
                list.labels("reason")::getFirst);
        Path said = folder.resolve("said.csv");
        assertEquals(
                0,
                Hoag.run("predict", sky, "--model", out, "--out", said, "-q", "--status")
                        .code());
        assertEquals(12, Catalogue.read(said).size());
        Path report = folder.resolve("report");
        Hoag evaluated = Hoag.run(
                "evaluate",
                "--model",
                out,
                "--catalog",
                folder.resolve("c.csv"),
                "--images",
                sky,
                "--split",
                "all",
                "--out",
                report);
        assertEquals(0, evaluated.code(), evaluated.err());
        String page = Files.readString(report.resolve("report.html"));
        assertTrue(page.contains("src=\"data:image/jpeg;base64,"), "galleries show colours of the model's bands");
        assertFalse(page.contains("src=\"\""));
    }
}
