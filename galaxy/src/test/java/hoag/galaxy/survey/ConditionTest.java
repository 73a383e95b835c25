package hoag.galaxy.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions say what they seem to say, and what is none is told with its place. */
class ConditionTest {
    @TempDir
    Path folder;

    private Survey survey;

    @BeforeEach
    void four() {
        Path file = folder.resolve("s.hoag");
        try (var writer = new SurveyWriter(file, new SurveyInfo(1, "sha256:one", "m", 1), 2)) {
            writer.append(galaxy("a", 10, Map.of("mag", "16.5", "type", "Sb", "bar length", "0.5")));
            writer.append(galaxy("b", 20, Map.of("mag", "17", "type", "E")));
            writer.append(galaxy("c", Double.NaN, Map.of("mag", "unknown", "type", "it's")));
            writer.append(galaxy("d", 350, Map.of("type", "Sb", "bar length", "0")));
        }
        survey = Survey.open(file);
    }

    private static Entry galaxy(String id, double ra, Map<String, String> columns) {
        return new Entry(id, ra, 1, columns, new float[] {1}, new byte[0]);
    }

    @AfterEach
    void close() {
        survey.close();
    }

    private String found(String condition) {
        IntPredicate where = Condition.parse(condition).of(survey);
        StringBuilder found = new StringBuilder();
        for (int row = 0; row < survey.size(); row++) {
            found.append(where.test(row) ? survey.id(row) : "");
        }
        return found.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mag < 17 | a",
                "mag<=17 | ab",
                "mag >= 1.7e1 | b",
                "mag != 17 | a",
                "type = 'Sb' | ad",
                "type='Sb' and mag<17 | a",
                "type = 'Sb' or type = 'E' and mag > 20 | ad",
                "(type = 'Sb' or type = 'E') and ra > 15 | bd",
                "not type == 'Sb' | bc",
                "NOT (mag < 100) | cd",
                "type = 'it''s' | c",
                "\"bar length\" > 0.2 | a",
                "\"bar length\" > -0.2 | ad",
                "id = 'c' OR ra < 15 | ac",
                "dec = 1 | abcd",
                "type >= 'F' | acd",
            })
    void says(String condition, String wanted) {
        assertEquals(wanted, found(condition));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mag | 4 | want one of",
                "mag < | 6 | want a number",
                "mag < Sb | 7 | want a number",
                "mag < 17 type = 'E' | 10 | want and",
                "(mag < 17 | 10 | want )",
                "type = 'Sb | 8 | not closed",
                "mag < NaN | 7 | want a number",
                "mag < 1; drop | 8 | want and",
                "and mag < 1 | 5 | want one of",
                "mag < 17 and | 13 | name of a column",
            })
    void tells(String condition, int place, String why) {
        String message = assertThrows(ConfigException.class, () -> Condition.parse(condition))
                .getMessage();
        assertTrue(message.contains("character " + place + ",") && message.contains(why), message);
    }

    @Test
    void unknownColumnsAndHostileTexts() {
        String message = assertThrows(ConfigException.class, () -> found("magnitude < 17"))
                .getMessage();
        assertTrue(message.contains("no column \"magnitude\"") && message.contains("mag, ra, type"), message);
        assertThrows(ConfigException.class, () -> Condition.parse("(".repeat(100_000)));
        assertThrows(ConfigException.class, () -> Condition.parse("not ".repeat(100_000) + "a = 1"));
        Random random = new Random(1);
        String[] pieces = {"mag", "<", "'", "\"", "(", ")", " and ", " or ", "not ", "17", "=", "!", "\0", "é", "1e999"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(9); n >= 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                Condition.parse(text.toString());
            } catch (ConfigException expected) {
                assertTrue(expected.getMessage().contains("character"), expected.getMessage());
            }
        }
    }
}
