package hoag.galaxy.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Bands;
import hoag.galaxy.learn.Task;
import hoag.galaxy.tree.Gz2Summary;
import hoag.galaxy.tree.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The 7 classes of Galaxy Zoo 2's summary with a confusion matrix that is published: 4,000 galaxies, rows the truth, classes by their numbers. */
class ConfusionTableTest {
    private static final int[][] PUBLISHED = {
        {1376, 99, 34, 0, 25, 2, 2},
        {84, 1069, 0, 0, 6, 2, 3},
        {28, 1, 314, 11, 6, 0, 0},
        {0, 0, 13, 69, 2, 1, 0},
        {23, 11, 7, 1, 473, 35, 4},
        {4, 2, 1, 0, 50, 132, 4},
        {21, 2, 5, 0, 31, 5, 42}
    };
    private static final List<String> RECALL = List.of("0.895", "0.918", "0.872", "0.812", "0.854", "0.684", "0.396");
    private static final List<String> F1 = List.of("0.895", "0.911", "0.856", "0.831", "0.825", "0.714", "0.522");

    private static ClassReport report;
    private static String page;

    /** A model has its classes as the alphabet has them; every galaxy is sure of what it is taken for. */
    @BeforeAll
    static void aModelThatMakesTheseMistakes() {
        List<String> names = Gz2Summary.CLASSES.stream().sorted().toList();
        List<String> ids = new ArrayList<>();
        List<double[]> labels = new ArrayList<>();
        List<double[][]> passes = new ArrayList<>();
        for (int k = 0; k < PUBLISHED.length; k++) {
            for (int j = 0; j < PUBLISHED.length; j++) {
                for (int n = 0; n < PUBLISHED[k][j]; n++) {
                    double[] said = new double[PUBLISHED.length];
                    said[names.indexOf(Gz2Summary.CLASSES.get(j))] = 1;
                    ids.add("g" + ids.size());
                    labels.add(new double[] {names.indexOf(Gz2Summary.CLASSES.get(k))});
                    passes.add(new double[][] {said});
                }
            }
        }
        List<Path> pictures = Collections.nCopies(ids.size(), Path.of("none.jpg"));
        report = new ClassReport(
                new Task.Classes("summary", names, 0),
                new Answered(ids, pictures, labels.toArray(double[][]::new), passes.toArray(double[][][]::new)));
        page = report.html(new Gallery(0, Bands.SINGLE));
    }

    /** The rows of a table, each as the texts of its cells. */
    private static List<List<String>> rows(String table) {
        return table.lines()
                .flatMap(line -> Pattern.compile("<tr>(.*?)</tr>").matcher(line).results())
                .map(row -> Pattern.compile("<t[hd][^>]*>(.*?)</t[hd]>")
                        .matcher(row.group(1))
                        .results()
                        .map(cell -> cell.group(1))
                        .toList())
                .toList();
    }

    private static List<List<String>> confusion() {
        String from = page.substring(page.indexOf("<table class=\"confusion\">"));
        return rows(from.substring(0, from.indexOf("</table>")));
    }

    @Test
    void classesStandByTheirPublishedNumbers() {
        List<String> names = Gz2Summary.CLASSES.stream().map(Html::plain).toList();
        assertEquals("smooth inbetween", names.getFirst());
        assertEquals(names, confusion().getFirst().subList(1, 8));
        assertEquals(
                names, confusion().subList(1, 8).stream().map(List::getFirst).toList());
        String scores = page.substring(page.indexOf("<table>"));
        assertEquals(
                Gz2Summary.CLASSES,
                rows(scores.substring(0, scores.indexOf("</table>"))).stream()
                        .skip(1)
                        .map(List::getFirst)
                        .toList());
    }

    @Test
    void cellsHoldCountsOfTheTrueClassByTheGuess() {
        for (int k = 0; k < PUBLISHED.length; k++) {
            List<String> row = confusion().get(k + 1);
            int all = 0;
            for (int j = 0; j < PUBLISHED.length; j++) {
                assertEquals(Html.count(PUBLISHED[k][j]), row.get(j + 1), k + " taken for " + j);
                all += PUBLISHED[k][j];
            }
            assertEquals(Html.count(all), row.get(8));
            assertEquals(RECALL.get(k), row.get(9));
        }
        assertEquals(List.of("4,000", "0.869"), confusion().get(8).subList(8, 10));
    }

    /** 1,376 of the 1,538 round-ish smooth ones are the darkest of their row; the shade does not depend on how common a class is. */
    @Test
    void theShadeIsTheShareOfTheRow() {
        assertTrue(page.contains("rgba(125,176,255,%.2f)\" title=\"89%%\">1,376".formatted(0.05 + 0.6 * 1376 / 1538)));
        assertTrue(page.contains("rgba(125,176,255,%.2f)\" title=\"40%%\">42".formatted(0.05 + 0.6 * 42 / 106)));
        assertTrue(page.contains("rgba(255,143,125,%.2f)\" title=\"29%%\">31".formatted(0.05 + 0.6 * 31 / 106)));
    }

    /** The same layout where a model of the tree's votes is judged by the classes that follow from them. */
    @Test
    void votesAreJudgedInTheSameLayout() {
        Schema tree = Schema.named("gz2");
        double[] round = votes(tree, "smooth-or-featured-gz2_smooth", "how-rounded-gz2_round");
        double[] cigar = votes(tree, "smooth-or-featured-gz2_smooth", "how-rounded-gz2_cigar");
        String html = SummaryScores.of(tree, new double[][] {round, round, cigar}, new double[][] {round, cigar, cigar})
                .orElseThrow()
                .html();
        List<List<String>> rows = rows(html.substring(html.indexOf("<table")));
        assertEquals(confusion().getFirst(), rows.getFirst());
        assertEquals(List.of("smooth round", "0", "1", "1", "0", "0", "0", "0", "2", "0.500"), rows.get(2));
        assertEquals(List.of("smooth cigar", "0", "0", "1", "0", "0", "0", "0", "1", "1.000"), rows.get(3));
    }

    private static double[] votes(Schema tree, String... answers) {
        return tree.labelColumns().stream()
                .mapToDouble(column -> List.of(answers).contains(column) ? 1 : 0)
                .toArray();
    }

    @Test
    void scoresThatFollow() {
        var metrics = report.metrics();
        assertEquals(0.8688, (double) metrics.get("accuracy"), 5e-5);
        assertEquals(0.776, (double) metrics.get("balanced_accuracy"), 5e-4);
        assertEquals(0.793, (double) metrics.get("macro_f1"), 5e-4);
        List<String> lines = report.lines();
        for (int k = 0; k < PUBLISHED.length; k++) {
            String name = Gz2Summary.CLASSES.get(k);
            String line = lines.stream()
                    .filter(each -> each.strip().startsWith(name + " "))
                    .findFirst()
                    .orElseThrow();
            assertTrue(line.contains(RECALL.get(k)) && line.endsWith(F1.get(k)), line);
        }
    }
}
