package hoag.galaxy.cli;

import static hoag.galaxy.learn.Mode.blocks;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.engine.nn.Modules;
import hoag.galaxy.Adapting;
import hoag.galaxy.Compute;
import hoag.galaxy.Curve;
import hoag.galaxy.Finetune;
import hoag.galaxy.Fitted;
import hoag.galaxy.Labelled;
import hoag.galaxy.Model;
import hoag.galaxy.Preset;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Mode;
import hoag.galaxy.learn.Probe;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Task;
import hoag.kernels.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes, folds, curves and recipes on forty small pictures: round red ones and long blue ones. */
class CurveCommandTest {
    @TempDir
    Path folder;

    private Path csv;
    private Path images;
    private Path model;

    @BeforeEach
    void galaxies() throws IOException {
        images = Hoag.pictures(folder.resolve("images"), 40);
        model = Hoag.model(folder.resolve("start.safetensors"), 0);
        StringBuilder text = new StringBuilder("id,split,label,long,size\n");
        for (int i = 0; i < 40; i++) {
            String part = i < 20 ? "train" : i < 28 ? "valid" : "test";
            boolean large = i % 23 > 11; // the width of the blob
            text.append("g%d,%s,%s,%s,%.1f%n"
                    .formatted(i, part, large ? "wide" : "slim", large ? "yes" : "no", i % 23 / 4.0));
        }
        csv = Files.writeString(folder.resolve("galaxies.csv"), text);
    }

    private Hoag hoag(String command, Object... more) {
        Object[] all = new Object[more.length + 7];
        System.arraycopy(new Object[] {command, "--catalog", csv, "--images", images, "--threads", 2}, 0, all, 0, 7);
        System.arraycopy(more, 0, all, 7, more.length);
        return Hoag.run(all);
    }

    @Test
    void aProbeKeepsItsRepresentations() throws IOException {
        Path kept = folder.resolve("kept");
        Object[] options = {
            "--label",
            "label",
            "--label",
            "size:number",
            "--from",
            model,
            "--mode",
            "probe",
            "--views",
            8,
            "--features",
            kept,
            "--json",
            "--out",
            folder.resolve("probe.safetensors")
        };
        Hoag first = hoag("finetune", options);
        assertEquals(0, first.code(), first.err());
        List<Path> files = Hoag.files(kept);
        assertEquals(2, files.size(), "one of the training galaxies, one of the validation galaxies");
        byte[] bits = Files.readAllBytes(folder.resolve("probe.safetensors"));
        for (Path image : Hoag.files(images)) { // the pictures are needed no more, their names and times are
            var time = Files.getLastModifiedTime(image);
            Files.write(image, new byte[(int) Files.size(image)]);
            Files.setLastModifiedTime(image, time);
        }
        Hoag again = hoag("finetune", options);
        assertEquals(0, again.code(), again.err());
        assertEquals(-1, java.util.Arrays.mismatch(bits, Files.readAllBytes(folder.resolve("probe.safetensors"))));
        assertEquals(files, Hoag.files(kept));
    }

    @Test
    void everyGalaxyIsAnsweredByTheModelThatDoesNotKnowIt() throws IOException {
        Path out = folder.resolve("m.safetensors");
        Hoag run = hoag("finetune", "--label", "label", "--from", model, "--mode", "probe", "--folds", 4, "--out", out);
        assertEquals(0, run.code(), run.err());
        List<String> rows = Files.readAllLines(folder.resolve("m.folds.csv"));
        assertEquals("id,fold,label_predicted,label_slim_probability,label_wide_probability", rows.getFirst());
        assertEquals(1 + 28, rows.size(), "training and validation galaxies; the test part is left alone");
        Set<String> folds = new HashSet<>();
        Set<String> ids = new HashSet<>();
        rows.stream().skip(1).map(row -> row.split(",")).forEach(row -> {
            ids.add(row[0]);
            folds.add(row[1]);
        });
        assertEquals(28, ids.size());
        assertEquals(Set.of("1", "2", "3", "4"), folds);
        var report = Json.read(folder.resolve("m.folds.json"));
        assertEquals(4, report.get("folds").items().size());
        double sum = 0;
        for (var fold : report.get("folds").items()) {
            sum += fold.get("label").get("accuracy").number();
        }
        String mean = report.get("summary").get("label").get("accuracy").string();
        assertEquals(sum / 4, Double.parseDouble(mean.split(" ")[0]), 1e-4);
        assertEquals(
                7, (int) rows.stream().filter(row -> row.matches("g\\d+,1,.*")).count());
        assertTrue(Files.exists(folder.resolve("m.fold4.safetensors")) && !Files.exists(out));
    }

