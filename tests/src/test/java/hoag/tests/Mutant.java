package hoag.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One mistake put into the product.
 *
 * @param file under the root of the repository
 * @param test the class that must fail, then properties for its JVM
 * @param was the text that is replaced; it stands in the file once
 */
record Mutant(String name, String file, String test, String was, String becomes) {
    static List<Mutant> read(Path list) {
        List<Mutant> all = new ArrayList<>();
        String[] fields = new String[5];
        for (String line : lines(list)) {
            int field = line.length() < 2 ? -1 : "=@!-+".indexOf(line.charAt(0));
            if (field >= 0) {
                fields[field] = line.substring(2);
            }
            if (field == 4) {
                all.add(new Mutant(fields[0], fields[1], fields[2], fields[3], fields[4]));
            }
        }
        return all;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file's text with the mistake in it. */
    String applied(Path root) throws IOException {
        String text = Files.readString(root.resolve(file));
        int at = text.indexOf(was);
        if (at < 0 || text.indexOf(was, at + 1) >= 0) {
            throw new IllegalStateException(
                    name + ": '" + was + "' stands " + (at < 0 ? "nowhere" : "more than once") + " in " + file);
        }
        return text.substring(0, at) + becomes + text.substring(at + was.length());
    }
}
