package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.engine.nn.Modules;
import hoag.galaxy.Preset;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Images;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.models.Backbones;
import hoag.galaxy.tree.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulated star clusters say that they are, and the recipe for real ones runs on them from end to end. */
class SimulateTest {
    @TempDir
    Path folder;

    private Catalogue simulate(Path out, int count, Object... more) {
        List<Object> all = new ArrayList<>(List.of("simulate", "--out", out, "--count", count, "-q"));
        all.addAll(List.of(more));
        Hoag run = Hoag.run(all.toArray());
        assertEquals(0, run.code(), run.err());
        return Catalogue.read(out.resolve("clusters.csv"));
    }

    @Test
    void labelledAsSimulatedWithTheSharesOfNgc1566() throws IOException {
        Path out = folder.resolve("clusters");
        Catalogue table = simulate(out, 100, "--size", 32);
        assertEquals(Map.of("yes", 100L), counted(table, "simulated"));
        assertEquals(Map.of("1", 19L, "2", 16L, "3", 28L, "4", 37L), counted(table, "class"));
        Map<String, Long> parts = counted(table, "split");
        assertEquals(70, parts.get("train"), 2);
        assertEquals(20, parts.get("test"), 2);
        Path first = out.resolve("images").resolve(table.rows().getFirst().text("file"));
        String header = new String(Files.readAllBytes(first), StandardCharsets.US_ASCII);
        assertTrue(header.matches("(?s).*SIMULATE *= +T.*"), "SIMULATE");
        var picture = Images.read(first, Bands.named("NUV", "U", "B", "V", "I"));
        assertEquals(5, picture.channels());
        assertEquals(32, picture.width());
        simulate(folder.resolve("again"), 100, "--size", 32);
        assertArrayEquals(
                Files.readAllBytes(first), Files.readAllBytes(folder.resolve("again/images/" + first.getFileName())));
        simulate(folder.resolve("other"), 100, "--size", 32, "--seed", 1);
        assertTrue(Files.mismatch(first, folder.resolve("other/images/" + first.getFileName())) >= 0);
        assertEquals(1, Hoag.run("simulate", "--out", out, "--count", 3).code());
    }

