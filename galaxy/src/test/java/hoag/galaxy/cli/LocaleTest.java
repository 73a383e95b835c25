package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same words and numbers in every country: Turkish has other capitals of i, German writes 1.000,5, Arabic has digits of its own. */
class LocaleTest {
    private static final String SECONDS = "[0-9.]+ s\\b|\"seconds\":[0-9.]+";

    @TempDir
    static Path shared;

    private static List<String> here;

    private final Locale before = Locale.getDefault();

    @TempDir
    Path folder;

    @BeforeAll
    static void withoutCountry() throws IOException {
        Locale before = Locale.getDefault();
        here = everything(Locale.ROOT, Files.createDirectory(shared.resolve("work")));
        Locale.setDefault(before);
    }

    @AfterEach
    void back() {
        Locale.setDefault(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "de-DE", "ar-EG-u-nu-arab"})
    void everyVerb(String tag) throws IOException {
        Path work = shared.resolve("work");
        Files.move(work, shared.resolve("before-" + tag));
        List<String> there = everything(Locale.forLanguageTag(tag), Files.createDirectory(work));
        for (int i = 0; i < here.size(); i++) {
            assertEquals(here.get(i), there.get(i));
        }
    }

    private static List<String> everything(Locale locale, Path work) throws IOException {
        Locale.setDefault(locale);
        Path images = Hoag.pictures(work.resolve("images"), 12);
        Path csv = Hoag.catalogue(work.resolve("c.csv"), 12);
        Path model = work.resolve("m.safetensors");
        StringBuilder said = new StringBuilder();
        tell(
                said,
                "train",
                "--catalog",
                csv,
                "--images",
                images,
                "--label",
                "stage",
                "--label",
                "radius:NUMBER",
                "--architecture",
                "resnet18",
                "--size",
                32,
                "--epochs",
                1,
                "--batch",
                4,
                "--augment",
                "none",
                "--out",
                model);
        tell(
                said,
                "finetune",
                "--catalog",
                csv,
                "--images",
                images,
                "--label",
                "ring:flag",
                "--from",
                model,
                "--mode",
                "full",
                "--epochs",
                1,
                "--out",
                work.resolve("n.safetensors"));
        tell(
                said,
                "predict",
                images,
                "--model",
                model,
                "--out",
                work.resolve("v.csv"),
                "--columns",
                "friendly",
                "--bounds",
                "mixture");
        tell(said, "represent", images, "--model", model, "--out", work.resolve("f.npy"));
        tell(
                said,
                "evaluate",
                "--model",
                model,
                "--catalog",
                csv,
                "--images",
                images,
                "--out",
                work,
                "--split",
                "valid");
        tell(said, "info", model);
        tell(said, "convert", model, work.resolve("half.safetensors"), "--type", "bf16");
        tell(said, "explain", "resnet18", "--task", "infer", "--size", 32, "--batch", 1, "--runs", 0, "--threads", 1);
        tell(said, "devices");
        tell(said, "predict", work.resolve("nowhere.jpg"), "--model", model, "--out", work.resolve("w.csv"));
        said.append(Files.readString(work.resolve("v.csv"))).append(Files.readString(work.resolve("metrics.json")));
        said.append(Files.readString(work.resolve("report.html")).replaceAll("base64,[^\"']+", ""));
        Files.readAllLines(work.resolve("m.safetensors.metrics.csv"))
                .forEach(line -> said.append(line.replaceAll(",.*,", ",")).append('\n'));
        return said.toString().lines().toList();
    }

    private static void tell(StringBuilder said, Object... arguments) {
        Hoag run = Hoag.run(arguments);
        String out = arguments[0].equals("explain") ? run.out().replaceAll("\\s*[0-9][0-9.]*%?", "0") : run.out();
        said.append(run.code())
                .append(' ')
                .append(out.replaceAll(SECONDS, "0 s"))
                .append(run.err());
    }

    @Test
    void numbersInMessages() throws IOException {
        Path huge = folder.resolve("huge.png");
        Files.write(huge, png(200_000, 200_000));
        Path model = Hoag.model(folder.resolve("m.safetensors"), 0);
        for (String tag : new String[] {"de-DE", "ar-EG-u-nu-arab"}) {
            Locale.setDefault(Locale.forLanguageTag(tag));
            Hoag run = Hoag.run("predict", huge, "--model", model, "--out", folder.resolve("v.csv"), "-q");
            assertEquals(true, run.err().contains("200,000 x 200,000 pixels"), run.err());
        }
    }

    /** A PNG that says it is so large. */
    private static byte[] png(int width, int height) throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        var out = new java.io.DataOutputStream(bytes);
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        var head = java.nio.ByteBuffer.allocate(17);
        head.put(new byte[] {'I', 'H', 'D', 'R'}).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
        chunk(out, head.array());
        chunk(out, new byte[] {'I', 'E', 'N', 'D'});
        return bytes.toByteArray();
    }

    private static void chunk(java.io.DataOutputStream out, byte[] body) throws IOException {
        out.writeInt(body.length - 4);
        out.write(body);
        var sum = new java.util.zip.CRC32();
        sum.update(body);
        out.writeInt((int) sum.getValue());
    }
}
