package hoag.galaxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.data.Division;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From several tables to what is learnt: parts of their own, joined labels, missing images, groups. */
class RosterTest {
    @TempDir
    Path folder;

    @BeforeEach
    void images() throws IOException {
        for (int i = 0; i < 20; i++) {
            Files.write(folder.resolve("g" + i + ".png"), new byte[1]);
        }
    }

    private Path table(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines));
    }

    private Labelled.Lesson read(Path catalogue, Roster roster, String label) {
        return Labelled.label(catalogue, null, label).roster(roster).read();
    }

    @Test
    void tablesOfTheirOwnWithJoinedLabels() throws IOException {
        Path train = table("train.csv", "id", "g0", "g1", "g2", "g3");
        Path valid = table("valid.csv", "id", "g4", "g5");
        Path labels = table("labels.csv", "id,T", "g5,5", "g0,10", "g2,2", "g3,3", "g4,4", "g9,9");
        Roster roster = Roster.PLAIN.files(valid, null).join(labels);
        var lesson = read(train, roster, "T:number");
        assertEquals(List.of("g0", "g2", "g3"), lesson.train().ids());
        assertArrayEquals(new float[] {10, 2, 3}, lesson.train().labels());
        assertEquals(List.of("g4", "g5"), lesson.valid().ids());
        assertEquals("files", lesson.division());
        assertTrue(
                lesson.notes().getFirst().startsWith("1 of 4 galaxies of " + train),
                lesson.notes().toString());
        Path test = table("test.csv", "id", "g4");
        var error = assertThrows(DataException.class, () -> read(train, roster.files(valid, test), "T:number"));
        assertTrue(
                error.getMessage().contains("test.csv line 2 (id g4): this galaxy is in " + valid), error.getMessage());
    }

    @Test
    void dividedByClassAndGroup() throws IOException {
        var lines = new StringBuilder("id,kind,object\n");
        for (int i = 0; i < 20; i++) {
            lines.append("g" + i + "," + (i < 10 ? "a" : "b") + ",o" + i / 2 + "\n");
        }
        Path csv = table("c.csv", lines.toString());
        var division = Division.seed(1).shares(0.6, 0.4, 0).stratify("kind").group("object");
        var lesson = read(csv, Roster.PLAIN.division(division), "kind");
        assertEquals(12, lesson.train().size());
        assertEquals(8, lesson.valid().size());
        assertEquals(division, Division.fromMap(lesson.division()));
        var objects = lesson.train().ids().stream()
                .map(id -> Integer.parseInt(id.substring(1)) / 2)
                .toList();
        assertTrue(
                lesson.valid().ids().stream().noneMatch(id -> objects.contains(Integer.parseInt(id.substring(1)) / 2)));
    }

    @Test
    void missingImagesAreLeftOutIfAskedFor() throws IOException {
        Path csv = table("c.csv", "id,split,T", "g0,train,1", "g1,train,2", "gone,train,3", "g3,valid,4");
        var error = assertThrows(DataException.class, () -> read(csv, Roster.PLAIN, "T:number"));
        assertTrue(error.getMessage().contains("line 4 (id gone): no image \"gone\""), error.getMessage());
        var lesson = read(csv, Roster.PLAIN.skipMissing(true), "T:number");
        assertEquals(List.of("g0", "g1"), lesson.train().ids());
        assertEquals(List.of("1 of 4 galaxies have no image in " + folder + " and are left out"), lesson.notes());
    }
}
