package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A short form of {@code tests/endurance}: steps leave nothing behind on the heap. */
class EnduranceTest {
    @Test
    void theHeapStaysAsItIs() {
        var states =
                Endurance.run(150, new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        assertEquals(150, states.getLast().steps());
        long grown = states.getLast().heap() - states.get(4).heap();
        assertTrue(grown < 4 << 20, "75 steps left " + grown + " bytes");
        double lowest =
                states.stream().skip(5).mapToDouble(Endurance.State::loss).min().orElseThrow();
        assertTrue(
                lowest < states.getFirst().loss(), states::toString); // four pictures and dropout: it goes up and down
    }
}
