package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hoag.engine.files.Weights;
import hoag.engine.nn.Modules;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nom.tam.fits.Fits;
import nom.tam.fits.ImageData;
import nom.tam.util.FitsOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails in Zoobot 2.9.0, line by line of docs/from-zoobot.md, done with Hoag. */
class FromZoobotTest {
    private static final int GALAXIES = 9;

    @TempDir
    static Path once;

    static Path tree;

    @TempDir
    Path folder;

    Path images;
    Path catalogue;

    @BeforeAll
    static void aTree() throws IOException {
        tree = Hoag.model(once.resolve("tree.safetensors"), 0.3);
    }

    @BeforeEach
    void galaxies() throws IOException {
        images = Hoag.pictures(folder.resolve("images"), GALAXIES);
        catalogue = Hoag.catalogue(folder.resolve("c.csv"), GALAXIES);
    }

    /** A command on the catalogue and its pictures; options stand in one string, files behind it in the places of its %s. */
    private Hoag hoag(String command, Path... files) {
        List<Object> words = new ArrayList<>();
        int next = 0;
        for (String word : command.split(" ")) words.add(word.equals("%s") ? files[next++] : word);
        words.addAll(1, List.of("--catalog", catalogue, "--images", images));
        return Hoag.run(words.toArray());
    }

    private Hoag done(String command, Path... files) {
        Hoag run = hoag(command, files);
        assertEquals(0, run.code(), run.err());
        return run;
    }

    /** Six galaxies train, three validate. */
    private Path trained(String name, String options) {
        Path out = folder.resolve(name + ".safetensors");
        String epochs = options.contains("--epochs") ? "" : " --epochs 2";
        done("train --architecture test_resnet --size 32 --rate 1e-3 -q --out %s " + options + epochs, out);
        return out;
    }

    private Path finetuned(Path from, String options) {
        Path out = folder.resolve("finetuned.safetensors");
        done("finetune --from %s --out %s -q " + options, from, out);
        return out;
    }

    private Catalogue predicted(Path model, String... options) {
        Path out = folder.resolve("p.csv");
        done(
                String.join(" ", "predict --model %s --out %s -q", String.join(" ", options))
                        .strip(),
                model,
                out);
        return Catalogue.read(out);
    }

    private static float[] head(Path model) {
        return GalaxyModel.load(model).net().head().linear().weight().values();
    }

    @Test
    void representationsOverACatalogue() throws IOException {
        done("represent --model %s --out %s -q", tree, folder.resolve("f.npy"));
        assertEquals(
                GALAXIES + 1, Files.readAllLines(folder.resolve("f.ids.csv")).size());
        assertEquals(128 + GALAXIES * 512 * 4, Files.size(folder.resolve("f.npy")));
    }

    @Test
    void aTreePredictsOverACatalogue() {
        var said = predicted(tree);
        assertEquals(GALAXIES, said.size());
        for (var row : said.rows()) {
            double sum = 0;
            for (String answer : List.of("smooth", "featured", "artifact"))
                sum += row.number("shape_" + answer + "_fraction");
            assertEquals(1, sum, 1e-3);
        }
    }

    @Test
    void aLastBatchOfOneGalaxy() {
        Path model = trained("number", "--label radius:number --batch 5");
        assertEquals(GALAXIES, predicted(model, "--batch 8").size());
    }

    @Test
    void aFinetunedTreeIsReadAndFinetunedAgain() throws IOException {
        Path again = finetuned(tree, "--label ring:flag");
        assertEquals("resnet18", GalaxyModel.load(again).architecture()); // which nobody had to say
        assertEquals(
                List.of("ring"),
                GalaxyModel.load(again).tasks().stream().map(Task::name).toList());
    }

    @Test
    void zoobotsOwnFinetunedTree() {
        Path file = golden("science/zoobot/tree-test_convnext.ckpt");
        assertEquals(GALAXIES, predicted(file).size());
        Path next = finetuned(file, "--label stage --size 64");
        assertEquals("test_convnext", GalaxyModel.load(next).architecture());
        Path hub = folder.resolve("hub");
        Hoag converted = Hoag.run("convert", file, hub);
        assertEquals(0, converted.code(), converted.err());
        assertEquals(GALAXIES, predicted(hub).size());
        assertEquals(GalaxyModel.load(file).tasks(), GalaxyModel.load(hub).tasks());
    }

    private static Path golden(String name) {
        var found = Stream.of(System.getProperty("hoag.shared", "../../shared"), "../shared")
                .map(folder -> Path.of(folder, "golden").resolve(name))
                .filter(Files::exists)
                .findFirst();
        assumeTrue(found.isPresent(), "no development data");
        return found.get();
    }

