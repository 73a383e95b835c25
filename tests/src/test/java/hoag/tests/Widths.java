package hoag.tests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The case list and random programs against float64, in JVMs that are held to vectors of a width, with the vector kernels from the first call or
 * with their plain twins alone. {@code tests/widths} runs all of them, {@link WidthTest} some.
 *
 * @param bits of the longest vector; the machine's where it has shorter ones
 * @param vectors {@code first} or {@code never}
 */
public record Widths(int bits, String vectors) {
    static final List<Widths> ALL = List.of(
            new Widths(512, "first"),
            new Widths(256, "first"),
            new Widths(128, "first"),
            new Widths(512, "never"),
            new Widths(256, "never"),
            new Widths(128, "never"));

    private static final String CASES = "hoag.kernels.ConformanceTest";
    private static final String PROGRAMS = "hoag.engine.PropertyTest";

    List<String> flags() {
        return List.of("-XX:MaxVectorSize=" + bits / 8, "-Dhoag.vectors=" + vectors);
    }

    /**
     * One of so many cases, and so many random programs.
     *
     * @return how many tests passed, or the first that failed, with code {@link OneTest#FAILED}
     */
    Jvm.Ran run(Path root, int every, int examples) throws IOException, InterruptedException {
        List<String> flags = new ArrayList<>(flags());
        flags.addAll(List.of("-Dhoag.every=" + every, "-Dhoag.examples=" + examples));
        return Jvm.run(flags, Jvm.classPathOfTests(root), OneTest.class, CASES, PROGRAMS);
    }

    /** Argument: the root of the repository. Exit code 1 if anything fails. */
    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println("| bits | vector kernels | seconds | |\n|---|---|---|---|");
        int failures = 0;
        for (Widths each : ALL) {
            long start = System.nanoTime();
            Jvm.Ran ran = each.run(Path.of(args[0]), 1, 150);
            System.out.printf(
                    "| %d | %s | %.0f | %s |%n",
                    each.bits, each.vectors, (System.nanoTime() - start) / 1e9, lastLine(ran.said()));
            failures += ran.code() == 0 ? 0 : 1;
        }
        System.exit(failures == 0 ? 0 : 1);
    }

    private static String lastLine(String said) {
        return said.lines().reduce("", (before, line) -> line);
    }
}
