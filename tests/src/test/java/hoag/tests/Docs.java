package hoag.tests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Code blocks of the documents. */
final class Docs {
    private static final Pattern BLOCK = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL);

    private Docs() {}

    /** A block between three back quotes. */
    record Block(String language, String text) {}

    static List<Block> blocks(String page) {
        List<Block> blocks = new ArrayList<>();
        for (Matcher found = BLOCK.matcher(page); found.find(); ) {
            blocks.add(new Block(found.group(1), found.group(2)));
        }
        return blocks;
    }

    /** Where the README stands. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("README.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
