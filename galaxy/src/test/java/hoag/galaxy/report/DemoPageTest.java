package hoag.galaxy.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DemoPageTest {
    private static Finding finding(String question, double asked) {
        return new Finding(question, asked, Finding.Share.likely("yes", 0.7), List.of());
    }

    private static String page(Finding... findings) {
        return DemoPage.of(
                List.of(new DemoPage.Galaxy("g", new byte[0], "survey", "", List.of(findings), new int[0])), "", "");
    }

    @Test
    void questionsAskedOfLessThanHalfAreFolded() {
        String page = page(finding("shape", 1), finding("spiral", 0.5), finding("arms", 0.49), finding("winding", 0.2));
        String open = page.substring(page.indexOf("<article"), page.indexOf("<details"));
        String folded = page.substring(page.indexOf("<details"), page.indexOf("</details>"));
        assertTrue(open.contains("shape") && open.contains("spiral") && !open.contains("arms"), open);
        assertTrue(folded.contains("arms") && folded.contains("winding"), folded);
        assertTrue(folded.contains("2 questions asked of less than half"), folded);
        assertEquals(4, page.split("<li>", -1).length - 1);
    }

    @Test
    void nothingToFold() {
        assertFalse(page(finding("shape", 1)).contains("<details"));
    }
}
