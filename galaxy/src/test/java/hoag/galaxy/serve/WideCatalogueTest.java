package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.galaxy.survey.Entry;
import hoag.galaxy.survey.SurveyInfo;
import hoag.galaxy.survey.SurveyWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A catalogue of many columns leaves room on the page for galaxies; skipped where there is no Chromium. */
class WideCatalogueTest {
    @TempDir
    Path folder;

    @Test
    void sixtyColumnsPushNothingOffThePage() throws Exception {
        assumeFalse(Browser.programs().isEmpty(), "chromium and chromedriver are not installed");
        Path survey = folder.resolve("wide.hoag");
        try (SurveyWriter writer = new SurveyWriter(survey, new SurveyInfo(3, "sha256:t", "/nowhere", 1), 50)) {
            for (int i = 0; i < 30; i++) {
                Map<String, String> columns = new HashMap<>();
                for (int c = 0; c < 60; c++) {
                    columns.put("Attribute_" + c + "_sup", (i * c % 7) / 4.0 + "");
                }
                writer.append(
                        new Entry("g" + i, Double.NaN, Double.NaN, columns, new float[] {i, i % 3, -i}, new byte[0]));
            }
        }
        try (Server server = Sample.serve(survey).start();
                Browser browser = Browser.open(folder.resolve("profile"), 1280, 900)) {
            browser.go(server.url() + "#search?like=g3&where=Attribute_1_sup%3E0");
            browser.until("document.querySelector('.cell')");
            assertTrue(
                    ((Number) browser.is("document.querySelector('.cell').getBoundingClientRect().top")).doubleValue()
                            < 520,
                    "galaxies begin far down");
            browser.go(server.url() + "#search?open=g3");
            browser.until("document.querySelectorAll('#viewer dt').length >= 60 && document.querySelector('.queue img,"
                    + " .queue button')");
            assertTrue(
                    ((Number) browser.is("document.querySelector('#viewer .queue').getBoundingClientRect().top"))
                                    .doubleValue()
                            < 840,
                    "the most similar galaxies are below the window");
            browser.go(server.url() + "?again#search?like=nobody");
            browser.until("document.querySelector('.empty')?.textContent.includes('no galaxy of the survey')");
        }
    }
}
