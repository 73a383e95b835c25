package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Anomalies;
import hoag.galaxy.survey.Entry;
import hoag.galaxy.survey.SurveyInfo;
import hoag.galaxy.survey.SurveyWriter;
import hoag.kernels.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rating in the terminal: answers are kept as they are given, taken back, and shared with others. */
class RaterTest {
    @TempDir
    Path folder;

    private Path survey;
    private Path ratings;

    @BeforeEach
    void make() {
        survey = folder.resolve("s.hoag");
        ratings = folder.resolve("r.csv");
        Random random = new Random(4);
        try (var writer = new SurveyWriter(survey, new SurveyInfo(3, "sha256:one", "m", 1), 100)) {
            for (int i = 0; i < 40; i++) {
                writer.append(new Entry("g" + i, (float) random.nextGaussian(), (float) random.nextGaussian(), (float)
                        random.nextGaussian()));
            }
        }
    }

    private String rate(String user, String answers) {
        StringWriter said = new StringWriter();
        try (Anomalies.Session session = new Anomalies(survey, ratings, null).session()) {
            var in = new BufferedReader(new StringReader(answers));
            new Rater(session, new RatingLog(ratings, user), in, new PrintWriter(said)).run();
        }
        return said.toString();
    }

    private int rated() {
        return new Anomalies(survey, ratings, null).run().rated();
    }

    @Test
    void keepsTakesBackAndGoesOn() {
        String said = rate("ann", "5\n0\n9\nu\n3\ns\nq\n");
        assertTrue(said.contains("taken back: "), said);
        assertEquals(2, rated());
        assertTrue(rate("ann", "l\n1\n").startsWith("0 (dull)"));
        assertEquals(3, rated());
    }

    /** A catalogue of fifty columns leaves the question on one line. */
    @Test
    void aWideCatalogueIsCutShort() {
        survey = folder.resolve("wide.hoag");
        var columns = new java.util.HashMap<String, String>();
        for (int c = 0; c < 50; c++) {
            columns.put("Attribute_" + c, "0.25");
        }
        try (var writer = new SurveyWriter(survey, new SurveyInfo(2, "sha256:one", "m", 1), 100)) {
            for (int i = 0; i < 5; i++) {
                writer.append(new Entry("g" + i, Double.NaN, Double.NaN, columns, new float[] {i, i * i}, new byte[0]));
            }
        }
        String said = rate("ann", "q\n");
        assertTrue(said.contains("Attribute_") && said.contains(" ... > "), said);
        assertTrue(said.lines().allMatch(line -> line.length() < 120), said);
    }

    @Test
    void usersAreAveragedAndATornLineIsTakenAway() throws IOException {
        new RatingLog(ratings, "ann").add("g1", "5");
        new RatingLog(ratings, "bob, jr").add("g1", "2");
        new RatingLog(ratings, "ann").add("g1", "4");
        new RatingLog(ratings, "ann").add("g2", "0");
        Files.writeString(ratings, Files.readString(ratings) + "g3,5,an");
        new RatingLog(ratings, "ann").add("g4", "1");
        var result = new Anomalies(survey, ratings, null).run();
        assertEquals(3, result.rated());
        assertEquals(
                List.of(3.0),
                result.ranked().stream()
                        .filter(each -> each.id().equals("g1"))
                        .map(Anomalies.Ranked::rating)
                        .toList());
        Path other = Files.writeString(folder.resolve("o.csv"), "id,rating\ng1,5\n");
        org.junit.jupiter.api.Assertions.assertThrows(
                DataException.class, () -> new RatingLog(other, "ann").add("g1", "5"));
    }
}
