package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the README is the Java of {@link ReadmeExamples}, and that runs. */
class ReadmeTest {
    @Test
    void theExamplesAreTheReadmes() throws IOException {
        List<String> blocks = Docs.blocks(Files.readString(Docs.root().resolve("README.md"))).stream()
                .filter(block -> block.language().equals("java"))
                .map(Docs.Block::text)
                .toList();
        String source = Files.readString(Docs.root().resolve("tests/src/test/java/hoag/tests/ReadmeExamples.java"));
        String[] examples = source.split("// README\n");
        assertEquals(blocks.size(), examples.length - 1);
        for (int i = 0; i < blocks.size(); i++) {
            assertEquals(bare(blocks.get(i)), closed(bare(examples[i + 1].split("// end\n")[0])));
        }
    }

    /** The mark may stand before the last brace. */
    private static String closed(String code) {
        long open = code.chars().filter(c -> c == '{').count();
        return open > code.chars().filter(c -> c == '}').count() ? code + "}" : code;
    }

    /** Without comments, blanks and line ends, which the formatter sets otherwise. */
    private static String bare(String code) {
        return code.replaceAll("(?m)//.*$", "").replaceAll("\\s+", "");
    }

    @Test
    void aPicture(@TempDir Path folder) {
        Path file = folder.resolve("m.safetensors");
        Small.model(32, 1).save(file);
        assertTrue(ReadmeExamples.picture(file, new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB)).length > 100);
    }

    @Test
    void sevenClasses(@TempDir Path folder) throws IOException {
        Path start = folder.resolve("m.safetensors");
        Small.model(32, 1).save(start);
        var images = Small.examples(folder, 0, 24).images();
        StringBuilder csv = new StringBuilder("id,split,label\n");
        for (int i = 0; i < 24; i++) {
            csv.append("g%d,%s,class %d%n".formatted(i, i < 16 ? "train" : "valid", i % 7));
        }
        Path catalogue = Files.writeString(folder.resolve("c.csv"), csv);
        var fitted = ReadmeExamples.adapt(start, catalogue, images.getFirst());
        assertTrue(fitted.finished() && Files.exists(fitted.out()));
        Path out = folder.resolve("by-hand.safetensors");
        assertTrue(Double.isFinite(ReadmeExamples.loop(fitted.out(), catalogue, folder, out)));
        assertTrue(Files.mismatch(fitted.out(), out) >= 0, "the loop changed nothing");
    }

    @Test
    void aStep() {
        double loss = ReadmeExamples.step(new float[16 * 3 * 224 * 224], new float[16]);
        assertEquals(Math.log(10), loss, 0.5);
    }
}
