package hoag.galaxy.survey;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store: what is written is read, and nothing that can happen to a writer costs more than its last block. */
class SurveyTest {
    private static final SurveyInfo INFO = new SurveyInfo(3, "sha256:one", "m.safetensors", 1);

    @TempDir
    Path folder;

    Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("s.hoag");
    }

    private static Entry entry(int i) {
        return new Entry(
                "galaxy-" + i,
                i % 2 == 0 ? i : Double.NaN,
                i % 2 == 0 ? -i / 2.0 : Double.NaN,
                i % 3 == 0 ? Map.of("type", "S\u00e9rsic " + i) : Map.of(),
                new float[] {i, i * 0.5f, -i},
                new byte[i % 5]);
    }

    private void write(int from, int to, int block) {
        try (SurveyWriter writer = new SurveyWriter(file, INFO, block)) {
            for (int i = from; i < to; i++) {
                writer.append(entry(i));
            }
        }
    }

    private void holds(int count) {
        try (Survey survey = Survey.open(file)) {
            assertEquals(count, survey.size());
            float[] all = new float[count * 3];
            survey.read(0, count, all);
            for (int i = 0; i < count; i++) {
                Entry wanted = entry(i);
                assertEquals(wanted.id(), survey.id(i));
                assertEquals(i, survey.find(wanted.id()));
                assertEquals(wanted.ra(), survey.ra(i));
                assertEquals(wanted.dec(), survey.dec(i));
                assertEquals(wanted.columns(), survey.columns(i));
                assertArrayEquals(wanted.features(), Arrays.copyOfRange(all, 3 * i, 3 * i + 3));
                assertArrayEquals(wanted.features(), survey.row(i));
                assertArrayEquals(wanted.thumbnail(), survey.thumbnail(i));
            }
            assertEquals(-1, survey.find("galaxy-" + count));
        }
    }

    @Test
    void whatIsWrittenIsRead() {
        write(0, 10, 4);
        holds(10);
        write(10, 13, 100);
        holds(13);
    }

    /** Cut at every byte of the last block: the blocks before it are read, and the next writer goes on behind them. */
    @Test
    void aTornEndCostsTheLastBlockOnly() throws IOException {
        write(0, 6, 3);
        long whole = Files.size(file);
        write(6, 9, 3);
        byte[] all = Files.readAllBytes(file);
        for (int cut = (int) whole; cut < all.length; cut++) {
            Files.write(file, Arrays.copyOf(all, cut));
            holds(6);
            try (Survey survey = Survey.open(file)) {
                assertEquals(cut - whole, survey.unfinished());
            }
            try (SurveyWriter writer = new SurveyWriter(file, INFO, 3)) {
                assertEquals(cut - whole, writer.dropped());
                for (int i = 6; i < 9; i++) {
                    writer.append(entry(i));
                }
            }
            assertArrayEquals(all, Files.readAllBytes(file));
        }
    }

    /** A machine that lost power may have written the length but not the content. */
    @Test
    void aLastBlockOfWrongContentIsIgnored() throws IOException {
        write(0, 6, 3);
        long whole = Files.size(file);
        write(6, 9, 3);
        byte[] all = Files.readAllBytes(file);
        for (int at = (int) whole; at < all.length; at++) {
            byte[] changed = all.clone();
            changed[at] ^= 0x10;
            Files.write(file, changed);
            holds(6);
        }
    }

    @Test
    void damageBeforeTheEndIsToldAndNothingIsCutOff() throws IOException {
        write(0, 3, 3);
        long first = Files.size(file);
        write(3, 9, 3);
        byte[] damaged = Files.readAllBytes(file);
        damaged[(int) first + 8] ^= 1;
        Files.write(file, damaged);
        assertTrue(assertThrows(FormatException.class, () -> Survey.open(file))
                .getMessage()
                .contains("damaged at byte " + first));
        assertThrows(FormatException.class, () -> write(9, 10, 3));
        assertArrayEquals(damaged, Files.readAllBytes(file));
    }

    @Test
    void otherFilesAreNoSurvey() throws IOException {
        for (String text : new String[] {"", "HOAG", "id,ra\n", "HOAGSURV\1\0\0\0{", "HOAGSURV\377\377\377\177"}) {
            Files.write(file, text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            assertThrows(FormatException.class, () -> Survey.open(file), text);
        }
        assertThrows(DataException.class, () -> Survey.open(folder.resolve("none.hoag")));
    }

    @Test
    void oneWriterManyReaders() {
        write(0, 3, 3);
        try (SurveyWriter writer = new SurveyWriter(file, INFO, 3)) {
            DataException refused = assertThrows(DataException.class, () -> write(3, 4, 3));
            assertTrue(refused.getMessage().contains("another process is writing it"), refused.getMessage());
            holds(3);
            writer.append(entry(3));
            holds(3);
            writer.flush();
            holds(4);
        }
        write(4, 5, 3);
        holds(5);
    }

    @Test
    void twoModelsAreNotMixed() {
        write(0, 3, 3);
        ConfigException other = assertThrows(
                ConfigException.class,
                () -> new SurveyWriter(file, new SurveyInfo(3, "sha256:two", "n.safetensors", 1), 3));
        assertTrue(
                other.getMessage().contains("sha256:one") && other.getMessage().contains("sha256:two"));
        assertThrows(
                ConfigException.class,
                () -> new SurveyWriter(file, new SurveyInfo(3, "sha256:one", "m.safetensors", 8), 3));
        write(3, 4, 3);
        holds(4);
    }

    @Test
    void rowsThatCannotBeAreRefused() {
        write(0, 3, 3);
        try (SurveyWriter writer = new SurveyWriter(file, INFO, 3)) {
            assertTrue(assertThrows(DataException.class, () -> writer.append(entry(1)))
                    .getMessage()
                    .contains("galaxy-1"));
            assertTrue(assertThrows(DataException.class, () -> new Entry("x", 1, Float.NaN, 2))
                    .getMessage()
                    .contains("feature 1 is NaN"));
            assertThrows(DataException.class, () -> new Entry(" ", 1, 2, 3));
            assertTrue(assertThrows(DataException.class, () -> writer.append(new Entry("x", 1, 2)))
                    .getMessage()
                    .contains("2 features"));
        }
        holds(3);
    }
}
