package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.survey.Survey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From pictures to a survey to what is like one of them. */
class SurveyCommandTest {
    @TempDir
    Path folder;

    Path model;
    Path pictures;
    Path survey;

    @BeforeEach
    void make() throws IOException {
        model = Hoag.model(folder.resolve("m.safetensors"), 0);
        pictures = Hoag.pictures(folder.resolve("pictures"), 12);
        survey = folder.resolve("s.hoag");
    }

    private Hoag index(Object... more) {
        Object[] all = new Object[more.length + 6];
        System.arraycopy(new Object[] {"index", "-q", "--model", model, "--out", survey}, 0, all, 0, 6);
        System.arraycopy(more, 0, all, 6, more.length);
        return Hoag.run(all);
    }

    private static void well(Hoag said) {
        assertEquals(0, said.code(), said.err());
    }

    @Test
    void findsItsLikeByIdPictureAndPlace() throws IOException {
        StringBuilder table = new StringBuilder("id,RA,Dec,mag\n");
        for (int i = 0; i < 12; i++) {
            table.append("g" + i + "," + (10 + i) + ",-" + i + "," + (15 + i) + "\n");
        }
        well(index(pictures, "--catalog", Files.writeString(folder.resolve("c.csv"), table)));
        try (Survey open = Survey.open(survey)) {
            assertEquals(12, open.size());
            assertEquals("20", open.columns(open.find("g5")).get("mag"));
            assertTrue(open.thumbnail(3).length > 100);
        }
        Path near = folder.resolve("near.csv");
        Path page = folder.resolve("near.html");
        Path sheet = folder.resolve("near.png");
        well(Hoag.run("search", survey, "--like", "g4", "--k", 5, "--out", near, "--page", page, "--sheet", sheet));
        Catalogue found = Catalogue.read(near);
        assertEquals(5, found.size());
        assertFalse(found.ids().contains("g4"));
        assertTrue(found.columns().containsAll(List.of("rank", "distance", "ra", "dec", "mag")));
        double[] distances = found.numbers("distance");
        for (int i = 1; i < 5; i++) {
            assertTrue(distances[i - 1] <= distances[i]);
        }
        assertEquals(6, Files.readString(page).split("<img ", -1).length - 1);
        assertEquals(10 * 100 - 4, ImageIO.read(sheet.toFile()).getWidth());

        for (String way : List.of("exact", "codes", "graph", "auto")) {
            Hoag bright = Hoag.run("search", survey, "--like", "g4", "--where", "mag < 19.5", "--way", way, "--json");
            well(bright);
            assertEquals(4, bright.out().split("\"id\":", -1).length - 1, bright.out());
        }
        Hoag wrong = Hoag.run("search", survey, "--like", "g4", "--where", "mag < ");
        assertEquals(1, wrong.code());
        assertTrue(wrong.err().contains("character 7, at its end: want a number"), wrong.err());
        Hoag byPlace = Hoag.run("search", survey, "--like", "14.0001, -4.0001", "--k", 5);
        Hoag byId = Hoag.run("search", survey, "--like", "g4", "--k", 5);
        assertEquals(byId.out(), byPlace.out());
        Hoag byPicture = Hoag.run("search", survey, "--like", pictures.resolve("g4.png"), "--k", 1, "--json");
        assertTrue(byPicture.out().contains("\"g4\""), byPicture.out() + byPicture.err());
        Hoag farAway = Hoag.run("search", survey, "--like", "200,50");
        assertEquals(1, farAway.code());
        assertTrue(farAway.err().contains("no galaxy of"), farAway.err());
    }

    @Test
    void unlikeMovesAway() {
        well(index(pictures));
        String first = Hoag.run("search", survey, "--like", "g4", "--k", 1, "--json")
                .out()
                .replaceAll(".*\"id\":\"(g\\d+)\".*\\s*", "$1");
        Hoag without = Hoag.run("search", survey, "--like", "g4", "--unlike", first, "--k", 20, "--json");
        assertEquals(0, without.code(), without.err());
        assertFalse(without.out().contains("\"" + first + "\""), "an example is not a result");
    }

    @Test
    void addsWhatIsNewOnly() throws IOException {
        well(index(pictures.resolve("g1.png"), pictures.resolve("g2.png")));
        byte[] before = Files.readAllBytes(survey);
        Hoag again = Hoag.run("index", "--model", model, "--out", survey, "--json", pictures);
        well(again);
        assertTrue(again.out().contains("\"added\":10") && again.out().contains("\"known\":2"), again.out());
        byte[] after = Files.readAllBytes(survey);
        assertEquals(-1, java.util.Arrays.mismatch(before, java.util.Arrays.copyOf(after, before.length)));
        assertTrue(Hoag.run("index", "--model", model, "--out", survey, "--json", pictures)
                .out()
                .contains("\"added\":0"));
    }

