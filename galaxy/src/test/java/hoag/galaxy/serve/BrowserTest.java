package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in headless Chromium, by its keys; skipped where there is no Chromium. */
class BrowserTest {
    @TempDir
    Path folder;

    @Test
    void searchRateLabelAndComeBackAfterAKill() throws Exception {
        assumeFalse(Browser.programs().isEmpty(), "chromium and chromedriver are not installed");
        Path survey = Sample.survey(folder.resolve("s.hoag"));
        Path images = Sample.pictures(folder.resolve("images"), 30);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Object[] serve = {survey, "--images", images, "--port", port, "--tree", "gz2"};
        try (Browser browser = Browser.open(folder.resolve("profile"), 1280, 900)) {
            Running first = Running.start(serve);
            try (first) {
                searches(browser, first.url());
                rates(browser, first.url());
                labels(browser, first.url());
                first.kill();
                browser.press("1");
                browser.until("!document.getElementById('waiting').hidden");
                assertTrue(browser.text("#waiting").startsWith("The server does not answer. 1 label is kept here"));
                browser.reload();
            }
            try (Running second = Running.start(serve)) {
                browser.go(second.url() + "#history");
                browser.until("document.querySelectorAll('tbody tr').length > 0");
                browser.until(
                        "document.querySelector('main h2 + *, main h2') && localStorage.getItem('hoag.waiting') ==="
                                + " '[]'");
                browser.until("document.body.innerText.includes('17 changes, the newest first')");
                assertEquals("17", browser.is("String(document.querySelectorAll('tbody tr').length)"));
                browser.go(second.url() + "#label?tree=gz2");
                browser.until("document.querySelector('.question')");
                assertFalse(browser.text(".path").isEmpty(), "what was answered before the kill is still there");
                assertEquals("smooth or featured smooth", browser.text(".path").strip());
            }
        }
    }

    private static void searches(Browser browser, String url) throws Exception {
        browser.go(url);
        browser.until("document.querySelectorAll('.cell').length === 40");
        browser.until("document.querySelector('.cell img').naturalWidth > 0");
        assertEquals("0", browser.is("String(document.querySelectorAll('script:not([src]), img[src^=http]').length)"));
        browser.is("document.querySelector('[data-id=g0] .open').focus()");
        browser.press("l");
        browser.until("document.querySelector('main h2').textContent.includes('most similar first')");
        assertEquals("g0", browser.text(".chip.like span"));
        assertTrue(browser.text(".cell .id").matches("g(4|8|12|16|20|24|28|32|36)"), browser.text(".cell .id"));
        browser.is("document.querySelector('.cell .open').focus()");
        browser.press("\uE014", "u"); // to the right, and: less like that one
        browser.until("document.querySelector('.chip.unlike')");
        browser.until(
                "!document.querySelector('[data-id=\"' + document.querySelector('.chip.unlike span').textContent +"
                        + " '\"]')");
        browser.is("document.querySelector('.cell .open').click()");
        browser.until("document.getElementById('viewer').open && document.querySelectorAll('#viewer .queue img').length"
                + " === 8");
        browser.press("4");
        browser.until("document.querySelector('#viewer [aria-pressed=true]')?.textContent === '4'");
        browser.press("\uE00C");
        browser.until("!document.getElementById('viewer').open");
    }

    private static void rates(Browser browser, String url) throws Exception {
        browser.go(url + "#anomalies");
        browser.until("document.querySelector('ul.grid')?.dataset.rated === '1' && document.getElementById('rate0')");
        for (int i = 0; i < 10; i++) {
            browser.press(String.valueOf(i % 6));
        }
        browser.until("document.querySelector('ul.grid').dataset.rated === '11'");
        assertEquals("Ranked by 11 ratings", browser.text("main section + section h2"));
        String best = browser.text(".cell .stars");
        assertTrue(best.startsWith("★★★★★"), best);
        browser.press("\uE003"); // backspace takes the last one back
        browser.until("document.querySelector('ul.grid').dataset.rated === '10'");
        browser.press("3");
        browser.until("document.querySelector('ul.grid').dataset.rated === '11'");
    }

    private static void labels(Browser browser, String url) throws Exception {
        browser.go(url + "#label?tree=gz2");
        browser.until("document.querySelector('.question')");
        assertEquals("Smooth or featured?", browser.text(".question"));
        String galaxy = String.valueOf(browser.is("document.querySelector('[data-galaxy]').dataset.galaxy"));
        browser.press("1"); // smooth
        browser.until("document.querySelector('.question').textContent === 'How rounded?'");
        browser.press("2");
        browser.until("document.querySelector('.question').textContent === 'Something odd?'");
        browser.press("2"); // nothing odd: this galaxy is finished
        browser.until("document.querySelector('[data-galaxy]').dataset.galaxy !== '" + galaxy + "'");
        browser.until("localStorage.getItem('hoag.waiting') === '[]'");
        assertEquals("Smooth or featured?", browser.text(".question"));
    }
}
