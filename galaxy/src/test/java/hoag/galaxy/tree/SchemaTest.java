package hoag.galaxy.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.ConfigException;
import hoag.kernels.FormatException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

    @Test
    void mapAndBack() {
        var schema = schema(ROOT, BAR, MERGING);
        assertEquals(schema, Schema.fromMap(schema.toMap()));
    }

    @Test
    void severalParentsAddUp() {
        var asked = new Routes(schema(ROOT, BAR, MERGING)).proportionAsked(new double[] {0.5, 0.3, 0.2, 0.6, 0.4, 0.1, 0.9});
        assertArrayEquals(new double[] {1, 0.3, 0.8}, asked, 1e-15);
    }

    @Test
    void aChildMayStandBeforeItsParent() {
        var asked = new Routes(schema(BAR, ROOT)).proportionAsked(new double[] {0.6, 0.4, 0.5, 0.3, 0.2});
        assertArrayEquals(new double[] {0.3, 1}, asked, 1e-15);
    }

    @Test
    void theDecisionPathFollowsTheMostLikelyAnswers() {
        var path = new Routes(schema(ROOT, BAR, MERGING)).decisionPath(new double[] {0.5, 0.3, 0.2, 0.6, 0.4, 0.1, 0.9});
        assertEquals(List.of(new Routes.Step("shape", "smooth", 0.5, 1), new Routes.Step("merging", "no", 0.9, 0.8)), path);
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
        fails(() -> schema(question("a", List.of("b_c", "d")), question("a_b", List.of("c", "d"))), "label \"a_b_c\" is given twice");
        fails(() -> schema(ROOT, question("bar", List.of("yes", "no"), "shape_dsk")), "did you mean \"shape_disk\"?; allowed: shape_smooth,");
        fails(() -> schema(ROOT, question("a", List.of("x", "y"), "b_x"), question("b", List.of("x", "y"), "a_y")), "circle", "a, b");
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
