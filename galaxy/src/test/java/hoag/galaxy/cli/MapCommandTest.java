package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.data.Catalogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From pictures to a map of them. */
class MapCommandTest {
    @TempDir
    Path folder;

    /** Nothing said is never too much: what suits thousands is less where there are few, and that is said. */
    @Test
    void aHandfulHasAMapToo() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Path survey = folder.resolve("s.hoag");
        for (int galaxies = 3; galaxies < 10; galaxies += 3) {
            Path pictures = Hoag.pictures(folder.resolve("p" + galaxies), galaxies);
            assertEquals(
                    0,
                    Hoag.run("index", "-q", "--model", model, "--out", survey, pictures)
                            .code());
            Hoag made = Hoag.run("map", survey, "-q");
            assertEquals(0, made.code(), made.err());
            assertEquals(
                    "hoag: --neighbours " + galaxies + " instead of 15: there are " + galaxies + " galaxies",
                    made.err().strip());
            Hoag tsne = Hoag.run("map", survey, "--method", "tsne", "-q");
            assertEquals(galaxies == 3 ? 1 : 0, tsne.code(), tsne.err());
            assertTrue(tsne.err().contains(galaxies == 3 ? "wants 4 galaxies or more" : "--perplexity 2"), tsne.err());
            assertEquals("", Hoag.run("map", survey, "--method", "pca", "-q").err());
        }
    }

    @Test
    void fromPicturesToAMap() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Path pictures = Hoag.pictures(folder.resolve("pictures"), 12);
        Path survey = folder.resolve("s.hoag");
        assertEquals(
                0,
                Hoag.run("index", "-q", "--model", model, "--out", survey, pictures)
                        .code());
        Path png = folder.resolve("map.png");
        Path pdf = folder.resolve("map.pdf");
        Path csv = folder.resolve("map.csv");
        Hoag made = Hoag.run(
                "map",
                survey,
                "--neighbours",
                5,
                "--grid",
                6,
                "--cell",
                20,
                "--out",
                png,
                "--out",
                pdf,
                "--out",
                csv,
                "--json");
        assertEquals(0, made.code(), made.err());
        assertTrue(made.out().contains("\"method\":\"umap\",\"galaxies\":12"), made.out());
        assertEquals(6 * 20, ImageIO.read(png.toFile()).getWidth());
        assertEquals(List.of("id", "x", "y"), Catalogue.read(csv).columns());
        assertEquals(12, Catalogue.read(csv).size());
        String page = Files.readString(pdf, StandardCharsets.ISO_8859_1);
        int table = Integer.parseInt(page.replaceAll("(?s).*startxref\n(\\d+)\n%%EOF\n", "$1"));
        assertTrue(page.startsWith("%PDF-1.4") && page.startsWith("xref", table));
        int jpeg = page.indexOf("stream\n", page.indexOf("DCTDecode")) + 7;
        byte[] inside = page.substring(jpeg, page.indexOf("\nendstream", jpeg)).getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(120, ImageIO.read(new java.io.ByteArrayInputStream(inside)).getWidth());

        Hoag grouped = Hoag.run("cluster", survey, "--k", 3, "--dims", 5, "--out", csv);
        assertTrue(
                grouped.out().contains("group 2") && grouped.out().contains("none  0 galaxies; column kmeans"),
                grouped.out());
        assertEquals(List.of("id", "kmeans"), Catalogue.read(csv).columns());
        assertEquals(
                0,
                Hoag.run("cluster", survey, "--method", "hdbscan", "--on", "map", "--least", 2, "-q")
                        .code());
        assertEquals(
                0,
                Hoag.run("cluster", survey, "--method", "gmm", "--k", "1,2", "--dims", 2, "--name", "g", "-q")
                        .code());
        assertEquals(
                0, Hoag.run("map", survey, "--place-new", "--out", csv, "-q").code());
        assertEquals(
                List.of("id", "x", "y", "g", "g.probability", "hdbscan", "kmeans"),
                Catalogue.read(csv).columns());
        Hoag many = Hoag.run("cluster", survey, "--k", 40);
        assertEquals(
                "hoag: --k 40 is more than the 12 galaxies there are; give 1..12",
                many.err().strip());

        Hoag drawn = Hoag.run("map", survey, "--place-new", "--out", png);
        assertTrue(drawn.out().startsWith("12 galaxies (0 of them new) by umap"), drawn.out() + drawn.err());
        Hoag many15 = Hoag.run("map", survey, "--neighbours", 15);
        assertEquals(1, many15.code());
        assertEquals(
                "hoag: --neighbours 15 is more than the 12 galaxies there are; give 2..12",
                many15.err().strip());
        assertTrue(Hoag.run("map", survey, "--out", "map.gif").err().contains("want a name that ends in .png"));
    }
}
