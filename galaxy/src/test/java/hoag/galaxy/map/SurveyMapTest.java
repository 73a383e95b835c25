package hoag.galaxy.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.survey.Entry;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.survey.SurveyInfo;
import hoag.galaxy.survey.SurveyWriter;
import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept beside a survey: it comes back, it grows old in words, and it is not taken for another survey's. */
class SurveyMapTest {
    private static final SurveyInfo INFO = new SurveyInfo(2, "sha256:one", "m.safetensors", 1);

    @TempDir
    Path folder;

    Path file;

    @BeforeEach
    void make() {
        file = folder.resolve("s.hoag");
        grow(file, 0, 5);
    }

    private static void grow(Path file, int from, int to) {
        try (SurveyWriter writer = new SurveyWriter(file, INFO, 100)) {
            for (int i = from; i < to; i++) {
                writer.append(new Entry("g" + i, i, -i));
            }
        }
    }

    private static Made made(Survey survey, String method) {
        return Made.of(survey, survey.size(), method, 7, Map.of("k", "3"));
    }

    private static void places(Survey survey) {
        float[][] places = new float[survey.size()][];
        for (int i = 0; i < places.length; i++) {
            places[i] = new float[] {i, 0.5f * i};
        }
        MapWriter.places(survey, made(survey, "pca"), places, List.of());
    }

    @Test
    void whatIsWrittenIsRead() {
        try (Survey survey = Survey.open(file)) {
            assertTrue(SurveyMap.open(survey).isEmpty());
            MapWriter.columns(survey, Column.of("kmeans", made(survey, "kmeans"), 0, 1, -1, 1, 0));
            try (SurveyMap map = SurveyMap.open(survey).orElseThrow()) {
                assertEquals(0, map.size());
                assertTrue(map.made().isEmpty());
            }
            places(survey);
            MapWriter.columns(survey, Column.of("odd", made(survey, "gp"), 1, Float.NaN, 0.25f, 4, 5));
            try (SurveyMap map = SurveyMap.open(survey).orElseThrow()) {
                assertEquals(
                        "pca, seed 7, k 3, of 5 galaxies",
                        map.made().orElseThrow().toString());
                assertEquals(List.of(5, 3f, 1.5f), List.of(map.size(), map.x(3), map.y(3)));
                assertEquals(
                        3f,
                        map.xs().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getFloat(12));
                Column labels = map.column("kmeans").orElseThrow();
                assertEquals(
                        List.of(0, 1, -1, -1),
                        IntStream.of(0, 3, 2, 99).mapToObj(labels::label).toList());
                assertTrue(Double.isNaN(labels.value(2)));
                Column odd = map.column("odd").orElseThrow();
                assertEquals(0.25, odd.value(2));
                assertTrue(Double.isNaN(odd.value(1)) && !odd.labels());
                assertEquals("", map.behind(survey));
                MapWriter.remove(survey, "odd"); // and what is open stays what it is
                assertEquals(0.25, odd.value(2));
            }
            try (SurveyMap map = SurveyMap.open(survey).orElseThrow()) {
                assertEquals(
                        List.of("kmeans"),
                        map.columns().stream().map(Column::name).toList());
            }
        }
    }

    @Test
    void aSurveyThatGrewHasAnOldMap() {
        try (Survey survey = Survey.open(file)) {
            places(survey);
        }
        grow(file, 5, 9);
        try (Survey survey = Survey.open(file);
                SurveyMap map = SurveyMap.open(survey).orElseThrow()) {
            assertTrue(map.behind(survey).startsWith("the map has 5 of 9 galaxies"), map.behind(survey));
        }
    }

    @Test
    void anotherSurveysMapIsRefused() throws IOException {
        try (Survey survey = Survey.open(file)) {
            places(survey);
        }
        Path other = folder.resolve("other.hoag");
        grow(other, 1, 6);
        Files.copy(SurveyMap.beside(file), SurveyMap.beside(other));
        try (Survey survey = Survey.open(other)) {
            String said = assertThrows(DataException.class, () -> SurveyMap.open(survey))
                    .getMessage();
            assertTrue(said.contains("made of 5 galaxies that are not those of"), said);
        }
        Files.write(SurveyMap.beside(other), new byte[40]);
        try (Survey survey = Survey.open(other)) {
            assertThrows(FormatException.class, () -> SurveyMap.open(survey));
        }
    }

    @Test
    void namesOfColumnsAreChecked() {
        try (Survey survey = Survey.open(file)) {
            assertThrows(DataException.class, () -> Column.of("a b", made(survey, "x"), 1, 2));
            assertThrows(DataException.class, () -> Column.of("", made(survey, "x"), 1, 2));
        }
    }

    /** Many at once lose nothing. */
    @Test
    void columnsOfSeveralWriters() {
        try (Survey survey = Survey.open(file)) {
            IntStream.range(0, 12)
                    .parallel()
                    .forEach(i -> MapWriter.columns(survey, Column.of("c" + i, made(survey, "x"), i, i, i, i, i)));
            try (SurveyMap map = SurveyMap.open(survey).orElseThrow()) {
                assertEquals(12, map.columns().size());
                assertFalse(map.columns().stream()
                        .anyMatch(c -> c.label(0) != Integer.parseInt(c.name().substring(1))));
            }
        }
    }
}
