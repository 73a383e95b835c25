package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BarTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicLong now = new AtomicLong();

    private Bar bar(boolean quiet, boolean live) {
        return new Bar(new PrintStream(bytes, true, StandardCharsets.UTF_8), quiet, live, now::get);
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void run(Bar bar, int seconds) {
        for (int second = 0; second <= seconds; second++) {
            now.set(second * 1_000_000_000L);
            bar.at("images", 100L * second, 10_000, "loss 0.5");
        }
    }

    @Test
    void aFileGetsALineEveryTenSeconds() {
        try (Bar bar = bar(false, false)) {
            run(bar, 25);
        }
        assertEquals(
                "images  1,000/10,000  100 img/s  1 min 30 s left  loss 0.5\n"
                        + "images  2,000/10,000  100 img/s  1 min 20 s left  loss 0.5\n",
                shown());
    }

    @Test
    void theRateIsOfWhatIsCounted() {
        try (Bar bar = bar(false, false)) {
            bar.at("downloading", "KiB", 0, 10_000, "");
            now.set(10_000_000_000L);
            bar.at("downloading", "KiB", 2_000, 10_000, "");
        }
        assertEquals("downloading  2,000/10,000  200 KiB/s  40 s left\n", shown());
    }

    @Test
    void aTerminalsLineIsRewrittenAndWipedInTheEnd() {
        try (Bar bar = bar(false, true)) {
            run(bar, 50);
            bar.say("kept");
            run(bar, 51);
        }
        assertTrue(
                shown().contains("\r"
                        + "\u001b[Kimages "
                        + " \u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2500"),
                shown());
        assertTrue(shown().contains("\r\u001b[Kkept\n"));
        assertTrue(shown().endsWith("\r\u001b[K"));
    }

    @Test
    void quietSaysNothing() {
        try (Bar bar = bar(true, true)) {
            run(bar, 50);
            bar.say("nothing");
        }
        assertEquals("", shown());
    }

    @Test
    void stoppingWaitsForTheWorkToEnd() throws InterruptedException {
        Bar bar = bar(false, false);
        assertFalse(bar.stopping());
        Thread hook = Thread.ofPlatform().start(bar::stop);
        while (!bar.stopping()) {
            Thread.onSpinWait();
        }
        hook.join(50);
        assertTrue(hook.isAlive(), "the hook waits while the work goes on");
        bar.close();
        hook.join(10_000);
        assertFalse(hook.isAlive());
        assertTrue(shown().contains("stopping in order"));
    }

    @Test
    void durationsReadWell() {
        assertEquals("8 s", Bar.duration(8.2));
        assertEquals("2 min 5 s", Bar.duration(125));
        assertEquals("3 h 20 min", Bar.duration(12_000));
    }
}
