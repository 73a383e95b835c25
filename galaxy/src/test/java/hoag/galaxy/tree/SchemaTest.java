package hoag.galaxy.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Golden;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {
    private static final Question ROOT = question("shape", List.of("smooth", "disk", "artifact"));
    private static final Question BAR = question("bar", List.of("yes", "no"), "shape_disk");
    private static final Question MERGING = question("merging", List.of("yes", "no"), "shape_smooth", "shape_disk");

    static Question question(String name, List<String> answers, String... parents) {
        return new Question(name, answers, List.of(parents));
    }

    static Schema schema(Question... questions) {
        return new Schema("test", "", List.of(questions));
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "gz2,gz2_ortho",
        "gz-decals-dr12,decals_dr12_ortho",
        "gz-decals-dr5,decals_dr5_ortho",
        "gz-decals-dr8,decals_dr8_ortho",
        "gz-hubble,hubble_ortho",
        "gz-hubble-v2,hubble_v2_ortho",
        "gz-candels,candels_ortho",
        "ukidss,ukidss_ortho",
        "cosmic-dawn,cosmic_dawn_ortho",
        "euclid,euclid_ortho",
        "jwst,jwst_ortho",
        "desi,desi",
        "rings,rings"
    })
    void builtInTrees(String name, String file) {
        var schema = Schema.named(name);
        var golden = Golden.map("schemas/" + file + ".json");
        assertEquals(name, schema.name());
        assertEquals(Schema.fromMap(golden).questions(), schema.questions());
        assertEquals(Golden.list(golden, "label_columns"), schema.labelColumns());
        var ranges = Golden.matrix(golden, "index_groups_end_exclusive");
        for (int q = 0; q < ranges.length; q++)
            assertArrayEquals(
                    ranges[q],
                    Arrays.stream(schema.indexGroups()[q]).asDoubleStream().toArray());
        assertTrue(Schema.names().contains(name));
    }

    @Test
    void namesMayBeShort() {
        assertEquals(Schema.named("gz-decals-dr5"), Schema.named("gz-decals"));
        assertEquals(Schema.named("gz-decals-dr5"), Schema.named("decals"));
        assertEquals(Schema.named("gz-candels"), Schema.named("candels"));
        assertEquals(Schema.named("euclid"), Schema.named("gz-euclid"));
        fails(() -> Schema.named("gz3"), "\"gz3\"; did you mean \"gz2\"?", "rings", ".json");
    }

    @Test
    void aTreeFromAFile() throws IOException {
        var file = Files.writeString(folder.resolve("t.json"), """
            {"name": "t \\u00e9", "questions": [
              {"question": "ring", "answers": ["_yes", "_no"], "parent": null},
              {"question": "kind", "answers": ["inner", "outer"], "parent": "ring_yes"}]}
            """);
        assertEquals(
                List.of("ring_yes", "ring_no", "kind_inner", "kind_outer"),
                Schema.of(file.toString()).labelColumns());
        assertEquals("t \u00e9", Schema.read(file).name());
        assertEquals(List.of("ring_yes"), Schema.read(file).question("kind").parents());
    }

    @Test
    void filesThatAreNoTree() throws IOException {
        refuses("", "line 1");
        refuses("[]", "want {\"name\", \"questions\"}");
        refuses("{\"name\": \"t\",\n \"questions\": [}", "line 2");
        refuses("{\"name\": \"t\", \"questions\": []}", "tree t has no question");
        var gone = assertThrows(DataException.class, () -> Schema.read(folder.resolve("none.json")));
        assertTrue(gone.getMessage().endsWith("none.json: no such file"), gone.getMessage());
    }

    private void refuses(String text, String part) throws IOException {
        var file = Files.writeString(folder.resolve("bad.json"), text);
        var message =
                assertThrows(FormatException.class, () -> Schema.read(file)).getMessage();
        assertTrue(message.contains("bad.json: ") && message.contains(part), message);
    }

    @Test
    void mapAndBack() {
        var schema = schema(ROOT, BAR, MERGING);
        assertEquals(schema, Schema.fromMap(schema.toMap()));
    }

    @Test
    void severalParentsAddUp() {
        var asked = new Routes(schema(ROOT, BAR, MERGING))
                .proportionAsked(new double[] {0.5, 0.3, 0.2, 0.6, 0.4, 0.1, 0.9});
        assertArrayEquals(new double[] {1, 0.3, 0.8}, asked, 1e-15);
    }

    @Test
    void aChildMayStandBeforeItsParent() {
        var asked = new Routes(schema(BAR, ROOT)).proportionAsked(new double[] {0.6, 0.4, 0.5, 0.3, 0.2});
        assertArrayEquals(new double[] {0.3, 1}, asked, 1e-15);
    }

    @Test
    void theDecisionPathFollowsTheMostLikelyAnswers() {
        var path =
                new Routes(schema(ROOT, BAR, MERGING)).decisionPath(new double[] {0.5, 0.3, 0.2, 0.6, 0.4, 0.1, 0.9});
        assertEquals(
                List.of(new Routes.Step("shape", "smooth", 0.5, 1), new Routes.Step("merging", "no", 0.9, 0.8)), path);
    }

    @Test
    void thePathIsToldInTheOrderOfTheColumns() {
        var even = new double[Schema.named("gz2").width()];
        Arrays.fill(even, 0.5);
        var path = new Routes(Schema.named("gz2")).decisionPath(even);
        var questions = path.stream().map(Routes.Step::question).toList();
        assertEquals(List.of("smooth-or-featured-gz2", "something-odd-gz2", "how-rounded-gz2"), questions);
    }

    @Test
    void mistakesAreNamed() {
        fails(() -> schema(ROOT, ROOT), "question \"shape\" is given twice");
        fails(() -> question("bar", List.of("yes", "yes")), "answer \"yes\" is given twice");
        fails(() -> question("bar", List.of("yes")), "at least two");
        fails(
                () -> schema(question("a", List.of("b_c", "d")), question("a_b", List.of("c", "d"))),
                "label \"a_b_c\" is given twice");
        fails(
                () -> schema(ROOT, question("bar", List.of("yes", "no"), "shape_dsk")),
                "did you mean \"shape_disk\"?; allowed: shape_smooth,");
        fails(
                () -> schema(ROOT, question("a", List.of("x", "y"), "b_x"), question("b", List.of("x", "y"), "a_y")),
                "circle",
                "a, b");
        fails(() -> schema(question("a", List.of("x", "y"), "a_x")), "circle");
        fails(() -> schema(ROOT, BAR).question("bars"), "did you mean \"bar\"?", "shape, bar");
    }

    @Test
    void mapsThatAreNoTree() {
        assertThrows(FormatException.class, () -> Schema.fromMap(Map.of("name", "x")));
        assertThrows(FormatException.class, () -> Schema.fromMap(Map.of("name", "x", "questions", List.of("why"))));
        assertThrows(FormatException.class, () -> Schema.fromMap(Map.of("name", 3, "questions", List.of())));
    }

    private static void fails(org.junit.jupiter.api.function.Executable made, String... parts) {
        var message = assertThrows(ConfigException.class, made).getMessage();
        for (var part : parts) assertTrue(message.contains(part), message);
    }
}
