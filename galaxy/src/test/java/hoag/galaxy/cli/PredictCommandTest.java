package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Npy;
import hoag.galaxy.data.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {
    @TempDir
    Path folder;

    @TempDir
    static Path shared;

    static Path model;
    Path images;

    @BeforeAll
    static void makeModel() {
        model = Hoag.model(shared.resolve("model.safetensors"), 0.3);
    }

    @BeforeEach
    void makeImages() throws IOException {
        images = Hoag.pictures(folder.resolve("images"), 11);
    }

    private Hoag predict(String name, Object... more) {
        Object[] all = new Object[more.length + 9];
        System.arraycopy(
                new Object[] {
                    "predict", images, "--model", model, "--out", folder.resolve(name), "--batch", 4, "--quiet"
                },
                0,
                all,
                0,
                9);
        System.arraycopy(more, 0, all, 9, more.length);
        return Hoag.run(all);
    }

    @Test
    void everyImageGetsARowWithTheColumnsOfEveryTask() {
        Hoag run = predict("votes.csv");
        assertEquals("", run.err());
        assertEquals(0, run.code());
        Catalogue table = Catalogue.read(folder.resolve("votes.csv"));
        assertEquals(List.of("g0", "g1", "g10", "g2"), table.ids().subList(0, 4));
        assertEquals(11, table.size());
        assertEquals(
                List.of("id", "shape_smooth_fraction", "shape_smooth_lower", "shape_smooth_upper"),
                table.columns().subList(0, 4));
        assertTrue(table.columns()
                .containsAll(List.of(
                        "bar_proportion-asked",
                        "stage_predicted",
                        "stage_S0_probability",
                        "radius",
                        "ring_probability")));
        for (var row : table.rows()) {
            double sum = row.number("shape_smooth_fraction")
                    + row.number("shape_featured_fraction")
                    + row.number("shape_artifact_fraction");
            assertEquals(1, sum, 1e-5);
            assertTrue(row.number("bar_yes_lower") < row.number("bar_yes_fraction")
                    && row.number("bar_yes_fraction") < row.number("bar_yes_upper"));
            assertEquals(row.number("shape_featured_fraction"), row.number("bar_proportion-asked"), 1e-5);
        }
    }

    @Test
    void anAnswerDependsOnThePictureAndNotOnItsCompany() throws IOException {
        predict("all.csv", "--tta", 3);
        Path alone = Files.createDirectories(folder.resolve("alone"));
        Files.copy(images.resolve("g7.png"), alone.resolve("g7.png"));
        Hoag.run("predict", alone, "--model", model, "--out", folder.resolve("one.csv"), "--tta", 3, "--quiet");
        double many = Catalogue.read(folder.resolve("all.csv"))
                .where(row -> row.id().equals("g7"))
                .numbers("radius")[0];
        assertEquals(many, Catalogue.read(folder.resolve("one.csv")).numbers("radius")[0], 1e-4 * Math.abs(many));
    }

    @Test
    void samplesAndViewsChangeTheAnswerAndTheSameSeedRepeatsIt() throws IOException {
        predict("plain.csv");
        predict("a.csv", "--samples", 5, "--tta", 2, "--seed", 1);
        predict("b.csv", "--samples", 5, "--tta", 2, "--seed", 1, "--threads", 1);
        predict("c.csv", "--samples", 5, "--tta", 2, "--seed", 2);
        assertEquals(text("a.csv"), text("b.csv"));
        assertNotEquals(text("a.csv"), text("c.csv"));
        assertNotEquals(text("a.csv"), text("plain.csv"));
    }

    private String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void aKilledRunGoesOnToTheSameTable() throws IOException {
        predict("whole.csv", "--samples", 3);
        String whole = text("whole.csv");
        assertFalse(
                Files.exists(folder.resolve("whole.csv.part")) || Files.exists(folder.resolve("whole.csv.part.json")));

        // what a kill leaves: six whole rows, a torn one, and the note whose run it was
        int cut = 0;
        for (int line = 0; line < 7; line++) {
            cut = whole.indexOf('\n', cut) + 1;
        }
        Files.writeString(folder.resolve("killed.csv.part"), whole.substring(0, cut + 9));
        Files.writeString(folder.resolve("killed.csv.part.json"), note("other.csv", "--samples", 3));
        Hoag resumed = predict("killed.csv", "--samples", 3, "--resume", "--json");
        assertEquals("", resumed.err());
        assertEquals(whole, text("killed.csv"));
        assertTrue(resumed.out().contains("\"rows\":11"), resumed.out());
    }

    /** The note of a run, taken from a run that ends in an error after its first block. */
    private String note(String name, Object... more) throws IOException {
        Path broken = images.resolve("g9.png");
        byte[] whole = Files.readAllBytes(broken);
        Files.write(broken, new byte[0]);
        Object[] strict = java.util.Arrays.copyOf(more, more.length + 1);
        strict[more.length] = "--strict";
        Hoag stopped = predict(name, strict);
        assertEquals(1, stopped.code());
        Files.write(broken, whole);
        return Files.readString(folder.resolve(name + ".part.json"));
    }

    @Test
    void aPartOfAnotherRunIsNotContinued() throws IOException {
        String note = note("other.csv");
        assertTrue(note.contains("\"samples\": 1"), note);
        Hoag other = predict("other.csv", "--resume", "--samples", 2);
        assertEquals(1, other.code());
        assertTrue(other.err().contains("other settings") && other.err().contains("--resume"), other.err());
        assertEquals(0, predict("other.csv", "--resume").code());
        assertEquals(11, Catalogue.read(folder.resolve("other.csv")).size());
    }

    @Test
    void imagesThatCannotBeUsedAreListedAndTheOthersAreDone() throws IOException {
        Files.write(images.resolve("g3.png"), new byte[0]);
        Hoag run = predict("votes.csv", "--json");
        assertEquals(0, run.code());
        assertTrue(run.err().contains("g3.png: empty file (0 bytes)"), run.err());
        assertTrue(run.out().contains("\"rows\":10"), run.out());
        Hoag strict = predict("strict.csv", "--strict");
        assertEquals(1, strict.code());
        assertFalse(Files.exists(folder.resolve("strict.csv")));
    }

    @Test
    void aCatalogueNamesTheGalaxies() throws IOException {
        Path csv =
                Files.writeString(folder.resolve("c.csv"), "id,file\nfirst,g4.png\n\"a,b\",g5.png\nlost,nowhere.png\n");
        Hoag run = Hoag.run(
                "predict",
                "--catalog",
                csv,
                "--images",
                images,
                "--model",
                model,
                "--out",
                folder.resolve("v.csv"),
                "--columns",
                "friendly",
                "-q");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("lost"), run.err());
        Catalogue table = Catalogue.read(folder.resolve("v.csv"));
        assertEquals(List.of("first", "a,b"), table.ids());
        assertFalse(table.columns().contains("shape_smooth_lower"));
    }

    @Test
    void representationsStandInTheOrderOfTheirIds() throws IOException {
        Path out = folder.resolve("features.npy");
        Hoag run = Hoag.run("represent", images, "--model", model, "--out", out, "--batch", 4, "-q");
        assertEquals(0, run.code(), run.err());
        var matrix = Npy.read(out);
        assertArrayEquals(new long[] {11, 512}, matrix.shape());
        assertEquals(
                List.of("id", "g0", "g1", "g10"),
                Files.readAllLines(folder.resolve("features.ids.csv")).subList(0, 4));

        Hoag.run("represent", images.resolve("g10.png"), "--model", model, "--out", folder.resolve("one.npy"), "-q");
        float[] row = java.util.Arrays.copyOfRange(matrix.floats(), 2 * 512, 3 * 512);
        assertArrayEquals(row, Npy.read(folder.resolve("one.npy")).floats(), 1e-4f);
    }
}
