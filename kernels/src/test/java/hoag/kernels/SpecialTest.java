package hoag.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/** Special functions in float64 against 60 digits, and their exact values. */
class SpecialTest {
    private static final Map<String, DoubleBinaryOperator> FUNCTIONS = Map.of(
            "erf", (x, k) -> Special.erf(x),
            "erfc", (x, k) -> Special.erfc(x),
            "lgamma", (x, k) -> Special.lgamma(x),
            "digamma", (x, k) -> Special.digamma(x),
            "trigamma", (x, k) -> Special.trigamma(x),
            "rising", Special::rising,
            "digammaRising", Special::digammaRising);

    private static List<String> lines() throws IOException {
        try (var in = SpecialTest.class.getResourceAsStream("/golden/special.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    @Test
    void fourteenDigits() throws IOException {
        for (String line : lines()) {
            String[] words = line.split(" ");
            double truth = Double.parseDouble(words[3]);
            double got =
                    FUNCTIONS.get(words[0]).applyAsDouble(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
            double root = words[0].endsWith("gamma") ? Math.max(1, Math.abs(truth)) : Math.abs(truth);
            assertEquals(truth, got, 3e-14 * root, line);
        }
    }

    @Test
    void noVotesWeighNothing() {
        assertEquals(0, Special.rising(0.3, 0));
        assertEquals(0, Special.rising(1e300, 0));
        assertEquals(0, Special.digammaRising(0.3, 0));
    }

    @Test
    void fewVotesOnAHugeConcentrationKeepTheirDigits() {
        assertEquals(3 * Math.log(1e12), Special.rising(1e12, 3), 1e-11);
        assertEquals(0.5 * Math.log(1e12), Special.rising(1e12, 0.5), 1e-12);
        assertEquals(0.5e-12, Special.digammaRising(1e12, 0.5), 1e-24);
    }

    @Test
    void poles() {
        assertEquals(Double.POSITIVE_INFINITY, Special.lgamma(0));
        assertEquals(Double.POSITIVE_INFINITY, Special.lgamma(-3));
        assertEquals(Double.NEGATIVE_INFINITY, Special.digamma(0.0));
        assertEquals(Double.NaN, Special.digamma(-1));
        assertEquals(Double.POSITIVE_INFINITY, Special.trigamma(-2));
        assertEquals(0, Special.lgamma(1));
        assertEquals(0, Special.lgamma(2));
    }
}