    @Test
    void representationsGiveTheSameSurvey() {
        Path features = folder.resolve("f.npy");
        well(Hoag.run("represent", "-q", "--model", model, "--out", features, pictures));
        well(index(features));
        Path seen = folder.resolve("seen.hoag");
        well(Hoag.run("index", "-q", "--model", model, "--out", seen, pictures));
        assertEquals(
                Hoag.run("search", seen, "--like", "g4", "--metric", "cosine").out(),
                Hoag.run("search", survey, "--like", "g4", "--metric", "cosine").out());
    }

    /** A table of another name says which row is which galaxy. */
    @Test
    void idsFromAnyTable() throws IOException {
        Path features = folder.resolve("f.npy");
        well(Hoag.run("represent", "-q", "--model", model, "--out", features, pictures));
        Path ids = folder.resolve("f.ids.csv");
        Path names = Files.writeString(
                folder.resolve("names.csv"), Files.readString(ids).replace("g4", "m51"));
        Files.delete(ids);
        assertEquals(1, index(features).code());
        well(index("--ids", names, features));
        well(Hoag.run("search", survey, "--like", "m51"));
        Hoag pointless = index("--ids", names, pictures);
        assertEquals(1, pointless.code());
        assertTrue(pointless.err().contains("goes with one features.npy"), pointless.err());
    }

    /** A matrix goes with the model that made it. */
    @Test
    void featuresOfAnotherWidthAreRefused() throws IOException {
        Path features = folder.resolve("f.npy");
        hoag.engine.files.Npy.write(
                features, hoag.engine.files.TensorData.of("", hoag.kernels.Shape.of(2, 3), new float[6]));
        Files.writeString(folder.resolve("f.ids.csv"), "id\na\nb\n");
        Hoag said = index(features);
        assertEquals(1, said.code());
        assertTrue(said.err().contains("has 3 features, those of " + model + " are 512"), said.err());
        assertFalse(Files.exists(survey), "nothing is begun");
    }

