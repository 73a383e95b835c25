package hoag.galaxy.simulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.tree.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulated galaxy is what its row says. */
class SimulatedGalaxyTest {
    private static final Observation SEEN = Observation.DEFAULT;

    /** Whatever a kind is made of, the parts' light is the galaxy's; what is beyond the edge is missing. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ARTIFACT", "DUST_LANE"})
    void thePartsAddUpToTheFlux(GalaxyKind kind) {
        for (int number = 0; number < 6; number++) {
            Draw draw = Draw.of(7, number);
            Morphology truth = kind.draw(draw, 64);
            assertTrue(truth.disk() > -1e-9, kind + " has more parts than light: " + truth);
            Sky sky = new Sky(241);
            Painter.paint(sky, truth, draw);
            double red = Arrays.stream(sky.counts()[1]).sum();
            assertEquals(truth.flux(), red, 0.05 * truth.flux(), truth.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void seedAndNumberSayEverything(GalaxyKind kind) {
        var galaxy = SimulatedGalaxy.of(kind, SEEN, 42, 5);
        var again = SimulatedGalaxy.of(kind, SEEN, 42, 5);
        assertEquals(galaxy.truth(), again.truth());
        assertArrayEquals(galaxy.votes(), again.votes());
        assertArrayEquals(galaxy.picture().values(), again.picture().values());
        assertFalse(Arrays.equals(
                galaxy.picture().values(),
                SimulatedGalaxy.of(kind, SEEN, 42, 6).picture().values()));
        assertFalse(Arrays.equals(
                galaxy.picture().values(),
                SimulatedGalaxy.of(kind, SEEN, 43, 5).picture().values()));
    }

    /** Nobody is asked what does not follow from an answer given. */
    @ParameterizedTest
    @EnumSource
    void votesFollowTheTree(GalaxyKind kind) {
        Schema tree = Schema.named("gz2");
        List<String> columns = Volunteers.columns();
        assertEquals(tree.labelColumns(), columns);
        int[] votes = SimulatedGalaxy.of(kind, SEEN, 1, 1).votes();
        for (var question : tree.questions()) {
            int said = question.labels().stream()
                    .mapToInt(label -> votes[columns.indexOf(label)])
                    .sum();
            int asked = question.isRoot()
                    ? 40
                    : question.parents().stream()
                            .mapToInt(label -> votes[columns.indexOf(label)])
                            .sum();
            assertEquals(asked, said, question.name());
        }
    }

    private static double share(GalaxyKind kind, String yes) {
        int column = Volunteers.columns().indexOf(yes);
        String question = yes.substring(0, yes.lastIndexOf('_'));
        int[] votes = new int[Volunteers.columns().size()];
        for (int number = 0; number < 60; number++) {
            int[] one = SimulatedGalaxy.of(kind, SEEN, 3, number).votes();
            Arrays.setAll(votes, i -> votes[i] + one[i]);
        }
        int all = IntStream.range(0, votes.length)
                .filter(i -> Volunteers.columns().get(i).startsWith(question + "_"))
                .map(i -> votes[i])
                .sum();
        return votes[column] / (double) all;
    }

    @Test
    void peopleSeeWhatIsThere() {
        assertTrue(share(GalaxyKind.ELLIPTICAL, "smooth-or-featured-gz2_smooth") > 0.8);
        assertTrue(share(GalaxyKind.SPIRAL, "has-spiral-arms-gz2_yes") > 0.7);
        assertTrue(share(GalaxyKind.BARRED, "bar-gz2_yes") > 2 * share(GalaxyKind.SPIRAL, "bar-gz2_yes"));
        assertTrue(share(GalaxyKind.EDGE_ON, "disk-edge-on-gz2_yes") > 0.7);
        assertTrue(share(GalaxyKind.MERGER, "something-odd-gz2_yes") > 0.6);
        assertTrue(share(GalaxyKind.RING, "something-odd-gz2_yes") > 0.6);
        assertTrue(share(GalaxyKind.SPIRAL, "something-odd-gz2_yes") < 0.2);
        assertTrue(share(GalaxyKind.ARTIFACT, "smooth-or-featured-gz2_artifact") > 0.7);
    }

    /** In the counts, without the field: a companion is a second peak, a lane of dust a hollow. */
    @Test
    void theTruthIsInThePicture() {
        Draw draw = Draw.of(5, 5);
        var galaxy = GalaxyKind.LENS.draw(draw, 64);
        Sky sky = new Sky(65);
        Painter.paint(sky, galaxy, draw);
        double[] blue = sky.counts()[0];
        double[] red = sky.counts()[2];
        double inside = blue[32 * 65 + 32] / red[32 * 65 + 32];
        double most = IntStream.range(0, blue.length)
                .mapToDouble(i -> blue[i] / red[i])
                .max()
                .orElseThrow();
        assertTrue(most > 2 * inside, "arcs bluer than the lens: " + most + " " + inside);
    }
}
