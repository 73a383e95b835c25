package hoag.tests;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Puts one mistake after the other into a copy of one source file, compiles it before the product on the class path, and runs the tests that
 * must notice. Prints a Markdown table. Run by {@code tests/mutants}, with parts of names to try some of them only.
 */
public final class Mutants {
    private static final long SECONDS = 300;

    private final Path root;
    private final String classPath;

    /** @param root of the repository, built */
    Mutants(Path root) {
        this.root = root;
        this.classPath = Jvm.classPathOfTests(root);
    }

    static Path list(Path root) {
        return root.resolve("tests/src/test/resources/mutants.txt");
    }

    /** Fails with exit code 1 if a mutant survives. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path root = Path.of(args[0]).toAbsolutePath().normalize();
        Mutants mutants = new Mutants(root);
        List<String> wanted = Arrays.asList(args).subList(1, args.length);
        List<String> survivors = new ArrayList<>();
        System.out.println("| mistake | file | noticed by |\n|---|---|---|");
        int tried = 0;
        for (Mutant mutant : Mutant.read(list(root))) {
            if (wanted.isEmpty() || wanted.stream().anyMatch(mutant.name()::contains)) {
                String verdict = mutants.verdict(mutant);
                tried++;
                if (verdict.equals("SURVIVES")) {
                    survivors.add(mutant.name());
                }
                String file = Path.of(mutant.file()).getFileName().toString();
                System.out.println("| " + mutant.name() + " | `" + file + "` | " + verdict + " |");
            }
        }
        System.out.println();
        System.out.println(
                tried + " tried, " + (survivors.isEmpty() ? "none survives" : "these survive: " + survivors));
        System.exit(survivors.isEmpty() ? 0 : 1);
    }

    /** The test that failed, or SURVIVES. */
    String verdict(Mutant mutant) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("hoag-mutant");
        try {
            compile(mutant, scratch);
            return run(mutant.test(), scratch);
        } finally {
            try (Stream<Path> files = Files.walk(scratch)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** The tests of {@code test} on the product as it is: null if they pass, else the first that fails. */
    private void compile(Mutant mutant, Path scratch) throws IOException {
        Path source = scratch.resolve(Path.of(mutant.file()).getFileName());
        Files.writeString(source, mutant.applied(root));
        StringWriter said = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, null);
        var options = List.of("-d", scratch.toString(), "-cp", classPath, "--add-modules", "jdk.incubator.vector");
        if (!compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(source))
                .call()) {
            throw new IllegalStateException(mutant.name() + " does not compile: " + said);
        }
    }

    private String run(String test, Path scratch) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(test.split(" ")));
        String name = words.removeFirst();
        words.add("-Dhoag.shared="
                + System.getProperty("hoag.shared", root.resolve("../shared").toString()));
        List<String> command =
                Jvm.command(words, scratch + java.io.File.pathSeparator + classPath, OneTest.class, List.of(name));
        Path log = scratch.resolve("log.txt");
        Process process = new ProcessBuilder(command)
                .directory(root.resolve("engine").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return "`" + name.substring(name.lastIndexOf('.') + 1) + "`, which does not end";
        }
        List<String> lines = Files.readAllLines(log);
        return switch (process.exitValue()) {
            case 0 -> "SURVIVES";
            case OneTest.FAILED ->
                lines.stream()
                        .filter(line -> line.startsWith(OneTest.MARK))
                        .map(line -> line.substring(OneTest.MARK.length()))
                        .findFirst()
                        .orElse("`" + name + "`");
            default -> throw new IllegalStateException(test + " could not be run: " + String.join("\n", lines));
        };
    }
}
