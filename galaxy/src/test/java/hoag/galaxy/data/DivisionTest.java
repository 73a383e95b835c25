package hoag.galaxy.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.tree.Question;
import hoag.galaxy.tree.Schema;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Divisions by seed, by class, by group and by file; tables joined; votes as fractions of totals. */
class DivisionTest {
    @TempDir
    Path folder;

    private Catalogue table(String name, List<String> lines) throws IOException {
        return Catalogue.read(Files.write(folder.resolve(name), lines));
    }

    /** 900 spirals, 95 rings, four irregulars and one merger; three pictures of each object; a number. */
    private List<String> galaxies() {
        var lines = new ArrayList<>(List.of("id,class,object,radius"));
        for (int i = 0; i < 1000; i++) {
            var kind = i < 900 ? "spiral" : i < 995 ? "ring" : i < 999 ? "irregular" : "merger";
            lines.add("g%d,%s,o%d,%s".formatted(i, kind, i / 3, i * 0.25));
        }
        return lines;
    }

    private static int[] sizes(Catalogue table) {
        var sizes = new int[3];
        for (var part : table.splits()) sizes[part.ordinal()]++;
        return sizes;
    }

    @Test
    void everyPartHasItsShareOfEveryClass() throws IOException {
        var table = table("c.csv", galaxies()).divided(Division.seed(7).stratify("class"));
        assertArrayEquals(
                new int[] {630, 90, 180},
                sizes(table.where(row -> row.text("class").equals("spiral"))));
        assertArrayEquals(
                new int[] {67, 9, 19},
                sizes(table.where(row -> row.text("class").equals("ring"))));
        assertEquals(
                Split.TRAIN,
                table.where(row -> row.text("class").equals("merger")).splits().getFirst());
        var tenths = table("c.csv", galaxies())
                .divided(Division.seed(7).shares(0.5, 0.5, 0).stratify("radius"));
        for (int bin = 0; bin < 10; bin++) {
            int low = bin * 100;
            var part = sizes(
                    tenths.where(row -> row.number("radius") >= low / 4.0 && row.number("radius") < (low + 100) / 4.0));
            assertArrayEquals(new int[] {50, 50, 0}, part);
        }
    }

    @Test
    void aDivisionFollowsFromSeedAndNamesAlone() throws IOException {
        var table = table("c.csv", galaxies());
        var seven = Division.seed(7);
        var parts = parts(table.divided(seven));
        assertArrayEquals(new int[] {700, 100, 200}, sizes(table.divided(seven)));
        assertNotEquals(parts, parts(table.divided(Division.seed(8))));
        var lines = galaxies();
        Collections.shuffle(lines.subList(1, lines.size()), new Random(1));
        assertEquals(parts, parts(table("other.csv", lines).divided(seven)));
        assertEquals(
                seven.stratify("class").group("object"),
                Division.fromMap(seven.stratify("class").group("object").toMap()));
        assertEquals(Division.GIVEN, Division.fromMap(Division.GIVEN.toMap()));
        assertThrows(ConfigException.class, () -> seven.shares(0.5, 0.4, 0.2));
        assertThrows(ConfigException.class, () -> seven.shares(0, 0.5, 0.5));
    }

    private static HashMap<String, Split> parts(Catalogue table) {
        var parts = new HashMap<String, Split>();
        for (int i = 0; i < table.size(); i++)
            parts.put(table.ids().get(i), table.splits().get(i));
        return parts;
    }

    @Test
    void anObjectIsNeverOnBothSides() throws IOException {
        var table = table("c.csv", galaxies());
        for (var division : List.of(
                Division.seed(3).group("object"),
                Division.seed(3).stratify("class").group("object"),
                Division.GIVEN.group("object"))) {
            var divided = table.divided(division);
            var sides = new HashMap<String, Split>();
            for (int i = 0; i < divided.size(); i++) {
                var part = divided.splits().get(i);
                assertEquals(part, sides.computeIfAbsent(divided.rows().get(i).text("object"), _ -> part));
            }
            assertEquals(700, sizes(divided)[0], 40);
        }
        var given = table("s.csv", List.of("id,object,split", "a,o1,train", "b,o2,test", "c,o1,test"));
        fails(
                () -> given.divided(Division.GIVEN.group("object")),
                "s.csv line 4 (id c)",
                "object \"o1\" is in test",
                "in train on",
                "line 2 (id a)");
        fails(() -> given.divided(Division.seed(1).stratify("objects")), "did you mean \"object\"?");
    }

    @Test
    void tablesOfTheirOwn() throws IOException {
        var train = table("train.csv", List.of("id,T,bar", "a,1,0", "b,2,1"));
        var valid = table("valid.csv", List.of("T,id", "3,c"));
        var all = Catalogue.parts(train, valid, table("test.csv", List.of("id,T", "d,4")));
        assertEquals(List.of("id", "T"), all.columns());
        assertEquals(List.of(Split.TRAIN, Split.TRAIN, Split.VALID, Split.TEST), all.splits());
        assertArrayEquals(new double[] {3}, all.part(Split.VALID).numbers("T"));
        var twice = table("again.csv", List.of("id,T", "b,4"));
        fails(() -> Catalogue.parts(train, valid, twice), "again.csv line 2 (id b)", "is in ", "train.csv too");
    }

    @Test
    void joinedByTheirIds() throws IOException {
        var table = table("c.csv", List.of("id,file,T", "a,a.jpg,1", "b,b.jpg,2", "c,c.jpg,3"));
        var votes = table("v.csv", List.of("name,T,bar_yes", "c,9,30", "a,9,10", "x,9,1"));
        var both = table.join(votes);
        assertEquals(List.of("id", "file", "T", "bar_yes"), both.columns());
        assertEquals(List.of("a", "c"), both.ids());
        assertArrayEquals(new double[] {10, 30}, both.numbers("bar_yes"));
        assertArrayEquals(new double[] {1, 3}, both.numbers("T"));
        var others = table("o.csv", List.of("id,bar", "J1,2"));
        fails(() -> table.join(others), "none of its 3 ids is in", "here \"a\", there \"J1\"");
    }

    @Test
    void fractionsOfTotals() throws IOException {
        var tree = new Schema("t", "", List.of(new Question("bar", List.of("yes", "no"), List.of())));
        var each =
                table("e.csv", List.of("id,bar_yes_fraction,bar_no_fraction,bar_total-votes", "a,0.25,0.75,8", "b,,,"));
        assertArrayEquals(
                new double[][] {{2, 6}, {0, 0}},
                VoteTargets.of(each, tree, OptionalDouble.empty()).votes());
        var one = table("o.csv", List.of("id,bar_yes_fraction,bar_no_fraction,total_votes", "a,0.25,0.75,40"));
        assertArrayEquals(
                new double[][] {{10, 30}},
                VoteTargets.of(one, tree, OptionalDouble.empty()).votes());
        assertArrayEquals(
                new double[][] {{1, 3}},
                VoteTargets.of(one, tree, OptionalDouble.of(4)).votes());
        var none = table("n.csv", List.of("id,bar_yes_fraction,bar_no_fraction", "a,0.25,0.75"));
        assertTrue(assertThrows(ConfigException.class, () -> VoteTargets.of(none, tree, OptionalDouble.empty()))
                .getMessage()
                .contains("--votes 40, or give it a column total-votes"));
    }

    private static void fails(Runnable reading, String... wanted) {
        var message = assertThrows(DataException.class, reading::run).getMessage();
        for (var part : wanted) assertTrue(message.contains(part), message);
    }
}
