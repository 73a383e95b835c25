package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.galaxy.map.Column;
import hoag.galaxy.map.Made;
import hoag.galaxy.map.MapWriter;
import hoag.galaxy.survey.Entry;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.survey.SurveyInfo;
import hoag.galaxy.survey.SurveyWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The map in headless Chromium, by hand and by keys, by WebGL and without; skipped where there is no Chromium. */
class MapBrowserTest {
    private static final String READY = "document.querySelector('.plane')?.dataset.ready === 'true'";
    private static final String DATA = "document.querySelector('.plane').dataset.";

    @TempDir
    Path folder;

    @Test
    void fromNoMapToALassoAndWhatFollowsFromIt() throws Exception {
        assumeFalse(Browser.programs().isEmpty(), "chromium and chromedriver are not installed");
        Path survey = Sample.survey(folder.resolve("s.hoag"));
        try (Server server = Sample.serve(survey).start();
                Browser browser = Browser.open(folder.resolve("profile"), 1280, 900)) {
            browser.go(server.url() + "#map");
            browser.until("document.querySelector('.nomap')");
            assertEquals("hoag map " + survey, browser.text(".nomap code"));
            Sample.map(survey);
            browser.click(".nomap button.main"); // look again
            looks(browser, "WebGL", 40);
            movesAlong(browser);
            colours(browser);
            chooses(browser);
            goesByKeys(browser);
            grows(browser, survey);
            browser.go(server.url() + "#history"); // else the same page is kept
            browser.go(server.url() + "#map?canvas=1");
            looks(browser, "canvas", 41);
        }
    }

    private static void looks(Browser browser, String painter, int galaxies) throws Exception {
        browser.until(READY);
        assertEquals(painter, browser.is(DATA + "painter"));
        assertEquals("39", browser.is(DATA + "drawn"));
        browser.until("Number(" + DATA + "pictures) > 3");
        assertTrue(browser.text(".foot").contains("39 of " + galaxies + " galaxies"), browser.text(".foot"));
        browser.until(painted());
    }

    private static String painted() {
        return painted(0);
    }

    /** Whether a layer, 0 for that of points, is not empty: read back as the page would print it. */
    private static String painted(int layer) {
        return "(() => { const c = document.createElement('canvas'); const from ="
                + " document.querySelectorAll('.layer')[" + layer + "];"
                + " c.width = from.width; c.height = from.height; const pen = c.getContext('2d');"
                + " pen.drawImage(from, 0, 0); return pen.getImageData(0, 0, c.width, c.height)"
                + ".data.some((v) => v > 40); })()";
    }

    /** A short way the painted layer goes along with the hand; a long one brings its edge near, and it is painted anew around the new middle. */
    private static void movesAlong(Browser browser) throws Exception {
        String left = "document.querySelector('.layer').getBoundingClientRect().left";
        double before = ((Number) browser.is(left)).doubleValue();
        assertTrue(before < -50, "the layer reaches beyond the screen: " + before);
        browser.drag(new int[] {700, 300}, new int[] {760, 300});
        browser.until(left + " > " + (before + 50));
        browser.until(painted());
        browser.drag(new int[] {500, 300}, new int[] {1000, 300});
        browser.until("Math.abs(" + left + " - " + before + ") < 5");
        browser.until(painted());
        browser.click("[data-act=all]");
        browser.until(READY);
    }

    private static void colours(Browser browser) throws Exception {
        assertEquals("cluster", browser.is("document.getElementById('map-colour').value"));
        assertEquals("0", browser.text(".categories button span"));
        assertEquals("3", browser.is("String(document.querySelectorAll('.categories button').length)"));
        browser.is("(() => { const s = document.getElementById('map-colour'); s.value = 'mag';"
                + " s.dispatchEvent(new Event('change')); })()");
        browser.until("document.querySelector('.numbers .bars')");
        browser.until(READY);
        assertEquals("14 or less17.9 or more", browser.text(".numbers .spread"));
        browser.until("location.hash.includes('colour=mag')");
    }

    private static void chooses(Browser browser) throws Exception {
        int zoom = zoom(browser);
        browser.click("[data-act=plus]");
        browser.until("Number(new URLSearchParams(location.hash.split('?')[1]).get('zoom')) > 1.7");
        browser.click("[data-act=all]");
        browser.until("Math.round(100 * new URLSearchParams(location.hash.split('?')[1]).get('zoom')) === " + zoom);
        browser.click("[data-tool=lasso]");
        double before = ((Number) browser.is(X)).doubleValue();
        browser.drag(new int[] {780, 80}, new int[] {1190, 80}, new int[] {1190, 740}, new int[] {780, 740});
        browser.until("document.querySelector('.sheet h1')?.textContent === '10 galaxies chosen'"); // the right heap
        browser.until(X + " > " + (before + 0.01)); // it moves to the left, out from under the sheet
        browser.until("document.querySelectorAll('.sheet .cell img').length === 10");
        assertEquals(
                "g0 g4 g8 g12 g16 g20 g24 g28 g32 g36",
                browser.is("[...document.querySelectorAll('.sheet .cell')].map((c) => c.dataset.id).join(' ')"));
        browser.is("[...document.querySelectorAll('.deeds button')].find((b) => b.textContent === 'Search like"
                + " these').click()");
        browser.until("document.querySelectorAll('.chip.like').length === 10");
        browser.until("document.querySelector('a[href^=\"#map?like=g0\"]:not([hidden])')");
        browser.is("document.querySelector('a[href^=\"#map?like=g0\"]').click()");
        browser.until("document.querySelector('.plane')?.dataset.rings === '39'"); // 40, but one has no place
        assertEquals("Search result", browser.text(".sheet h1"));
        browser.is("document.querySelector('.sheet .plain').click()");
        browser.until("document.querySelector('.sheet').hidden");
    }

