package hoag.galaxy.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Gz2SummaryTest {
    private static final Schema TREE = Schema.named("gz2");
    private static final Gz2Summary RULE = Gz2Summary.of(TREE).orElseThrow();

    private static double[] votes(Object... pairs) {
        Map<String, Double> given = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) given.put((String) pairs[i], ((Number) pairs[i + 1]).doubleValue());
        var votes = TREE.labelColumns().stream()
                .mapToDouble(label -> given.getOrDefault(label.replace("-gz2", ""), 0.0))
                .toArray();
        assertEquals(
                given.values().stream().mapToDouble(v -> v).sum(),
                Arrays.stream(votes).sum());
        return votes;
    }

    private static void says(String wanted, Object... pairs) {
        int said = RULE.ofVotes(votes(pairs));
        assertEquals(wanted, said == Gz2Summary.UNASSIGNED ? "" : Gz2Summary.CLASSES.get(said));
    }

    private static final String SMOOTH = "smooth-or-featured_smooth", DISK = "smooth-or-featured_featured-or-disk";
    private static final String FACE_ON = "disk-edge-on_no", EDGE_ON = "disk-edge-on_yes";

    @Test
    void pathsOfMostVotes() {
        says("smooth_round", SMOOTH, 30, DISK, 10, "how-rounded_round", 20, "how-rounded_in-between", 10);
        says("smooth_inbetween", SMOOTH, 30, DISK, 10, "how-rounded_round", 9, "how-rounded_in-between", 10);
        says("smooth_cigar", SMOOTH, 30, DISK, 10, "how-rounded_cigar", 30);
        says("edge_on_disk", SMOOTH, 10, DISK, 30, EDGE_ON, 16, FACE_ON, 14);
        Object[] arms = {SMOOTH, 5, DISK, 35, FACE_ON, 33, "has-spiral-arms_yes", 20, "has-spiral-arms_no", 13};
        says("barred_spiral", join(arms, "bar_yes", 20, "bar_no", 13));
        says("unbarred_spiral", join(arms, "bar_yes", 13, "bar_no", 20));
        says("featured_without_bar_or_spiral", DISK, 40, FACE_ON, 40, "has-spiral-arms_no", 40, "bar_no", 40);
    }

    @Test
    void halfOfAllVolunteersMustLeadToAQuestion() {
        says(
                "",
                SMOOTH,
                20,
                DISK,
                15,
                "smooth-or-featured_artifact",
                5,
                "how-rounded_round",
                20); // 20 of 40 are not more than half
        says("smooth_round", SMOOTH, 21, DISK, 15, "smooth-or-featured_artifact", 4, "how-rounded_round", 20);
        says("", SMOOTH, 15, DISK, 25, FACE_ON, 20, EDGE_ON, 5, "has-spiral-arms_yes", 20, "bar_no", 20);
        says("unbarred_spiral", SMOOTH, 15, DISK, 25, FACE_ON, 21, EDGE_ON, 4, "has-spiral-arms_yes", 20, "bar_no", 20);
    }

    @Test
    void tiesAndArtifactsHaveNoClass() {
        says("", SMOOTH, 20, DISK, 20);
        says("", SMOOTH, 30, "how-rounded_round", 15, "how-rounded_in-between", 15);
        says("", DISK, 40, FACE_ON, 20, EDGE_ON, 20);
        says("", DISK, 40, FACE_ON, 40, "has-spiral-arms_yes", 20, "has-spiral-arms_no", 20, "bar_no", 40);
        says("", DISK, 40, FACE_ON, 40, "has-spiral-arms_yes", 40, "bar_yes", 20, "bar_no", 20);
        says("", "smooth-or-featured_artifact", 40);
        says("", DISK, 40, FACE_ON, 40, "has-spiral-arms_no", 40, "bar_yes", 40); // no class is called so
    }

    @Test
    void aModelAlwaysNamesOneOfTheSeven() {
        double[] fractions = votes(
                SMOOTH,
                0.4,
                DISK,
                0.45,
                "smooth-or-featured_artifact",
                0.15,
                FACE_ON,
                0.6,
                EDGE_ON,
                0.4,
                "has-spiral-arms_no",
                1,
                "bar_yes",
                1);
        assertEquals("featured_without_bar_or_spiral", Gz2Summary.CLASSES.get(RULE.ofFractions(fractions)));
        assertEquals(
                "smooth_inbetween",
                Gz2Summary.CLASSES.get(RULE.ofFractions(votes(SMOOTH, 1, "how-rounded_in-between", 1))));
    }

    @Test
    void otherTreesHaveNone() {
        assertTrue(Gz2Summary.of(Schema.named("gz-decals-dr5")).isEmpty());
    }

    private static Object[] join(Object[] first, Object... more) {
        var all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