    /** One picture of the training part goes after the first cell, one of the test part with it: the other cells do without, and say so. */
    @ParameterizedTest
    @ValueSource(strings = {"probe", "full"})
    void aCurveDoesWithoutPicturesThatGo(String mode) throws IOException {
        Path out = folder.resolve("gone");
        var settings = Finetune.SETTINGS.mode(Mode.parse(mode)).epochs(1).batch(8);
        var curve = new Curve(
                        Labelled.label(csv, images, "long:flag"),
                        List.of(Curve.Start.of("first=" + model), Curve.Start.of("second=" + model)),
                        out,
                        List.of(20))
                .recipe(Finetune.RECIPE.size(32).settings(settings))
                .repeats(1)
                .compute(Compute.cpu(2));
        List<String> said = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void at(String what, long done, long total, String note) {
                if (what.equals("cells") && done == 1) {
                    remove("g3.png");
                    remove("g35.png");
                }
            }

            @Override
            public void say(String line) {
                said.add(line);
            }
        };
        assertEquals(2, curve.run(progress).cells());
        assertEquals(
                Set.of("g3", "g35"),
                Set.copyOf(Catalogue.read(out.resolve("left-out.csv")).ids()));
        assertTrue(
                said.stream().anyMatch(line -> line.contains("g35.png") && line.contains("do without")),
                said::toString);
        List<String> cells = Files.readAllLines(out.resolve("cells.csv"));
        assertTrue(cells.stream().anyMatch(line -> line.startsWith("second")), cells::toString);
    }

    private void remove(String picture) {
        try {
            Files.delete(images.resolve(picture));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A rate that breaks everything: what is kept is the head on frozen representations, and its loss is said. */
    @Test
    void finetuningIsNotWorseThanItsHeadAlone() {
        double[] losses = new double[2];
        for (int i = 0; i < 2; i++) {
            Path out = folder.resolve("m" + i + ".safetensors");
            var settings = Finetune.SETTINGS
                    .mode(i == 0 ? Mode.HEAD : Mode.FULL)
                    .epochs(2)
                    .rate(0.02)
                    .clip(0);
            losses[i] = new Finetune(Labelled.label(csv, images, "long:flag"), model, out)
                    .recipe(Finetune.RECIPE.size(32).settings(settings))
                    .compute(Compute.cpu(2))
                    .run(Progress.NONE)
                    .validLoss();
        }
        assertEquals(losses[0], losses[1], 1e-4);
        var alone = Modules.variables(
                GalaxyModel.load(folder.resolve("m0.safetensors")).net());
        Modules.variables(GalaxyModel.load(folder.resolve("m1.safetensors")).net())
                .forEach((key, kept) -> assertArrayEquals(alone.get(key).values(), kept.values(), key));
    }

    @Test
    void aCurveGoesOnWhereItStopped() throws IOException {
        Path out = folder.resolve("curve");
        var curve = new Curve(
                        Labelled.label(csv, images, "label", "long:flag"),
                        List.of(Curve.Start.of("scratch"), Curve.Start.of("blobs=" + model)),
                        out,
                        List.of(6, 16))
                .repeats(2)
                .architecture("test_resnet")
                .recipe(Finetune.RECIPE.size(32).settings(Finetune.SETTINGS.mode(Mode.PROBE)))
                .compute(Compute.cpu(2));
        int[] cells = new int[1];
        Progress stop = new Progress() {
            @Override
            public void at(String what, long done, long total, String note) {
                cells[0] += what.equals("cells") ? 1 : 0;
            }

            @Override
            public boolean stopping() {
                return cells[0] >= 3;
            }
        };
        var stopped = curve.run(stop);
        assertFalse(stopped.finished());
        assertEquals(3, stopped.cells());
        List<String> before = Files.readAllLines(out.resolve("cells.csv"));
        var result = curve.run(Progress.NONE);
        assertTrue(result.finished() && result.of() == 8);
        List<String> after = Files.readAllLines(out.resolve("cells.csv"));
        assertEquals(before, after.subList(0, before.size()));
        assertTrue(result.means().stream().allMatch(mean -> mean.repeats() == 2));
        assertTrue(result.means().stream()
                .anyMatch(mean ->
                        mean.metric().equals("average_precision") && mean.task().equals("long")));
        String figure = Files.readString(out.resolve("curve.svg"));
        assertTrue(figure.contains("blobs") && figure.contains("label: accuracy"), figure);
        assertThrows(ConfigException.class, () -> curve.recipe(Finetune.RECIPE).run(Progress.NONE));
    }

    @Test
    void wholeModelsOnACurve() {
        Path out = folder.resolve("full");
        Hoag run = hoag(
                "curve",
                "--label",
                "label",
                "--start",
                "blobs=" + model,
                "--sizes",
                8,
                "--repeats",
                1,
                "--mode",
                "full",
                "--epochs",
                2,
                "--batch",
                4,
                "--out",
                out,
                "--json");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("\"cells\": 1"), run.out());
        assertFalse(Files.exists(out.resolve("cell-blobs-8-1.safetensors")));
    }

    @Test
    void recipesAndOptions() {
        Hoag zoobot = hoag(
                "finetune", "--label", "label", "--from", model, "--out", "x", "--recipe", "zoobot-2.9", "--print");
        for (String part :
                List.of("layers         timm", "rate           1.0E-4", "weight_decay   0.05", "dropout        0.5")) {
            assertTrue(zoobot.out().contains(part), part + " is not in\n" + zoobot.out());
        }
        Hoag changed = hoag(
                "finetune",
                "--label",
                "label",
                "--from",
                model,
                "--out",
                "x",
                "--recipe",
                "zoobot-2.9",
                "--rate",
                0.5,
                "--mode",
                "blocks=2",
                "--print");
        assertTrue(changed.out().contains("rate           0.5"), changed.out());
        assertTrue(changed.out().contains("mode           blocks=2"), changed.out());
        assertTrue(changed.out().contains("dropout        0.5"), changed.out());
        Hoag lin = hoag("train", "--label", "label", "--out", "x", "--recipe", "linformer", "--print");
        for (String part : List.of(
                "architecture   linformer_gz2", "step_epochs    5", "step_factor    0.9", "optimizer      adam")) {
            assertTrue(lin.out().contains(part), part + " is not in\n" + lin.out());
        }
        for (String name : Preset.NAMES) {
            assertTrue(Preset.of(name).train().settings().rate() > 0);
        }
        Hoag unknown = hoag("train", "--label", "label", "--out", "x", "--recipe", "zoobot", "--print");
        assertEquals(1, unknown.code());
        assertTrue(unknown.err().contains("zoobot-2.0, zoobot-2.9, gz-decals"), unknown.err());
    }

    @Test
    void fromWeightsToACatalogue() {
        Path weights = model;
        Fitted fitted = Finetune.from(weights)
                .classes(2)
                .mode(blocks(2))
                .epochs(1)
                .images(images)
                .recipe(made -> made.settings(made.settings().batch(4)))
                .fit(csv);
        assertTrue(fitted.finished());
        assertEquals(folder.resolve("galaxies.safetensors"), fitted.out());
        try (Model adapted = Model.load(fitted.out())) {
            assertTrue(adapted.predict(images.resolve("g1.png")).toString().contains("label"));
        }
        Adapting seven = Finetune.from(weights).classes(7).images(images);
        String said = assertThrows(ConfigException.class, () -> seven.fit(csv)).getMessage();
        assertTrue(said.contains("2 classes (slim, wide), not 7"), said);
    }

    /** Several flags are a multi-label model; a number beside them is regression; each galaxy counts where it has a label. */
    @Test
    void severalLabelsAtOnce() throws IOException {
        Path gaps = Files.writeString(
                folder.resolve("gaps.csv"), Files.readString(csv).replaceAll("(g1?[0-4],.*),(yes|no),", "$1,,"));
        Fitted fitted = Finetune.from(model)
                .labels("label", "long:flag", "size:number")
                .mode(Mode.PROBE)
                .recipe(made -> made.probe(Probe.ONE.views(2)))
                .images(images)
                .fit(gaps);
        assertEquals(
                List.of(Task.Classes.class, Task.Flag.class, Task.Number.class),
                GalaxyModel.load(fitted.out()).tasks().stream()
                        .map(Object::getClass)
                        .toList());
        assertTrue(Double.isFinite(fitted.validLoss()));
    }

    /** Votes of two campaigns, every galaxy in one of them: eight to learn from, four to choose by. */
    private Path twoCampaigns() throws IOException {
        List<String> columns = new java.util.ArrayList<>();
        for (String tree : List.of("gz2", "gz-decals-dr5")) {
            columns.addAll(hoag.galaxy.tree.Schema.of(tree).labelColumns());
        }
        int first = hoag.galaxy.tree.Schema.of("gz2").labelColumns().size();
        StringBuilder text = new StringBuilder("id,split," + String.join(",", columns) + "\n");
        for (int i = 0; i < 12; i++) {
            text.append("g%d,%s".formatted(i, i < 8 ? "train" : "valid"));
            for (int c = 0; c < columns.size(); c++) {
                boolean asked = (c < first) == (i % 2 == 0);
                text.append(',').append(asked ? String.valueOf((i + c) % 5 + 1) : "");
            }
            text.append('\n');
        }
        return Files.writeString(folder.resolve("votes.csv"), text);
    }

    /** {@code --tree A --tree B} says the same as {@code --tree A+B}; one campaign twice is no model. */
    @Test
    void aTreeGivenTwice() throws IOException {
        Object[] learn = {
            "finetune", "--catalog", twoCampaigns(), "--images", images, "--from", model, "--mode", "probe"
        };
        for (String second : List.of("gz-decals-dr5", "gz2")) {
            Path out = folder.resolve("twice-" + second + ".safetensors");
            var all = new java.util.ArrayList<Object>(List.of(learn));
            all.addAll(List.of("--tree", "gz2", "--tree", second, "--out", out, "-q"));
            Hoag run = Hoag.run(all.toArray());
            if (second.equals("gz2")) {
                assertEquals(1, run.code());
                assertTrue(run.err().contains("gz2") && run.err().contains("twice"), run.err());
                assertFalse(Files.exists(out));
            } else {
                assertEquals(0, run.code(), run.err());
                assertEquals(
                        List.of("gz2", "gz-decals-dr5"),
                        GalaxyModel.load(out).tasks().stream().map(Task::name).toList());
            }
        }
    }

    /** A galaxy of one campaign has no votes in the other: the other's questions learn nothing from it. */
    @Test
    void severalCampaignsInOneModel() throws IOException {
        Path votes = twoCampaigns();
        Fitted fitted = Finetune.from(model)
                .tree("gz2+gz-decals-dr5")
                .mode(Mode.PROBE)
                .images(images)
                .fit(votes);
        var tasks = GalaxyModel.load(fitted.out()).tasks();
        assertEquals(
                List.of("gz2", "gz-decals-dr5"), tasks.stream().map(Task::name).toList());
        Path out = folder.resolve("said.csv");
        assertEquals(
                0,
                Hoag.run("predict", images, "--model", fitted.out(), "--out", out, "-q")
                        .code());
        String header = Files.readAllLines(out).getFirst();
        assertTrue(
                header.contains("smooth-or-featured-gz2_smooth") && header.contains("smooth-or-featured-dr5_smooth"),
                header);
        Path report = folder.resolve("report");
        Hoag scored = Hoag.run(
                "evaluate",
                "--model",
                fitted.out(),
                "--catalog",
                votes,
                "--images",
                images,
                "--split",
                "all",
                "--out",
                report);
        assertEquals(0, scored.code(), scored.err());
        assertTrue(
                scored.out().contains("gz2: 6 galaxies,") && scored.out().contains("gz-decals-dr5: 6 galaxies,"),
                "each by its own galaxies: " + scored.out() + scored.err());
    }

    @Test
    void aPageToWatch() throws IOException {
        Path page = folder.resolve("live.html");
        Hoag run = hoag(
                "finetune",
                "--label",
                "label",
                "--from",
                model,
                "--mode",
                "full",
                "--epochs",
                2,
                "--batch",
                4,
                "--watch",
                page,
                "--out",
                folder.resolve("w.safetensors"),
                "-q");
        assertEquals(0, run.code(), run.err());
        String html = Files.readString(page);
        assertTrue(html.contains("valid accuracy") && html.contains("finished") && html.contains("<path"), html);
        assertTrue(html.contains("Memory of the process, GB") && html.contains(">epoch 1</text>"), html);
        for (String line : List.of("train loss", "valid loss")) {
            assertTrue(
                    html.matches("(?s).*<i style=\"background:#\\w{6}\"></i>" + line + "</span>.*"),
                    "the colour of " + line + " is shown: " + html);
        }
        assertFalse(html.contains("http-equiv=\"refresh\""), "it is over");
        assertTrue(Files.readAllLines(folder.resolve("w.safetensors.metrics.csv"))
                .getFirst()
                .endsWith("valid_accuracy"));
    }
}
