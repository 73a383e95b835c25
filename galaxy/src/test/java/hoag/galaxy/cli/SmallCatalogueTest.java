package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Row;
import hoag.galaxy.learn.GalaxyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Catalogues of a galaxy or a few: a model that answers, or one line that says why there can be none. */
class SmallCatalogueTest {
    private static final Object[][] WAYS = {
        {"train", "--architecture", "test_resnet", "--epochs", 2},
        {"finetune", "--mode", "head"},
        {"finetune", "--mode", "probe"},
        {"finetune", "--mode", "full", "--epochs", 1},
        {"finetune", "--mode", "blocks=1", "--epochs", 1, "--balanced", "--accumulate", 3}
    };

    @TempDir
    Path folder;

    Path images;
    Path out;
    Path from;

    @BeforeEach
    void make() throws IOException {
        images = Hoag.pictures(folder.resolve("images"), 12);
        out = folder.resolve("m.safetensors");
        from = Hoag.model(folder.resolve("from.safetensors"), 0.2);
    }

    private Hoag run(Object[] way, Object... more) {
        List<Object> all = new ArrayList<>(List.of(way));
        all.addAll(List.of("--catalog", folder.resolve("c.csv"), "--images", images, "--out", out));
        all.addAll(List.of("--size", 32, "--batch", 4, "--fresh"));
        all.addAll(way[0].equals("finetune") ? List.of("--from", from) : List.of());
        all.addAll(List.of(more));
        return Hoag.run(all.toArray());
    }

    private void table(String header, int count, java.util.function.IntFunction<String> row) throws IOException {
        StringBuilder text = new StringBuilder("id," + header + "\n");
        for (int i = 0; i < count; i++)
            text.append('g').append(i).append(',').append(row.apply(i)).append('\n');
        Files.writeString(folder.resolve("c.csv"), text);
    }

    /** No galaxy validates: their ids put all of these into train and test. */
    @Test
    void oneTwoFiveTwelveGalaxies() throws IOException {
        for (int count : new int[] {1, 2, 5, 12}) {
            table("ring", count, i -> i % 2 == 0 ? "no" : "yes");
            for (Object[] way : WAYS) {
                String what = count + " galaxies, " + List.of(way);
                Hoag run = run(way, "--label", "ring:flag");
                assertEquals(0, run.code(), what + ": " + run.err());
                assertTrue(run.out().contains("no galaxy to validate on"), what + ": " + run.out());
                Path said = folder.resolve("said.csv");
                Hoag answers = Hoag.run("predict", images, "--model", out, "--out", said, "-q");
                assertEquals(0, answers.code(), what + ": " + answers.err());
                for (Row row : Catalogue.read(said).rows())
                    assertTrue(row.number("ring_probability") >= 0 && row.number("ring_probability") <= 1, what);
                assertEquals(0, Hoag.run("info", out).code());
            }
        }
    }

    @Test
    void nothingToTellApart() throws IOException {
        table("kind", 12, _ -> "spiral");
        for (Object[] way : WAYS) {
            Hoag run = run(way, "--label", "kind");
            assertEquals(1, run.code());
            assertTrue(run.err().contains("label 'kind' has 1 class; a classifier wants two or more"), run.err());
        }
        table("T", 12, _ -> "3");
        Hoag run = run(WAYS[0], "--label", "T:number");
        assertTrue(run.err().contains("label 'T' has the same value everywhere"), run.err());
    }

    /** The only ring learns, if it is in train; where it is not, the cure is named, and works. */
    @Test
    void aClassOfOne() throws IOException {
        table("kind", 12, i -> i == 1 ? "ring" : "plain");
        for (Object[] way : WAYS) {
            Hoag refused = run(way, "--label", "kind", "--split-seed", 1);
            assertEquals(1, refused.code());
            assertTrue(refused.err().contains("class \"ring\" of column kind has no galaxy in train"), refused.err());
            Hoag run = run(way, "--label", "kind", "--split-seed", 1, "--stratify", "kind");
            assertEquals(0, run.code(), run.err());
        }
        Hoag folds = run(WAYS[1], "--label", "kind", "--folds", 3);
        assertEquals(0, folds.code(), folds.err());
        assertEquals(10, Catalogue.read(folder.resolve("m.folds.csv")).size());
    }

    /** A validation part without labels must not stop a training at its first epoch, nor choose a penalty. */
    @Test
    void noLabelToValidateBy() throws IOException {
        table("split,ring", 12, i -> i < 8 ? "train," + i % 2 : i < 10 ? "valid," : "train,");
        for (Object[] way : WAYS) {
            Hoag run = run(way, "--label", "ring:flag");
            assertEquals(0, run.code(), run.err());
            assertTrue(run.out().contains("no galaxy to validate on"), run.out());
        }
        assertEquals(8L, ((Number) GalaxyModel.load(out).about().get("train_galaxies")).longValue());
    }

    @Test
    void moreFoldsThanGalaxies() throws IOException {
        table("ring,object", 12, i -> i % 2 + ",object" + i / 4);
        for (Object[] way : new Object[][] {WAYS[0], WAYS[1]}) {
            Hoag run = run(way, "--label", "ring:flag", "--folds", 20);
            assertEquals(1, run.code());
            assertTrue(run.err().contains("--folds 20 is more than the 10 galaxies to train"), run.err());
            run = run(way, "--label", "ring:flag", "--group", "object", "--folds", 5);
            assertEquals(1, run.code());
            assertTrue(run.err().contains("--folds 5 is more than the "), run.err());
            assertTrue(run.err().contains("different values of 'object'"), run.err());
        }
    }

    /** What the group names is in one fold, and every fold has somebody. */
    @Test
    void foldsNeverDivideAnObject() throws IOException {
        table("split,ring,object", 12, i -> "train," + i / 3 % 2 + ",object" + i * 5 % 12 / 3);
        Hoag run = run(WAYS[1], "--label", "ring:flag", "--group", "object", "--folds", 4);
        assertEquals(0, run.code(), run.err());
        var objects = new HashMap<String, String>();
        Catalogue.read(folder.resolve("c.csv")).rows().forEach(row -> objects.put(row.id(), row.text("object")));
        var folds = new HashMap<String, String>();
        for (Row row : Catalogue.read(folder.resolve("m.folds.csv")).rows()) {
            String before = folds.putIfAbsent(objects.get(row.id()), row.text("fold"));
            assertTrue(before == null || before.equals(row.text("fold")), row.id());
        }
        assertEquals(4, folds.values().stream().distinct().count());
    }

    @Test
    void tablesOfTheirOwnNeverDivideAnObject() throws IOException {
        table("ring,object", 6, i -> i % 2 + ",object" + i);
        Path valid = Files.writeString(folder.resolve("v.csv"), "id,ring,object\ng8,1,object7\ng9,0,object3\n");
        Hoag run = run(WAYS[1], "--label", "ring:flag", "--group", "object", "--valid-catalog", valid);
        assertEquals(1, run.code());
        assertTrue(run.err().contains("object \"object3\" is in valid by its split, but in train"), run.err());
        assertFalse(Files.exists(out));
    }
}
