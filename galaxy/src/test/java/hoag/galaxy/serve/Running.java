package hoag.galaxy.serve;

import hoag.engine.files.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code hoag serve} in a process of its own, that can be killed. */
record Running(Process process, String url) implements AutoCloseable {
    static Running start(Object... arguments) throws IOException {
        return start(List.of(), arguments);
    }

    /** By a command that starts another. */
    static Running start(List<String> by, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(by);
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-modules") || flag.startsWith("-XX:ObjectAlignment"))
                .forEach(command::add);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, "hoag.galaxy.cli.Main", "serve", "--json"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        return new Running(process, Json.parse("serve", line).get("url").string());
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
