package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.ImageData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a catalogue, its labels or its images: one line that names it and the cure, before any work. */
class CatalogueBadInputTest {
    @TempDir
    Path folder;

    Path images;

    @BeforeEach
    void make() throws IOException {
        images = Hoag.pictures(folder.resolve("images"), 12);
    }

    private Hoag train(Path catalogue, Object... more) {
        var all = new java.util.ArrayList<Object>(List.of(
                "train",
                "--catalog",
                catalogue,
                "--images",
                images,
                "--architecture",
                "test_resnet",
                "--size",
                32,
                "--epochs",
                1,
                "--batch",
                4,
                "--out",
                folder.resolve("m.safetensors"),
                "-q"));
        all.addAll(List.of(more));
        return Hoag.run(all.toArray());
    }

    private void refused(Hoag run, String... told) {
        assertEquals(1, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        for (String part : told) assertTrue(run.err().contains(part), part + " in " + run.err());
    }

    private Path table(String... lines) throws IOException {
        return Files.writeString(folder.resolve("c.csv"), String.join("\n", lines));
    }

    @Test
    void labels() throws IOException {
        refused(
                train(
                        table("id,split,kind", "g0,train,a", "g1,train,b", "g2,valid,ring", "g3,valid,a"),
                        "--label",
                        "kind"),
                "class \"ring\" of column kind has no galaxy in train (1 in valid)",
                "divide with --stratify kind");
        refused(
                train(table("id,T", "g0,1.5", "g1,2", "g2,Sb", "g3,4"), "--label", "T"),
                "c.csv line 4 (id g2): T is \"Sb\", but 3 of the 4 labels are numbers",
                "T:class");
        refused(
                train(table("id,T", "g0,1.5", "g1,NaN", "g2,3"), "--label", "T"),
                "line 3 (id g1): T is \"NaN\"",
                "blank");
        refused(
                train(table("id,kind", "g0,a", "g1,b"), "--label", "kinds"),
                "no column \"kinds\"; did you mean \"kind\"?");
        refused(
                train(table("id,split,T", "g0,train,", "g1,train,", "g2,valid,3", "g3,valid,4"), "--label", "T:number"),
                "column T is blank for every galaxy of train");
    }

    @Test
    void galaxiesAndParts() throws IOException {
        refused(
                train(table("id,kind", "g0,a", "g1,b", "g0,a"), "--label", "kind"),
                "id \"g0\" stands on lines 2 and 4");
        refused(
                train(table("id,split,kind", "g0,valid,a", "g1,valid,b", "g2,test,a"), "--label", "kind"),
                "no galaxy is in train: there are 2 in valid, 1 in test");
        refused(train(table("id,split,kind", "g0,train,a", "g1,trein,b"), "--label", "kind"), "split is \"trein\"");
        var many = new StringBuilder("id,kind\n");
        for (int i = 0; i < 13; i++) many.append("g").append(i).append(i % 2 == 0 ? ",a\n" : ",b\n");
        Files.writeString(folder.resolve("c.csv"), many);
        refused(
                train(folder.resolve("c.csv"), "--label", "kind", "--split-seed", 1, "--stratify", "kind"),
                "(id g12): no image \"g12\"");
        Hoag run = train(
                folder.resolve("c.csv"), "--label", "kind", "--split-seed", 1, "--stratify", "kind", "--skip-missing");
        assertEquals(0, run.code(), run.err());
        refused(
                Hoag.run(
                        "evaluate",
                        "--model",
                        folder.resolve("m.safetensors"),
                        "--catalog",
                        table("id,kind", "g1,b", "g2,a"),
                        "--images",
                        images,
                        "--out",
                        folder.resolve("e")),
                "the model learnt from another table");
    }

    private Path image(String name, String... bands) throws IOException, FitsException {
        Files.createDirectories(folder.resolve("sky"));
        try (var fits = new Fits()) {
            for (var band : bands) {
                var plane = new float[40][40];
                for (int i = 0; i < 1600; i++)
                    plane[i / 40][i % 40] = band.charAt(0) + i % 7 + i / 40 % 9 * name.length();
                var unit = ImageData.from(plane).toHDU();
                unit.getHeader().addValue("EXTNAME", band, null);
                fits.addHDU(unit);
            }
            fits.write(folder.resolve("sky").resolve(name).toFile());
        }
        return folder.resolve("sky").resolve(name);
    }

    /** One image lacks a band, one is no FITS, one is missing: their rows say so, the others have their answers. */
    @Test
    void aBandIsMissingInOneImage() throws IOException, FitsException {
        image("a.fits", "g", "r", "i");
        image("b.fits", "i", "r", "g");
        image("c.fits", "g", "r", "z");
        Hoag.pictures(folder.resolve("sky"), 1);
        var csv = table("id,file", "a,a.fits", "b,b.fits", "c,c.fits", "d,g0.png", "e,e.fits", "f,a.fits");
        var model = folder.resolve("bands.safetensors");
        GalaxyModel.create(
                        "test_resnet",
                        List.of(new Task.Number("T", 0, 1)),
                        Preprocess.of(32, Bands.named("g", "r", "i")),
                        0,
                        0,
                        7)
                .save(model);
        Hoag run = Hoag.run(
                "predict",
                "--catalog",
                csv,
                "--images",
                folder.resolve("sky"),
                "--model",
                model,
                "--batch",
                2,
                "--status",
                "--out",
                folder.resolve("v.fits"));
        assertEquals(0, run.code(), run.err());
        var said = Catalogue.read(folder.resolve("v.fits"));
        assertEquals(List.of("id", "T", "status"), said.columns());
        assertEquals(List.of("a", "b", "c", "d", "e", "f"), said.ids());
        var status = said.labels("status");
        assertEquals("ok ok ok", status.get(0) + " " + status.get(1) + " " + status.get(5));
        assertTrue(status.get(2).contains("c.fits: no band i; it has bands g, r, z"), status.get(2));
        assertTrue(status.get(3).contains("g0.png: a PNG has no bands by name"), status.get(3));
        assertTrue(status.get(4).contains("e.fits: no such file"), status.get(4));
        assertEquals(said.rows().get(0).text("T"), said.rows().get(5).text("T"));
        assertTrue(said.rows().get(2).isBlank("T") && !said.rows().get(1).isBlank("T"));

        Hoag strict = Hoag.run(
                "predict",
                folder.resolve("sky/c.fits"),
                "--model",
                model,
                "--strict",
                "--out",
                folder.resolve("w.csv"));
        refused(strict, "no band i; it has bands g, r, z");
        Hoag plain =
                Hoag.run("predict", folder.resolve("sky"), "--model", model, "--out", folder.resolve("w.csv"), "-q");
        assertEquals(0, plain.code());
        assertEquals(2, Catalogue.read(folder.resolve("w.csv")).size());
        assertEquals(
                2,
                plain.err()
                        .lines()
                        .filter(line -> line.startsWith("hoag: left out: "))
                        .count(),
                plain.err());
    }

    @Test
    void trainsOnBandsAndFoldersWithACache() throws IOException, FitsException {
        for (int i = 0; i < 8; i++) {
            Files.move(
                    image("x" + "y".repeat(i) + ".fits", "g", "r"),
                    Files.createDirectories(folder.resolve(i % 2 == 0 ? "set/train/a" : "set/train/b"))
                            .resolve("p" + i + ".fits"));
        }
        Path out = folder.resolve("m.safetensors");
        Object[] train = {
            "train",
            "--catalog",
            folder.resolve("set"),
            "--bands",
            "r,g",
            "--architecture",
            "test_resnet",
            "--size",
            32,
            "--epochs",
            2,
            "--batch",
            4,
            "--out",
            out,
            "-q",
            "--cache",
            folder.resolve("cache"),
            "--augment",
            "none"
        };
        Hoag run = Hoag.run(train);
        assertEquals(0, run.code(), run.err());
        var model = GalaxyModel.load(out);
        assertEquals("r, g", model.preprocess().bands().names());
        assertEquals(List.of("class"), Task.labelColumns(model.tasks()));
        var kept = Files.readAllBytes(out);
        assertTrue(Files.size(folder.resolve("cache/pictures.hoag")) > 8 * 32 * 32 * 2 * 4);
        Files.delete(out);
        train[train.length - 3] = folder.resolve("other");
        assertEquals(0, Hoag.run(train).code());
        org.junit.jupiter.api.Assertions.assertArrayEquals(kept, Files.readAllBytes(out));
    }
}
