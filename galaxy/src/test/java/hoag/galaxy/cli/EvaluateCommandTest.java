package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.galaxy.data.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
    private static final List<String> STAGES = List.of("E", "S0", "Sa");

    @TempDir
    static Path shared;

    static Path model;
    static Path images;

    @TempDir
    Path folder;

    Path catalogue;

    @BeforeAll
    static void make() throws IOException {
        model = Hoag.model(shared.resolve("model.safetensors"), 0);
        images = Hoag.pictures(shared.resolve("images"), 12);
    }

    @BeforeEach
    void label() throws IOException {
        StringBuilder csv = new StringBuilder(
                "id,split,shape_smooth,shape_featured,shape_artifact,bar_yes,bar_no,stage,radius,ring\n");
        for (int i = 0; i < 12; i++) {
            String stage = i == 5 ? "" : STAGES.get(i % 3);
            csv.append("g%d,%s,%d,%d,2,%d,%d,%s,%s,%s\n"
                    .formatted(
                            i,
                            i < 10 ? "test" : "train",
                            30 - 2 * i,
                            8 + 2 * i,
                            i,
                            8 + i,
                            stage,
                            i * 0.5,
                            i % 2 == 0 ? "yes" : "no"));
        }
        catalogue = Files.writeString(folder.resolve("c.csv"), csv);
    }

    private Hoag evaluate(Object... more) {
        Object[] all = {
            "evaluate",
            "--model",
            model,
            "--catalog",
            catalogue,
            "--images",
            images,
            "--out",
            folder.resolve("scores"),
            "--batch",
            4
        };
        Object[] joined = java.util.Arrays.copyOf(all, all.length + more.length);
        System.arraycopy(more, 0, joined, all.length, more.length);
        return Hoag.run(joined);
    }

    @Test
    void scoresAreThoseOfThePredictions() {
        Hoag run = evaluate();
        assertEquals(0, run.code(), run.err());
        var metrics = Json.read(folder.resolve("scores/metrics.json"));
        assertEquals(10, metrics.get("galaxies").integer());

        Hoag.run(
                "predict",
                "--catalog",
                catalogue,
                "--images",
                images,
                "--model",
                model,
                "--out",
                folder.resolve("p.csv"),
                "-q");
        Catalogue said = Catalogue.read(folder.resolve("p.csv"));
        Catalogue truth = Catalogue.read(catalogue);
        int right = 0;
        double error = 0;
        for (int i = 0; i < 10; i++) {
            var row = truth.rows().get(i);
            right += row.text("stage").equals(said.rows().get(i).text("stage_predicted")) ? 1 : 0;
            error += Math.abs(row.number("radius") - said.rows().get(i).number("radius")) / 10;
        }
        var tasks = metrics.get("tasks");
        assertEquals(9, tasks.get("stage").get("galaxies").integer());
        assertEquals(right / 9.0, tasks.get("stage").get("accuracy").number(), 1e-9);
        assertEquals(error, tasks.get("radius").get("mae").number(), 1e-3);
        assertEquals(5, tasks.get("ring").get("positives").integer());
        double coverage = tasks.get("small")
                .get("questions")
                .get("shape")
                .get("coverage_90")
                .number();
        assertTrue(coverage >= 0 && coverage <= 1);
        assertTrue(
                run.out().contains("stage: 9 galaxies") && run.out().contains("ring: 10 galaxies, 5 of them yes"),
                run.out());
    }

    @Test
    void thePageStandsAlone() throws IOException {
        evaluate("-q");
        String page = Files.readString(folder.resolve("scores/report.html"));
        assertFalse(
                page.contains("src=\"http")
                        || page.contains("href=\"http")
                        || page.contains("<link")
                        || page.contains("<script")
                        || page.contains("url(http"),
                "asks for something outside");
        assertTrue(page.contains("data:image/jpeg;base64,"), "pictures");
        for (String part : List.of(
                "<h2>Best answers</h2>",
                "<h2>Worst mistakes</h2>",
                "<h2>Most uncertain</h2>",
                ">ROC<",
                ">Precision and recall<",
                ">Coverage<",
                ">Reliability<",
                ">Fractions<",
                ">confident<")) {
            assertTrue(page.contains(part), "no " + part);
        }
        assertEquals(
                List.of("metrics.json", "report.html"),
                Hoag.files(folder.resolve("scores")).stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
    }

    /** Galaxy Zoo DECaLS's table: asked by half of the volunteers; confident where more than 80% of those gave one answer. */
    @Test
    void theTableOfAllAndOfTheConfident() throws IOException {
        StringBuilder csv = new StringBuilder("id,split,shape_smooth,shape_featured,shape_artifact,bar_yes,bar_no\n");
        for (int i = 0; i < 12; i++) {
            // galaxies 0-5: 33 of 40 say smooth; 6-8: 31 of 40 (not above 80%) say featured; 9-11 have 10 votes only
            int votes = i < 9 ? 40 : 10;
            int smooth = i < 6 ? 33 : i < 9 ? 8 : 9;
            csv.append("g%d,test,%d,%d,%d,%d,%d\n"
                    .formatted(
                            i, smooth, i < 6 ? 6 : votes - smooth, i < 6 ? 1 : 0, i % 2, i < 6 ? 5 : votes - smooth));
        }
        Files.writeString(catalogue, csv);
        evaluate("-q", "--least-votes", 34);
        var questions = Json.read(folder.resolve("scores/metrics.json"))
                .get("tasks")
                .get("small")
                .get("questions");
        assertEquals(9, questions.get("shape").get("all").get("galaxies").integer());
        assertEquals(6, questions.get("shape").get("confident").get("galaxies").integer());
        assertEquals(3, questions.get("bar").get("all").get("galaxies").integer());
        evaluate("-q");
        questions = Json.read(folder.resolve("scores/metrics.json"))
                .get("tasks")
                .get("small")
                .get("questions");
        assertEquals(12, questions.get("shape").get("all").get("galaxies").integer());
        assertEquals(9, questions.get("shape").get("confident").get("galaxies").integer());
    }

    @Test
    void aPartIsChosen() {
        assertTrue(evaluate("--split", "all", "--json").out().contains("\"galaxies\":12"));
        assertTrue(evaluate("--split", "train", "--json").out().contains("\"galaxies\":2"));
        Hoag none = evaluate("--split", "valid");
        assertEquals(1, none.code());
        assertTrue(none.err().contains("valid") && none.err().contains("--split all"), none.err());
    }

    @Test
    void aTaskThatCannotBeScoredDoesNotSpoilTheOthers() throws IOException {
        Files.writeString(catalogue, Files.readString(catalogue).replace(",no\n", ",yes\n"));
        Hoag run = evaluate();
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("ring is not evaluated: 10 positives and 0 negatives"), run.err());
        assertTrue(run.out().contains("stage: 9 galaxies"), run.out());
    }

    @Test
    void aTaskWithoutLabelsIsNamed() throws IOException {
        Files.writeString(catalogue, "id,split,Stage\ng0,test,E\ng1,test,S0\n");
        Hoag none = evaluate();
        assertEquals(1, none.code());
        Files.writeString(catalogue, "id,split,stage,radios\ng0,test,E,1\ng1,test,S0,2\n");
        Hoag one = evaluate();
        assertEquals(0, one.code());
        assertTrue(one.err().contains("did you mean \"radios\"?"), one.err());
    }
}