    /** Where the middle of the window is on the map. */
    private static final String X = "Number(new URLSearchParams(location.hash.split('?')[1]).get('x'))";

    private static int zoom(Browser browser) throws Exception {
        browser.until("location.hash.includes('zoom=')");
        return ((Number) browser.is("Math.round(100 * new URLSearchParams(location.hash.split('?')[1]).get('zoom'))"))
                .intValue();
    }

    private static void goesByKeys(Browser browser) throws Exception {
        browser.is("document.querySelector('.plane').focus()");
        browser.press("0", "+");
        browser.until("/^g\\d+|^a\\/b|^No galaxy/.test(document.getElementById('map-here').textContent)");
        browser.press("0", " "); // all in view
        browser.until("document.querySelector('.sheet h1')?.textContent === '39 galaxies chosen'");
        browser.is("[...document.querySelectorAll('.deeds button')].find((b) => b.textContent === 'Rate"
                + " these').click()");
        browser.until("document.getElementById('rate0') && document.body.innerText.includes('39 chosen ones to go')");
        browser.press("4");
        browser.until("document.body.innerText.includes('38 chosen ones to go')");
        browser.is("(() => { location.hash = '#map'; })()");
        browser.until(READY);
    }

    /** Too many galaxies for points in so small a window: they are counted, all of them, and come one by one where one zooms in. */
    @Test
    void aCrowdIsCountedAndComesNearerByNearer() throws Exception {
        assumeFalse(Browser.programs().isEmpty(), "chromium and chromedriver are not installed");
        Path survey = crowd(folder.resolve("c.hoag"), 60_000);
        try (Server server = Sample.serve(survey).start();
                Browser browser = Browser.open(folder.resolve("profile"), 560, 480)) {
            browser.go(server.url() + "#map?colour=side");
            browser.until(READY);
            assertEquals("density", browser.is(DATA + "as"));
            assertEquals("60000", browser.is(DATA + "drawn"));
            assertTrue(browser.text(".foot").startsWith("60,000 galaxies, counted"), browser.text(".foot"));
            String bytes = "performance.getEntriesByType('resource').filter((e) => e.name.includes('/map/'))"
                    + ".reduce((sum, e) => sum + e.encodedBodySize, 0)";
            int opened = ((Number) browser.is(bytes)).intValue();
            assertTrue(opened < 60_000 * 8 * 0.8, "sent to open: " + opened);
            browser.until(painted(1));
            browser.is("document.querySelector('.categories [data-code=\"1\"]').click()"); // hides one half
            browser.until(DATA + "drawn === '30000'");
            browser.is("document.querySelector('.categories [data-code=\"1\"]').click()");
            browser.until(DATA + "drawn === '60000'");
            browser.is("document.querySelector('.plane').focus()");
            browser.press("0", " "); // all in view
            browser.until("document.querySelector('.sheet h1')?.textContent === '60,000 galaxies chosen'");
            browser.press("\uE00C"); // Escape: none
            browser.go("about:blank");
            browser.go(server.url() + "#map?colour=side&x=0.3&y=0.5&zoom=9");
            browser.until(READY);
            assertEquals("points", browser.is(DATA + "as"));
            browser.until(painted(0));
            browser.until("!(" + painted(1) + ")");
        }
    }

    /** Galaxies without features to speak of, in two halves. */
    private static Path crowd(Path file, int galaxies) {
        float[][] places = new float[galaxies][];
        int[] side = new int[galaxies];
        java.util.Random random = new java.util.Random(1);
        try (SurveyWriter writer = new SurveyWriter(file, new SurveyInfo(1, "sha256:test", "none", 1), 4096)) {
            for (int i = 0; i < galaxies; i++) {
                side[i] = i % 2;
                places[i] = new float[] {random.nextFloat() + side[i], random.nextFloat()};
                writer.append(new Entry("c" + i, Double.NaN, Double.NaN, Map.of(), new float[] {i}, new byte[0]));
            }
        }
        try (Survey survey = Survey.open(file)) {
            Made made = Made.of(survey, galaxies, "drawn", 4, Map.of());
            MapWriter.places(survey, made, places, List.of());
            MapWriter.columns(survey, Column.of("side", made, side));
        }
        return file;
    }

    /** The page says that there are more, whatever it shows. */
    private static void grows(Browser browser, Path survey) throws Exception {
        try (SurveyWriter writer =
                new SurveyWriter(survey, new SurveyInfo(8, "sha256:test", "/nowhere/m.safetensors", 1), 16)) {
            writer.append(new Entry("late", Double.NaN, Double.NaN, Map.of(), new float[8], new byte[0]));
        }
        browser.until("(dispatchEvent(new Event('online')), !document.getElementById('grown').hidden)");
        assertTrue(browser.text("#grown").startsWith("The survey has grown by 1 galaxy."), browser.text("#grown"));
        browser.click("#grown button");
        browser.until("document.querySelector('.foot')?.textContent.includes('39 of 41 galaxies')");
    }
}
