package hoag.galaxy.data;

import static hoag.galaxy.data.CatalogueTest.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.tree.Question;
import hoag.galaxy.tree.Schema;
import hoag.kernels.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoteTargetsTest {
    private static final Schema TREE = new Schema(
            "test",
            "",
            List.of(
                    new Question("shape", List.of("smooth", "disk"), List.of()),
                    new Question("bar", List.of("yes", "no"), List.of("shape_disk"))));
    private static final String COLUMNS = "id,bar_no,bar_yes,shape_smooth,shape_disk";

    /** Two galaxies of the Kaggle challenge's training table. */
    private static final String KAGGLE = """
        GalaxyID,Class1.1,Class1.2,Class1.3,Class2.1,Class2.2,Class3.1,Class3.2,Class4.1,Class4.2,Class5.1,Class5.2,Class5.3,Class5.4,Class6.1,Class6.2,Class7.1,Class7.2,Class7.3,Class8.1,Class8.2,Class8.3,Class8.4,Class8.5,Class8.6,Class8.7,Class9.1,Class9.2,Class9.3,Class10.1,Class10.2,Class10.3,Class11.1,Class11.2,Class11.3,Class11.4,Class11.5,Class11.6
        817869,0.055304,0.944696,0.0,0.019200946,0.925495054,0.05194341,0.873551644,0.671217139,0.254277915,0.030379375,0.720347969,0.106070988,0.068696721,0.383184,0.616816,0.010850589,0.044453411,0.0,0.045215712,0.0,0.09004824,0.157871808,0.09004824,0.0,0.0,0.0,0.0,0.019200946,0.226219641,0.315898278,0.12909922,0.281173531,0.173308936,0.076143543,0.021123203,0.022168288,0.097299636
        """;

    @TempDir
    Path folder;

    private Catalogue catalogue(String... lines) {
        try {
            return Catalogue.read(Files.writeString(folder.resolve("cat.csv"), String.join("\n", lines)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void countsAreKept() {
        var targets = VoteTargets.ofCounts(catalogue(COLUMNS, "a,3,1.5,20,5"), TREE);
        assertArrayEquals(new double[] {20, 5, 1.5, 3}, targets.votes()[0]);
    }

    @Test
    void fractionsAreCarriedDownTheTree() {
        var targets = VoteTargets.ofFractions(catalogue(COLUMNS, "a,.75,.25,.2,.8", "b,,,1,0"), TREE, 40);
        assertArrayEquals(new double[] {8, 32, 8, 24}, targets.votes()[0], 1e-12);
        assertArrayEquals(new double[] {40, 0, 0, 0}, targets.votes()[1]);
        var suffixed = catalogue(COLUMNS.replaceAll("(_\\w+)", "$1_fraction"), "a,.75,.25,.2,.8");
        assertArrayEquals(
                targets.votes()[0], VoteTargets.ofFractions(suffixed, TREE, 40).votes()[0]);
        assertThrows(ConfigException.class, () -> VoteTargets.ofCounts(suffixed, TREE));
    }

    @Test
    void kaggleColumnsAreTheGalaxyZoo2Tree() {
        var gz2 = Schema.named("gz2");
        var catalogue = catalogue(KAGGLE.lines().toArray(String[]::new));
        var votes = VoteTargets.ofFractions(catalogue, gz2, 40).votes()[0];
        var labels = gz2.labelColumns();
        assertEquals(40 * 0.944696, votes[labels.indexOf("smooth-or-featured-gz2_featured-or-disk")]);
        assertEquals(40 * 0.05194341, votes[labels.indexOf("bar-gz2_yes")]);
        assertEquals(40 * 0.030379375, votes[labels.indexOf("bulge-size-gz2_no")]);
        assertEquals(40 * 0.068696721, votes[labels.indexOf("bulge-size-gz2_dominant")]);
        assertEquals(40 * 0.019200946, votes[labels.indexOf("bulge-shape-gz2_no-bulge")]);
        assertEquals(40 * 0.097299636, votes[labels.indexOf("spiral-arm-count-gz2_cant-tell")]);
        var e = assertThrows(ConfigException.class, () -> VoteTargets.ofCounts(catalogue, gz2));
        assertTrue(e.getMessage().contains("--votes 40"), e.getMessage());
    }

    @Test
    void whatAreNoVotesIsNamed() {
        fails(
                () -> VoteTargets.ofCounts(catalogue(COLUMNS, "a,3,-1,20,5"), TREE),
                "line 2 (id a): bar_yes is \"-1\"; want votes, 0 or more");
        fails(() -> VoteTargets.ofCounts(catalogue(COLUMNS, "a,3,,20,5"), TREE), "bar_yes is \"\"; want a number");
        fails(
                () -> VoteTargets.ofFractions(catalogue(COLUMNS, "a,.5,.5,20,5"), TREE, 40),
                "shape_smooth is \"20\"; want a fraction");
        fails(
                () -> VoteTargets.ofFractions(catalogue(COLUMNS, "a,.5,.5,.9,.9"), TREE, 40),
                "from shape_smooth to shape_disk add up to 1.8");
        fails(() -> VoteTargets.ofFractions(catalogue(COLUMNS, "a,.5,,.9,.1"), TREE, 40), "bar_yes is \"\"");
        fails(
                () -> VoteTargets.ofCounts(catalogue("id,bar_ys,bar_no,shape_smooth,shape_disk", "a,3,1,20,5"), TREE),
                "1 of the 4 vote columns of tree test are missing, first \"bar_yes\"; did you mean \"bar_ys\"?; found"
                        + " id, bar_ys");
        var e = assertThrows(
                ConfigException.class, () -> VoteTargets.ofCounts(catalogue(COLUMNS, "a,.5,.5,.9,.1"), TREE));
        assertTrue(e.getMessage().contains("fractions and not votes"), e.getMessage());
        assertThrows(
                ConfigException.class, () -> VoteTargets.ofFractions(catalogue(COLUMNS, "a,.5,.5,.9,.1"), TREE, 0));
    }
}
