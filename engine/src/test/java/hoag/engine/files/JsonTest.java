package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.FormatException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    record Kernel(int size, double rate, DType type, Optional<String> note) {}

    private static Object value(String text) {
        return Json.parse("text", text).value();
    }

    @Test
    void everyKindOfValue() {
        var wanted = new LinkedHashMap<String, Object>();
        wanted.put("a", Arrays.asList(1L, -2L, 0.5, 1e300, true, false, null));
        wanted.put("b", Map.of("c", "x\n\"\\/\u00e9\u2606\ud83d\ude00\b\f\r\t"));
        wanted.put("", List.of());
        assertEquals(wanted, value("""
            {"a": [1, -2, 5e-1, 1E+300, true, false, null],\t"b": {"c": "x\\n\\"\\\\\\/\\u00e9\u2606\\ud83d\\ude00\\b\\f\\r\\t"}, "": []}
            """));
        assertEquals(wanted, value(Json.compact(wanted)));
        assertEquals(wanted, value(Json.pretty(wanted)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "01",
                "1.",
                ".5",
                "+1",
                "-",
                "1e",
                "0x1",
                "NaN",
                "Infinity",
                "1e999",
                "nul",
                "truefalse",
                "1 2",
                "\"\t\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "\"\\ud800x\"",
                "\"abc",
                "[1 2]",
                "{\"a\" 1}",
                "// no\n1",
                "\ufeff1",
                "\"\\u\u0661\u0661\u0661\u0661\""
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThrows(FormatException.class, () -> value(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": [1, x]}|text: line 1, column 11: want a value, found \"x]}\"",
                "{\"a\": 1, \"a\": 2}|text: line 1, column 10: the name \"a\" stands twice",
                "[1|text: line 1, column 3: want ']', found the end of the text"
            })
    void errorsNameLineAndColumn(String text, String message) {
        assertEquals(
                message, assertThrows(FormatException.class, () -> value(text)).getMessage());
    }

    @Test
    void linesAreCounted() {
        var error = assertThrows(FormatException.class, () -> value("{\n  \"a\": 1\n  \"b\": 2\n}"));
        assertEquals("text: line 3, column 3: want '}', found \"\"b\": 2\"", error.getMessage());
    }

    @Test
    void depthHasALimit() {
        assertThrows(FormatException.class, () -> value("[".repeat(1_000_000)));
        assertEquals("[".repeat(100) + "]".repeat(100), Json.compact(value("[".repeat(100) + "]".repeat(100))));
    }

    @Test
    void numbersComeBackWithTheSameBits() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(number))
                assertEquals(
                        Double.doubleToRawLongBits(number),
                        Double.doubleToRawLongBits(
                                Json.parse("x", Json.compact(number)).number()));
            long whole = random.nextLong();
            assertEquals(whole, Json.parse("x", Json.compact(whole)).whole());
        }
        assertEquals(-0.0, value("-0"));
        assertEquals(1e19, value("10000000000000000000"));
    }

    @Test
    void settingsAreWrittenAsTheyStand(@TempDir Path folder) {
        Json.write(
                folder.resolve("a.json"),
                Map.of("k", new Kernel(3, 0.5, DType.F32, Optional.empty()), "n", new int[] {1, 2}));
        var read = Json.read(folder.resolve("a.json"));
        assertEquals("{\"size\":3,\"rate\":0.5,\"type\":\"F32\",\"note\":null}", Json.compact(read.get("k")));
        assertEquals(2, read.get("n").at(1).integer());
        assertTrue(assertThrows(FormatException.class, () -> Json.compact(Map.of("loss", List.of(1.0, Double.NaN))))
                .getMessage()
                .contains("loss[1] is NaN"));
    }

    @Test
    void prettyTextIsForPeople() {
        var value = new LinkedHashMap<String, Object>();
        value.put("a", List.of(1, 2));
        value.put("b", List.of(Map.of(), Map.of("c", "d")));
        assertEquals(
                "{\n  \"a\": [1, 2],\n  \"b\": [\n    {},\n    {\n      \"c\": \"d\"\n    }\n  ]\n}\n",
                Json.pretty(value));
    }

    @Test
    void accessorsNameThePlace() {
        var root = Json.parse("m.json", "{\"layers\": [{\"kernel\": \"three\", \"n\": 3000000000, \"f\": 1.0}]}");
        var layer = root.get("layers").at(0);
        assertMessage(
                "m.json: layers[0].kernel: want a whole number, found \"three\"",
                () -> layer.get("kernel").whole());
        assertMessage(
                "m.json: layers[0].n: want a whole number of 32 bits, found 3000000000",
                () -> layer.get("n").integer());
        assertMessage(
                "m.json: layers[0].f: want a whole number, found 1.0",
                () -> layer.get("f").whole());
        assertMessage("m.json: layers[0].stride is missing", () -> layer.get("stride"));
        assertMessage(
                "m.json: layers: no item 1, it has 1", () -> root.get("layers").at(1));
        assertMessage("m.json: want a list, found an object", root::items);
        assertEquals(Optional.empty(), root.find("x"));
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(FormatException.class, call).getMessage());
    }
}
