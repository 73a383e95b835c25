package hoag.galaxy.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command in a JVM of its own, started as this one was. */
final class Child {
    private Child() {}

    static List<String> command(Object... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-X") || flag.startsWith("--add-modules"))
                .forEach(command::add);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, Main.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    static String say(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes());
    }

    /** Its words, without what the JVM says of itself. */
    static List<String> lines(String said) {
        return said.lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator"))
                .toList();
    }
}
