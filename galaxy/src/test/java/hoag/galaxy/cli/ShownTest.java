package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Commands that the documents and {@code --help} show can be typed: their options exist, their values are read; those of the tools' page are run. */
class ShownTest {
    /** Options of the JVM and of scripts in bench/ that sentences name by themselves; bench's own page is full of them. */
    private static final Set<String> FOREIGN = Set.of("--add-modules", "--engines", "--full", "--version");

    @TestFactory
    Stream<DynamicTest> thePages() throws IOException {
        List<DynamicTest> all = new ArrayList<>();
        for (Path page : Shown.pages()) {
            for (Shown shown : Shown.on(page)) {
                all.add(DynamicTest.dynamicTest(shown.where() + ": " + shown.text(), () -> understood(shown)));
            }
        }
        return all.stream();
    }

    @TestFactory
    Stream<DynamicTest> theHelp() {
        return commands().flatMap(command -> {
            List<Shown> examples = Shown.in(command);
            assertTrue(!examples.isEmpty(), command.getCommandName() + " --help has no example");
            return examples.stream().map(shown -> DynamicTest.dynamicTest(shown.text(), () -> understood(shown)));
        });
    }

    /** Examples that can be copied, as they are not folded; a word of their own for the values of options. */
    @TestFactory
    Stream<DynamicTest> theHelpIsTidy() {
        return commands().map(command -> DynamicTest.dynamicTest(command.getCommandName(), () -> tidy(command)));
    }

    /** All of them, those of two words too. */
    private static Stream<CommandLine> commands() {
        return Main.commandLine().getSubcommands().values().stream()
                .flatMap(command -> Stream.concat(Stream.of(command), command.getSubcommands().values().stream()));
    }

    private static void tidy(CommandLine command) {
        for (String line : command.getCommandSpec().usageMessage().footer()) {
            assertTrue(!line.startsWith("  hoag") || line.length() <= 130, () -> "is folded: " + line);
        }
        assertFalse(command.getUsageMessage().contains("=<"), () -> command.getUsageMessage());
    }

    private static void understood(Shown shown) {
        String[] words = shown.words().toArray(String[]::new);
        try {
            Main.commandLine().parseArgs(words);
        } catch (CommandLine.MissingParameterException e) {
            assertTrue(!shown.whole(), () -> shown + ": " + e.getMessage());
        } catch (CommandLine.ParameterException e) {
            throw new AssertionError(shown + ": " + e.getMessage(), e);
        }
    }

    @Test
    void optionsThatSentencesNameExist() throws IOException {
        Set<String> known = commands()
                .flatMap(command -> command.getCommandSpec().options().stream())
                .map(OptionSpec::longestName)
                .collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>();
        for (Path page : Shown.pages()) {
            Shown.options(page).stream()
                    .filter(option -> !page.endsWith("bench/README.md"))
                    .filter(option -> !known.contains(option) && !FOREIGN.contains(option))
                    .forEach(option -> unknown.add(page.getFileName() + " " + option));
        }
        assertEquals(Set.of(), unknown);
    }

    /** Modules and tests that are there; without the tests' classes only modules that need none of another's. */
    @Test
    void mavenIsAskedForWhatThereIs() throws IOException {
        String tests = testClasses();
        List<String> wrong = new ArrayList<>();
        for (Path page : Shown.pages()) {
            for (String build : Shown.builds(page)) {
                Stream<String> modules = named(build, "-pl ([\\w,-]+)")
                        .filter(module -> !Files.exists(Path.of("..", module, "pom.xml")));
                Stream<String> classes = named(build, "-Dtest='?([\\w,*]+)")
                        .filter(test -> !tests.matches("(?s).*\\b" + test.replace("*", "\\w*") + "\\.java.*"));
                Stream.concat(modules, classes)
                        .forEach(name -> wrong.add(page.getFileName() + " ./mvnw" + build + ": " + name));
                if (build.contains("maven.test.skip=true") && !build.contains("-pl ")) {
                    wrong.add(page.getFileName() + " ./mvnw" + build + ": a module wants the tests of another");
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static Stream<String> named(String build, String option) {
        return Pattern.compile(option)
                .matcher(build)
                .results()
                .flatMap(found -> Stream.of(found.group(1).split(",")));
    }

    private static String testClasses() throws IOException {
        try (Stream<Path> files = Files.find(
                Path.of(".."),
                12,
                (file, about) -> about.isRegularFile() && file.toString().contains("/src/test/java/"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.joining("\n"));
        }
    }

    /** What docs/tools.md does with the bundled galaxies, from the first command to the last, but for the server and for trainings. */
    @Test
    void theToolsPageRuns(@TempDir Path folder) throws IOException {
        Set<String> tools = Set.of("index", "search", "map", "cluster");
        int run = 0;
        for (Shown shown : Shown.on(Path.of("../docs/tools.md"))) {
            if (shown.whole() && tools.contains(shown.words().getFirst())) {
                Object[] words =
                        shown.words().stream().map(word -> placed(folder, word)).toArray();
                Hoag said = Hoag.run(words);
                assertEquals(0, said.code(), () -> shown + ": " + said.err());
                run++;
            }
        }
        assertTrue(run >= 6, run + " commands");
        assertDoesNotThrow(() -> Files.size(folder.resolve("near.png")));
    }

    /** Files of the checkout where they are, all others in a folder; there is one survey. */
    private static String placed(Path folder, String word) {
        if (word.startsWith("galaxy/src/")) {
            return "../" + word;
        }
        return word.matches(".*\\.(hoag|csv|png|pdf)")
                ? folder.resolve(word.replaceFirst(".*\\.hoag", "survey.hoag")).toString()
                : word;
    }
}