    @Test
    void galaxiesWithTruthVotesAndRareKinds() throws IOException {
        Path out = folder.resolve("galaxies");
        Hoag run = Hoag.run(
                "simulate", "galaxies", "--out", out, "--count", 200, "--size", 32, "--rare", 0.02, "--threads", 2);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("dust_lane"), run.out());
        Catalogue table = Catalogue.read(out.resolve("galaxies.csv"));
        assertEquals(200, table.rows().size());
        assertEquals(Map.of("yes", 200L), counted(table, "simulated"));
        assertEquals(Map.of("yes", 20L, "no", 180L), counted(table, "rare"));
        assertEquals(4, counted(table, "kind").get("lens"));
        assertTrue(table.columns().containsAll(COLUMNS), "votes of the tree");
        var picture = Images.read(
                out.resolve("images").resolve(table.rows().getFirst().text("file")), Bands.SINGLE);
        assertEquals(32, picture.width());
        assertTrue(Images.read(out.resolve("sheet.png"), Bands.SINGLE).height() > 12 * 32);
        Path again = folder.resolve("again");
        Hoag.run(
                "simulate",
                "galaxies",
                "--out",
                again,
                "--count",
                200,
                "--size",
                32,
                "--rare",
                0.02,
                "--threads",
                1,
                "-q");
        for (String file : List.of("galaxies.csv", "sheet.png", "images/sim0000000.png", "images/sim0000199.png")) {
            assertEquals(-1, Files.mismatch(out.resolve(file), again.resolve(file)), file);
        }
    }

    @Test
    void galaxiesAsCounts() throws IOException {
        Path out = folder.resolve("counts");
        Hoag run =
                Hoag.run("simulate", "galaxies", "--out", out, "--count", 20, "--size", 32, "--format", "fits", "-q");
        assertEquals(0, run.code(), run.err());
        Path first = out.resolve("images/sim0000000.fits");
        assertTrue(new String(Files.readAllBytes(first), StandardCharsets.US_ASCII).matches("(?s).*SIMULATE *= +T.*"));
        assertEquals(3, Images.read(first, Bands.named("g", "r", "z")).channels());
    }

    /** A name, a value, and what is allowed. */
    @Test
    void whatIsNotAllowed() {
        for (String[] wrong : new String[][] {
            {"--count", "3"}, {"--rare", "0.5"}, {"--size", "4"}, {"--seeing", "-1"}, {"--sky", "0"}, {"--people", "0"}
        }) {
            Hoag run = Hoag.run("simulate", "galaxies", "--out", folder.resolve("no"), wrong[0], wrong[1]);
            assertEquals(1, run.code());
            assertTrue(run.err().contains(wrong[0] + " ") && run.err().contains("must be"), run.err());
        }
        assertTrue(Hoag.run("simulate").err().contains("--out DIR is missing"));
        assertTrue(Hoag.run("simulate", "galaxies").err().contains("hoag simulate galaxies --help"));
    }

    /** Half of the cut-outs are others by then: the old table would lie. */
    @Test
    void aRunThatWasStoppedLeavesNoTable() {
        Path out = folder.resolve("clusters");
        simulate(out, 20, "--size", 16);
        var result = new hoag.galaxy.Simulate(out, 40, 16, 1).run(new hoag.galaxy.learn.Progress() {
            private int asked;

            @Override
            public boolean stopping() {
                return asked++ > 5;
            }
        });
        assertFalse(result.finished());
        assertFalse(Files.exists(result.catalogue()), "a table of the cut-outs before");
    }

    @Test
    void tablesThatAreCsvAreNotCalledAnythingElse() throws IOException {
        Path votes = Files.writeString(folder.resolve("v.csv"), "id\n");
        for (String name : List.of("s.fits", "s.csv.gz", "s.xlsx")) {
            Hoag run = Hoag.run("summary", "--catalog", votes, "--out", folder.resolve(name));
            assertEquals(1, run.code());
            assertTrue(run.err().contains(".csv"), run.err());
            assertFalse(run.err().contains("catalogue has column names"), run.err());
        }
    }

    private static Map<String, Long> counted(Catalogue table, String column) {
        return table.labels(column).stream().collect(Collectors.groupingBy(label -> label, Collectors.counting()));
    }

    /** ResNet-18 for three colours, as ImageNet's is, becomes one for five bands. */
    @Test
    void theRecipeFromThreeColoursToFiveBands() throws IOException {
        Path out = folder.resolve("clusters");
        simulate(out, 60, "--size", 32);
        Path published = folder.resolve("resnet18.safetensors");
        List<TensorData> tensors = new ArrayList<>();
        Modules.variables(Backbones.create("resnet18", 3, 3, 1000, 0))
                .forEach((key, variable) -> tensors.add(TensorData.of(key, variable.shape(), variable.values())));
        Safetensors.write(published, tensors, new TreeMap<>(Map.of("architecture", "resnet18")));
        Path model = folder.resolve("clusters.safetensors");
        Hoag run = Hoag.run(
                "finetune",
                "--recipe",
                "star-clusters",
                "--catalog",
                out.resolve("clusters.csv"),
                "--images",
                out.resolve("images"),
                "--label",
                "class",
                "--bands",
                "NUV,U,B,V,I",
                "--from",
                published,
                "--size",
                32,
                "--epochs",
                1,
                "--freeze",
                "encoder.conv1.*",
                "--out",
                model,
                "-q");
        assertEquals(0, run.code(), run.err());
        assertEquals(5, GalaxyModel.load(model).preprocess().channels());
        float[] three = stem(published, "conv1.weight");
        float[] five = stem(model, "encoder.conv1.weight");
        int area = 49;
        for (int filter = 0; filter < 64; filter++) {
            for (int i = 0; i < area; i++) {
                double colours = 0;
                double bands = 0;
                for (int c = 0; c < 3; c++) colours += three[(filter * 3 + c) * area + i];
                for (int b = 0; b < 5; b++) bands += five[(filter * 5 + b) * area + i];
                // repeated in turn, so that what all bands share is seen about as strongly as before
                double repeated = 0;
                for (int b = 0; b < 5; b++) repeated += three[(filter * 3 + b % 3) * area + i] * 3 / 5.0;
                assertEquals(repeated, bands, 1e-5);
            }
        }
        Hoag judged = Hoag.run(
                "evaluate",
                "--model",
                model,
                "--catalog",
                out.resolve("clusters.csv"),
                "--images",
                out.resolve("images"),
                "--out",
                folder.resolve("report"));
        assertEquals(0, judged.code(), judged.err());
        assertTrue(Files.readString(folder.resolve("report/report.html")).contains("data:image/jpeg"));
        assertEquals("resnet18", Preset.of("star-clusters").architecture());
    }

    private static float[] stem(Path file, String key) {
        try (Weights weights = Weights.open(file)) {
            return weights.get(key).floats();
        }
    }

    /** The 7 classes straight from votes, and the 8 of Lin et al. 2021 with their weights. */
    @Test
    void classesFromVotesAndClassesWithWeights() throws IOException {
        Path images = Hoag.pictures(folder.resolve("images"), 12);
        String[] kinds = {"round", "in-between", "edge", "barred", "tie"};
        StringBuilder votes = new StringBuilder("id,split," + String.join(",", COLUMNS) + "\n");
        for (int i = 0; i < 12; i++) {
            votes.append("g" + i + (i < 8 ? ",train," : ",valid,"))
                    .append(row(kinds[i % 4]))
                    .append('\n');
        }
        votes.append("g99,train,").append(row("tie")).append('\n');
        Files.writeString(folder.resolve("votes.csv"), votes);
        Path table = folder.resolve("summary.csv");
        Hoag run = Hoag.run("summary", "--catalog", folder.resolve("votes.csv"), "--out", table);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("3  smooth_round") && run.out().contains("1  unassigned"), run.out());
        var classes = Catalogue.read(table);
        assertEquals("smooth_round", classes.rows().get(0).text("summary"));
        assertEquals("smooth_inbetween", classes.rows().get(1).text("summary"));
        assertEquals("edge_on_disk", classes.rows().get(2).text("summary"));
        assertEquals("barred_spiral", classes.rows().get(3).text("summary"));
        assertTrue(classes.rows().get(12).isBlank("summary"));
        Object[] common = {"--images", images, "--epochs", 1, "--batch", 4, "-q"};
        Hoag seven = Hoag.run(and(
                common,
                "train",
                "--catalog",
                table,
                "--label",
                "summary:class",
                "--architecture",
                "test_resnet",
                "--size",
                32,
                "--skip-missing",
                "--out",
                folder.resolve("seven.safetensors")));
        assertEquals(0, seven.code(), seven.err());

        StringBuilder eight = new StringBuilder("id,split,class\n");
        for (int i = 0; i < 12; i++) eight.append("g" + i + ",train," + i % 8 + "\n");
        Files.writeString(folder.resolve("eight.csv"), eight);
        Path weighted = folder.resolve("eight.safetensors");
        Hoag lin = Hoag.run(and(
                common,
                "train",
                "--recipe",
                "linformer",
                "--catalog",
                folder.resolve("eight.csv"),
                "--label",
                "class:class",
                "--class-weights",
                "0=4.6,1=4,2=20.9,3=9.6,4=7.7,5=5.1,6=26.5,7=73.3",
                "--out",
                weighted));
        assertEquals(0, lin.code(), lin.err());
        assertTrue(Hoag.run("info", weighted).out().contains("linformer_gz2"));
    }

    private static final List<String> COLUMNS = Schema.named("gz2").labelColumns();

    private static String row(String kind) {
        int[] votes = new int[COLUMNS.size()];
        boolean smooth = kind.equals("round") || kind.equals("in-between");
        votes[COLUMNS.indexOf("smooth-or-featured-gz2_smooth")] = kind.equals("tie") ? 20 : smooth ? 30 : 5;
        votes[COLUMNS.indexOf("smooth-or-featured-gz2_featured-or-disk")] = kind.equals("tie") ? 20 : smooth ? 5 : 33;
        votes[COLUMNS.indexOf("disk-edge-on-gz2_yes")] = kind.equals("edge") ? 25 : 2;
        votes[COLUMNS.indexOf("disk-edge-on-gz2_no")] = kind.equals("edge") ? 8 : 30;
        votes[COLUMNS.indexOf("has-spiral-arms-gz2_yes")] = 25;
        votes[COLUMNS.indexOf("bar-gz2_yes")] = 20;
        votes[COLUMNS.indexOf("bar-gz2_no")] = 5;
        votes[COLUMNS.indexOf("something-odd-gz2_no")] = 38;
        votes[COLUMNS.indexOf("how-rounded-gz2_round")] = kind.equals("round") ? 25 : 5;
        votes[COLUMNS.indexOf("how-rounded-gz2_in-between")] = kind.equals("round") ? 5 : 25;
        return Arrays.stream(votes).mapToObj(String::valueOf).collect(Collectors.joining(","));
    }

    private static Object[] and(Object[] more, Object... first) {
        List<Object> all = new ArrayList<>(Arrays.asList(first));
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }
}
