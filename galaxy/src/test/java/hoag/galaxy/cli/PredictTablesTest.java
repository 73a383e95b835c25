package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Looks;
import hoag.galaxy.Pictures;
import hoag.galaxy.Predict;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.learn.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same answers in every format, with their meaning, stopped and taken up again. */
class PredictTablesTest {
    @TempDir
    Path folder;

    @Test
    void theSameAnswersInEveryFormat() throws IOException, FitsException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Path images = Hoag.pictures(folder.resolve("images"), 5);
        Catalogue wanted = said(model, images, "v.csv");
        for (String name : new String[] {"v.fits", "v.parquet"}) {
            Catalogue got = said(model, images, name);
            assertEquals(wanted.columns(), got.columns());
            assertEquals(wanted.ids(), got.ids());
            assertEquals(wanted.labels("stage_predicted"), got.labels("stage_predicted"));
            for (String column : wanted.columns()) {
                if (column.equals("id") || column.equals("stage_predicted")) {
                    continue;
                }
                for (int i = 0; i < 5; i++) {
                    double value = wanted.rows().get(i).number(column);
                    assertEquals(value, got.rows().get(i).number(column), 1e-6 * Math.abs(value), column);
                }
            }
        }
        try (Fits fits = new Fits(folder.resolve("v.fits").toFile())) {
            var header = ((BinaryTableHDU) fits.getHDU(1)).getHeader();
            for (int c = 0; c < wanted.columns().size(); c++) {
                String name = wanted.columns().get(c);
                String ucd = header.getStringValue("TUCD" + (c + 1), "");
                assertEquals(ucd(name), ucd, name);
            }
        }
    }

    private static String ucd(String column) {
        return switch (column) {
            case "id" -> "meta.id;meta.main";
            case "radius" -> "";
            case "stage_predicted" -> "src.morph.type";
            default ->
                column.endsWith("_lower")
                        ? "stat.probability;stat.min"
                        : column.endsWith("_upper") ? "stat.probability;stat.max" : "stat.probability";
        };
    }

    private Catalogue said(Path model, Path images, String name) {
        Hoag run = Hoag.run("predict", images, "--model", model, "--out", folder.resolve(name), "-q");
        assertEquals(0, run.code(), run.err());
        return Catalogue.read(folder.resolve(name));
    }

    @Test
    void stoppedAndTakenUpAgain() throws IOException {
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        Path images = Hoag.pictures(folder.resolve("images"), 6);
        Files.write(images.resolve("g1.png"), new byte[3]);
        Path out = folder.resolve("v.fits");
        Predict predict = new Predict(model, Pictures.of(images), out)
                .looks(Looks.ONE.batch(2))
                .status(true);
        long[] heard = new long[1];
        var first = predict.run(new Progress() {
            @Override
            public void at(String what, long done, long total, String note) {
                heard[0] = done;
            }

            @Override
            public boolean stopping() {
                return heard[0] >= 2;
            }
        });
        assertFalse(first.finished() || Files.exists(out));
        assertTrue(predict.resume(true).run(Progress.NONE).finished());
        Catalogue said = Catalogue.read(out);
        assertEquals("[g0, g1, g2, g3, g4, g5]", said.ids().toString());
        assertTrue(
                said.labels("status").get(1).contains("g1.png"),
                said.labels("status").toString());
        assertEquals(5, said.labels("status").stream().filter("ok"::equals).count());
        assertFalse(Files.exists(folder.resolve("v.fits.part")) || Files.exists(folder.resolve("v.fits.part.json")));
    }
}
