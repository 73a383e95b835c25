package hoag.galaxy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * A command as a document or a {@code --help} shows it.
 *
 * @param where the document, or the command with its help
 * @param whole whether everything that it needs is there; a command in a sentence may name its subject alone
 * @param text from {@code hoag} on
 */
record Shown(String where, boolean whole, String text) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
    private static final Pattern SPAN = Pattern.compile("`((?:HOAG_OPTS=\\S+ )?(?:\\./)?hoag [a-z][^`]*)`");
    private static final Pattern OPTION = Pattern.compile("`(--[a-z][a-z-]+)[^`]*`");
    private static final Pattern BUILD = Pattern.compile("\\./mvnw( [^`\\n]*)");
    private static final Pattern LINE = Pattern.compile("^ *(?:\\./)?(hoag [a-z].*)$");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    /** The project's pages. */
    static List<Path> pages() throws IOException {
        Path root = Path.of("..");
        try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "bench/README.md", "tables/README.md")
                                    .map(root::resolve),
                            docs.filter(page -> page.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    /** The commands of a page, in order: of its blocks, then of its sentences. */
    static List<Shown> on(Path page) throws IOException {
        String text = Files.readString(page);
        String name = page.getFileName().toString();
        List<Shown> all = new ArrayList<>();
        BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).isEmpty())
                .flatMap(block -> block.group(2).replaceAll("\\\\\\n\\s*", "").lines())
                .forEach(line ->
                        LINE.matcher(line).results().forEach(found -> all.add(new Shown(name, true, found.group(1)))));
        SPAN.matcher(BLOCK.matcher(text).replaceAll(""))
                .results()
                .map(span -> span.group(1).replace("\\|", "|").replaceFirst("^(HOAG_OPTS=\\S+ )?(\\./)?", ""))
                .forEach(command -> all.add(new Shown(name, false, command)));
        return all;
    }

    /** Calls of Maven on a page, in blocks and in sentences. */
    static List<String> builds(Path page) throws IOException {
        return BUILD.matcher(Files.readString(page))
                .results()
                .map(found -> found.group(1).replaceFirst("\\s+#.*|\\s*&&.*", ""))
                .toList();
    }

    /** Options that sentences of a page name alone. */
    static List<String> options(Path page) throws IOException {
        return OPTION.matcher(BLOCK.matcher(Files.readString(page)).replaceAll(""))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** The examples of a command's help. */
    static List<Shown> in(CommandLine command) {
        String[] footer = command.getCommandSpec().usageMessage().footer();
        return String.join("\n", footer)
                .replaceAll("\\\\\\n\\s*", "")
                .lines()
                .flatMap(line -> LINE.matcher(line).results())
                .map(found -> new Shown(
                        command.getCommandName() + " --help",
                        true,
                        found.group(1).replaceFirst(" {3,}.*", "")))
                .toList();
    }

    /** The words behind {@code hoag}: with what is optional, of alternatives the first, without dots that stand for more. */
    List<String> words() {
        return WORD.matcher(text.replaceFirst("\\s+#.*$", "").replaceAll("[\\[\\]]", " "))
                .results()
                .map(Shown::word)
                .filter(word -> !word.isEmpty())
                .skip(1)
                .toList();
    }

    private static String word(MatchResult found) {
        return found.group(3) == null
                ? found.group(1) == null ? found.group(2) : found.group(1)
                : found.group(3).replaceFirst("\\|.*", "").replace("...", "");
    }
}
