package hoag.tests;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Java processes with the flags of this one, for what must be seen in a process of its own. */
final class Jvm {
    private Jvm() {}

    /** How a process ended, and all it printed. */
    record Ran(int code, String said) {}

    /**
     * The command that starts a class.
     *
     * @param flags beside those of this process that concern the JVM itself; later ones win
     */
    static List<String> command(List<String> flags, String classPath, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-X") || flag.startsWith("--add-modules"))
                .forEach(command::add);
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(arguments);
        return command;
    }

    static Ran run(List<String> flags, String classPath, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(flags, classPath, main, List.of(arguments)))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        return new Ran(process.waitFor(), said);
    }

    /** Of this process, for any working directory. */
    static String classPath() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(classPath.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The class path with the tests of all modules before it. */
    static String classPathOfTests(Path root) {
        return Stream.concat(
                        Stream.of("kernels", "engine", "tests")
                                .map(module -> root.resolve(module + "/target/test-classes")
                                        .toString()),
                        Stream.of(classPath()))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