    /** Numbers that are none, twice the same name: said row by row, and the rest is taken. */
    @Test
    void rowsThatCannotBeAreLeftOutAndNamed() throws IOException {
        float[] values = new float[4 * 512];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 7;
        }
        values[512 + 5] = Float.NaN;
        values[2 * 512] = Float.NEGATIVE_INFINITY;
        Path features = folder.resolve("f.npy");
        hoag.engine.files.Npy.write(
                features, hoag.engine.files.TensorData.of("", hoag.kernels.Shape.of(4, 512), values));
        Path ids = Files.writeString(folder.resolve("f.ids.csv"), "id\na\nb\nc\na\n");
        Hoag twice = index(features);
        assertEquals(1, twice.code());
        assertTrue(twice.err().contains("id \"a\" stands on lines 2 and 5; ids must differ"), twice.err());
        Files.writeString(ids, "id\na\nb\nc\nd\n");
        Hoag said = index(features);
        well(said);
        assertTrue(said.err().contains("b: feature 5 is NaN") && said.err().contains("c: feature 0 is -Infinity"));
        try (Survey open = Survey.open(survey)) {
            assertEquals(List.of("a", "d"), open.ids());
        }
        Hoag strict = index("--strict", features);
        assertEquals(1, strict.code());
        assertTrue(strict.err().contains("b: feature 5 is NaN"), strict.err());
    }

    /** A survey whose last block a kill cut off: who uses it hears so, and the same command makes it whole. */
    @Test
    void aHalfWrittenSurveyIsNamedAndMadeWhole() throws IOException {
        well(index(pictures.resolve("g1.png"), pictures.resolve("g2.png"), pictures.resolve("g3.png")));
        well(index(pictures));
        byte[] whole = Files.readAllBytes(survey);
        Files.write(survey, java.util.Arrays.copyOf(whole, whole.length - 100));
        for (String verb : List.of("map", "cluster", "anomalies")) {
            Hoag said = verb.equals("cluster") ? Hoag.run(verb, survey, "--k", 2) : Hoag.run(verb, survey);
            well(said);
            assertTrue(
                    said.err().contains("ends in an unfinished block")
                            && said.err().contains("the same hoag index goes on"),
                    said.err());
        }
        Hoag lost = Hoag.run("search", survey, "--like", "g5");
        assertTrue(lost.err().contains("ends in an unfinished block"), lost.err());
        Hoag again = index(pictures);
        well(again);
        assertTrue(again.err().contains("which was cut off"), again.err());
        assertEquals(-1, java.util.Arrays.mismatch(whole, Files.readAllBytes(survey)));
        assertEquals("", Hoag.run("search", survey, "--like", "g5").err());
    }

    /** Of thousands of files that are no pictures the first are named, and the good ones are taken. */
    @Test
    void aFolderOfJunkDoesNotFloodTheTerminal() throws IOException {
        for (int i = 0; i < 3000; i++) {
            Files.writeString(pictures.resolve("junk" + i + ".jpg"), "x");
        }
        Hoag said = index(pictures);
        well(said);
        assertTrue(said.err().lines().count() < 150, said.err().lines().count() + " lines");
        assertTrue(said.err().contains("left out: 2,900 more; --json names them all"), said.err());
        try (Survey open = Survey.open(survey)) {
            assertEquals(12, open.size());
        }
    }

    /** Whoever gives a file for the token wants one. */
    @Test
    void aBlankTokenIsNone() throws IOException {
        Path blank = Files.writeString(folder.resolve("token.txt"), "\n");
        Hoag said = Hoag.run("serve", folder.resolve("none.hoag"), "--token-file", blank);
        assertEquals(1, said.code());
        assertTrue(said.err().contains("token.txt: is empty; want a token of 16..200"), said.err());
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        well(index(pictures));
        Path other = Hoag.model(folder.resolve("other.safetensors"), 0.3);
        Hoag mixed = Hoag.run("index", "-q", "--model", other, "--out", survey, pictures);
        assertEquals(1, mixed.code());
        assertTrue(mixed.err().contains("two models cannot be compared"), mixed.err());
        Hoag asked = Hoag.run("search", survey, "--model", other, "--like", pictures.resolve("g1.png"));
        assertEquals(1, asked.code());
        assertTrue(asked.err().contains("is not the model that made"), asked.err());
        Hoag unknown = Hoag.run("search", survey, "--like", "g99");
        assertEquals(1, unknown.code());
        assertTrue(unknown.err().contains("\"g99\": no galaxy of"), unknown.err());
        assertEquals(1, index("--thumbnail", "-1", pictures).code());
        assertEquals(1, Hoag.run("search", survey, "--like", "g1", "--k", 0).code());
        Files.writeString(pictures.resolve("bad.png"), "no picture");
        Hoag bad = index(pictures);
        well(bad);
        assertTrue(bad.err().contains("bad.png"), bad.err());
    }

    /** Ratings of a few rank the rest: what is like the liked comes before what is like the disliked. */
    @Test
    void ratingsRankTheRest() throws IOException {
        StringBuilder ids = new StringBuilder("id\n");
        int wide = 512;
        float[] values = new float[60 * wide];
        var random = new java.util.Random(3);
        for (int i = 0; i < 60; i++) {
            ids.append("g").append(i).append('\n');
            for (int j = 0; j < 4; j++) {
                values[wide * i + j] = (float) random.nextGaussian() + (j == 0 && i % 4 == 0 ? 8 : 0);
            }
        }
        Path features = folder.resolve("f.npy");
        hoag.engine.files.Npy.write(
                features, hoag.engine.files.TensorData.of("", hoag.kernels.Shape.of(60, wide), values));
        Files.writeString(folder.resolve("f.ids.csv"), ids);
        well(index(features));
        Hoag start = Hoag.run("anomalies", survey, "--propose", 12, "--json");
        well(start);
        List<String> ask = names(start.out());
        assertEquals(12, Set.copyOf(ask).size());
        StringBuilder table = new StringBuilder("id,rating\ng59,\n");
        ask.forEach(id -> table.append(id + "," + (Integer.parseInt(id.substring(1)) % 4 == 0 ? 5 : 0) + "\n"));
        Path ratings = Files.writeString(folder.resolve("r.csv"), table);
        Path out = folder.resolve("ranked.csv");
        Hoag said = Hoag.run("anomalies", survey, "--ratings", ratings, "--out", out, "--json");
        well(said);
        List<String> ranked = Catalogue.read(out).ids();
        assertEquals(60, ranked.size());
        assertTrue(ranked.subList(0, 15).stream().allMatch(id -> Integer.parseInt(id.substring(1)) % 4 == 0));
        assertTrue(names(said.out()).stream().noneMatch(ask::contains), "asks for what is not rated yet");
        Files.writeString(ratings, "id,rating\ng1,7\n");
        assertTrue(Hoag.run("anomalies", survey, "--ratings", ratings).err().contains("rating is 7.0; want 0"));
        Files.writeString(ratings, "id,rating\nnobody,2\n");
        assertTrue(Hoag.run("anomalies", survey, "--ratings", ratings).err().contains("no such galaxy"));
    }

    private static List<String> names(String json) {
        return hoag.engine.files.Json.parse("answer", json).get("next").strings();
    }
}