    private static void refused(Hoag run, String... told) {
        assertEquals(1, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        for (String part : told) assertTrue(run.err().contains(part), part + " in " + run.err());
    }

    /** Cut off, of another architecture than said, or made to run code: one line, and nothing is run. */
    @Test
    void checkpointsThatAreWrong() throws IOException {
        Path good = golden("science/zoobot/tree-test_convnext.ckpt");
        byte[] whole = Files.readAllBytes(good);
        Path cut = folder.resolve("cut.ckpt");
        Path said = folder.resolve("p.csv");
        Path out = folder.resolve("n.safetensors");
        for (int length : new int[] {0, 10, whole.length / 3, whole.length - 30}) {
            Files.write(cut, Arrays.copyOf(whole, length));
            refused(hoag("predict --model %s --out %s -q", cut, said), "cut.ckpt");
        }
        refused(
                hoag("finetune --label stage --from %s --architecture resnet18 --out %s -q", good, out),
                "does not fit the architecture",
                "conv1.weight",
                "is missing");
        Path hostile = golden("engine/files/bad-calls-system.pt");
        refused(hoag("predict --model %s --out %s -q", hostile, said), "bad-calls-system.pt");
        refused(Hoag.run("convert", hostile, out), "bad-calls-system.pt");
        assertFalse(Files.exists(out));
    }

    @Test
    void classWeightsCount() {
        Path plain = trained("plain", "--label stage");
        Path weighted = trained("weighted", "--label stage --class-weights E=1,Sa=3");
        assertFalse(Arrays.equals(head(plain), head(weighted)));
    }

    /** The rate that is given (1e-3 by {@link #trained}) is the highest, and each schedule goes its own way from it. */
    @Test
    void everySchedule() throws IOException {
        double[] cosine = rates("cosine");
        double[] step = rates("step");
        double[] constant = rates("constant");
        assertEquals(1e-3, Arrays.stream(constant).min().orElseThrow(), 1e-9);
        assertTrue(cosine[1] < cosine[0] && cosine[2] < cosine[1] && cosine[2] > 0, Arrays.toString(cosine));
        assertEquals(1e-5, step[2], 1e-9);
        assertEquals(3, rates("plateau").length);
        for (double[] rates : List.of(cosine, step, constant))
            assertTrue(Arrays.stream(rates).max().orElseThrow() <= 1e-3 + 1e-9, Arrays.toString(rates));
        trained("warm", "--label stage --warmup 0.3");
    }

    /** The rate of each of three epochs. */
    private double[] rates(String schedule) throws IOException {
        Path out = trained(schedule, "--label stage --warmup 0 --epochs 3 --patience 0 --schedule " + schedule);
        return column(out, "rate").mapToDouble(Double::parseDouble).toArray();
    }

    /** What a training wrote down of its epochs. */
    private Stream<String> column(Path out, String name) throws IOException {
        var lines = Files.readAllLines(folder.resolve(out.getFileName() + ".metrics.csv"));
        int at = Arrays.asList(lines.getFirst().split(",")).indexOf(name);
        return lines.stream().skip(1).map(line -> line.split(",")[at]);
    }

    @Test
    void aLinearCheckOfTheRepresentations() {
        assertEquals(
                GALAXIES,
                predicted(finetuned(tree, "--label stage --mode probe")).size());
    }

    @Test
    void onlyTheTopBlocksAreFinetuned() {
        Path out = finetuned(tree, "--label stage --mode blocks=1 --epochs 1 --warmup 0");
        var before = Modules.variables(GalaxyModel.load(tree).net());
        var after = Modules.variables(GalaxyModel.load(out).net());
        for (String key : List.of("encoder.conv1.weight", "encoder.layer3.1.conv2.weight", "encoder.bn1.running_mean"))
            assertTrue(Arrays.equals(before.get(key).values(), after.get(key).values()), key + " stays");
        String top = "encoder.layer4.1.conv2.weight"; // of the last epoch: the best may be the head alone
        try (Weights last = Weights.open(out.resolveSibling(out.getFileName() + ".last"))) {
            assertFalse(Arrays.equals(before.get(top).values(), last.get(top).floats()));
        }
    }

    @Test
    void monteCarloPasses() {
        var once = predicted(tree).rows().getFirst();
        var often = predicted(tree, "--samples 5").rows().getFirst();
        assertNotEquals(once.number("shape_smooth_fraction"), often.number("shape_smooth_fraction"));
        assertTrue(often.number("shape_smooth_lower") < often.number("shape_smooth_upper"));
    }

    @Test
    void aBatchLargerThanTheDataTrains() throws IOException {
        Path out = trained("large", "--label stage --batch 256 --epochs 3 --patience 0");
        List<String> losses = column(out, "train_loss").distinct().toList();
        assertEquals(3, losses.size(), "every epoch is a step: " + losses);
    }

    @Test
    void aGreyModelLeavesLaterOnesAlone() throws IOException {
        var grey = GalaxyModel.create(
                "test_resnet", List.of(new Task.Flag("ring")), Preprocess.of(32, Channels.LUMINANCE), 0, 0, 1);
        assertEquals(1, firstChannels(grey));
        assertEquals(3, firstChannels(GalaxyModel.load(trained("colour", "--label stage"))));
    }

    private static int firstChannels(GalaxyModel model) {
        return Modules.variables(model.net().encoder()).values().stream()
                .filter(variable -> variable.shape().rank() == 4)
                .findFirst()
                .orElseThrow()
                .shape()
                .dim(1);
    }

    /** Zoobot reads plane 0 of HDU 0 alone. */
    @Test
    void aFitsOfThreeBands() throws Exception {
        float[][][] cube = new float[3][40][40];
        for (int band = 0; band < 3; band++)
            for (int y = 0; y < 40; y++)
                for (int x = 0; x < 40; x++)
                    cube[band][y][x] =
                            (float) Math.exp(-((x - 20) * (x - 20) + (y - 20) * (y - 20)) / (20.0 + 40 * band));
        for (int i = 0; i < GALAXIES; i++) {
            Files.delete(images.resolve("g" + i + ".png"));
            try (var fits = new Fits();
                    var out = new FitsOutputStream(Files.newOutputStream(images.resolve("g" + i + ".fits")))) {
                cube[0][i][i] = i;
                fits.addHDU(ImageData.from(cube).toHDU());
                fits.write(out);
            }
        }
        var model = GalaxyModel.create(
                "test_resnet",
                List.of(new Task.Flag("ring")),
                Preprocess.of(32, Channels.RGB).bands(Bands.of(0, 1, 2)),
                0,
                0,
                1);
        Path file = folder.resolve("bands.safetensors");
        model.save(file);
        assertEquals(GALAXIES, predicted(file).size());
    }

    @Test
    void upperCaseSuffixes() throws IOException {
        Files.move(images.resolve("g0.png"), images.resolve("g0.PNG"));
        Files.move(images.resolve("g1.png"), images.resolve("g1.Png"));
        assertEquals(GALAXIES, predicted(tree).size());
    }

    @Test
    void aMissingImageCostsItselfAlone() throws IOException {
        Files.delete(images.resolve("g4.png"));
        Path out = folder.resolve("p.csv");
        Hoag run = done("predict --model %s --out %s", tree, out);
        assertTrue(run.err().contains("g4"), run.err());
        assertEquals(
                List.of("g0", "g1", "g2", "g3", "g5", "g6", "g7", "g8"),
                Catalogue.read(out).ids());
        refused(hoag("predict --model %s --out %s --strict -q", tree, folder.resolve("strict.csv")), "g4");
    }

    /** Nothing is looked for on the network: the name of a hub is the name of a file that is not there. */
    @Test
    void aNameOfAHubIsNoFile() {
        Hoag run = hoag(
                "finetune --label stage --from hf_hub:mwalmsley/zoobot-encoder-convnext_nano --out %s",
                folder.resolve("n.safetensors"));
        assertEquals(1, run.code());
        assertTrue(run.err().contains("no such file"), run.err());
    }

    @Test
    void idsComeFirst() throws IOException {
        predicted(tree);
        assertTrue(Files.readAllLines(folder.resolve("p.csv")).stream().anyMatch(line -> line.startsWith("id,")));
    }

    /** Every line of the page's table of failures names a test that is there. */
    @Test
    void everyLineOfThePageNamesATest() throws IOException {
        var tests = Stream.of(FromZoobotTest.class, BadPicturesTest.class, SmallCatalogueTest.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .map(method -> method.getName())
                .toList();
        String page = Files.readString(Path.of("../docs/from-zoobot.md"));
        String table = page.substring(page.indexOf("## What fails there"), page.indexOf("## What differs"));
        List<String> rows =
                table.lines().filter(line -> line.startsWith("|")).skip(2).toList();
        assertTrue(rows.size() > 20, table);
        for (String row : rows) {
            String last = row.substring(row.lastIndexOf('|', row.length() - 2));
            List<String> named = Pattern.compile("`([a-z]\\w+)`")
                    .matcher(last)
                    .results()
                    .map(name -> name.group(1))
                    .filter(name -> name.chars().anyMatch(Character::isUpperCase))
                    .toList();
            assertTrue(last.contains("the same tests") || !named.isEmpty() && tests.containsAll(named), row);
        }
    }
}
