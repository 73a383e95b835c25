package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Tensor;
import hoag.galaxy.Model;
import hoag.kernels.Backend;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that know of Hoag only its jars: compiled and run on the class path, on the module path, and in an image of their own. */
class OutsideProjectTest {
    private static final long LARGEST = 2_000_000;
    private static final List<String> LIBRARIES = List.of(
            "picocli",
            "fastcsv",
            "nom-tam-fits",
            "commons-math3",
            "commons-compress",
            "commons-codec",
            "commons-io",
            "commons-lang3");

    @TempDir
    static Path folder;

    private static Path kernels;
    private static Path engine;
    private static List<Path> everything;

    @BeforeAll
    static void jars() throws Exception {
        kernels = jar(Backend.class, "kernels");
        engine = jar(Tensor.class, "engine");
        everything = new ArrayList<>(List.of(kernels, engine, jar(Model.class, "galaxy")));
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Arrays.stream(path.split(File.pathSeparator))
                .map(Path::of)
                .filter(file -> LIBRARIES.stream()
                        .anyMatch(name -> file.getFileName().toString().startsWith(name)))
                .forEach(everything::add);
    }

    /** The module's jar; where only its classes are built, a jar of them. */
    private static Path jar(Class<?> inside, String name) throws URISyntaxException {
        Path place = Path.of(
                inside.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isRegularFile(place)) {
            return place;
        }
        Path jar = folder.resolve("hoag-" + name + ".jar");
        tool("jar", "--create", "--file", jar.toString(), "-C", place.toString(), ".");
        return jar;
    }

    private static void tool(String name, String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int code = ToolProvider.findFirst(name).orElseThrow().run(writer, writer, arguments);
        assertEquals(0, code, () -> name + " " + String.join(" ", arguments) + "\n" + said);
    }

    private static String path(List<Path> jars) {
        return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static Path source(String name) throws URISyntaxException {
        return Path.of(OutsideProjectTest.class.getResource("/outside/" + name).toURI());
    }

    /** Compiled against jars, which stand behind {@code --class-path} or {@code --module-path}. */
    private static Path compiled(String name, String paths, String jars, String... sources) throws URISyntaxException {
        Path out = folder.resolve(name);
        List<String> arguments = new ArrayList<>(List.of("-d", out.toString(), paths, jars));
        for (String source : sources) {
            arguments.add(source(source).toString());
        }
        tool("javac", arguments.toArray(String[]::new));
        return out;
    }

    private static String run(Path java, String... arguments) throws IOException, InterruptedException {
        return run(0, java, arguments);
    }

    private static String run(int code, Path java, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx1g"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(code, process.waitFor(), said);
        return said;
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    @Test
    void onTheClassPath() throws Exception {
        String jars = path(List.of(kernels, engine));
        Path out = compiled("class-path", "--class-path", jars, "engine/Slope.java");
        String said = run(
                java(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                jars + File.pathSeparator + out,
                "outside.engine.Slope");
        assertTrue(said.contains("slope 3.0"), said);
    }

    @Test
    void withoutTheVectorModule() throws Exception {
        String jars = path(List.of(kernels, engine));
        Path out = compiled("no-vector", "--class-path", jars, "engine/Slope.java");
        String said = run(1, java(), "-cp", jars + File.pathSeparator + out, "outside.engine.Slope");
        assertTrue(said.contains("--add-modules jdk.incubator.vector"), said);
    }

    /** The flag is not needed here: the module says what it requires. */
    @Test
    void onTheModulePath() throws Exception {
        String jars = path(everything);
        Path out = compiled(
                "modules/outside.galaxy", "--module-path", jars, "galaxy/module-info.java", "galaxy/Look.java");
        Path model = folder.resolve("model.safetensors");
        Small.model(32, 1).save(model);
        String said = run(
                java(),
                "--module-path",
                jars + File.pathSeparator + out.getParent(),
                "-m",
                "outside.galaxy/outside.galaxy.Look",
                model.toString());
        assertTrue(said.contains("stage: ") && said.contains("radius: "), said);
    }

    @Test
    void inAnImageOfItsOwn() throws Exception {
        String jars = path(List.of(kernels, engine));
        Path out = compiled(
                "image-modules/outside.engine", "--module-path", jars, "engine/module-info.java", "engine/Slope.java");
        Path image = folder.resolve("image");
        tool(
                "jlink",
                "--module-path",
                jars + File.pathSeparator + out.getParent(),
                "--add-modules",
                "outside.engine",
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--compress",
                "zip-6",
                "--output",
                image.toString());
        String said = run(image.resolve("bin/java"), "-m", "outside.engine/outside.engine.Slope");
        assertTrue(said.contains("slope 3.0"), said);
        long bytes = size(image);
        System.out.println("jlink image with kernels and engine: " + bytes / 1_000_000 + " MB");
        assertTrue(bytes < 80_000_000, bytes + " bytes");
    }

    private static long size(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void smallJars() throws IOException {
        long bytes = Files.size(kernels) + Files.size(engine);
        assertTrue(bytes < LARGEST, "kernels and engine take " + bytes + " bytes; want less than " + LARGEST);
    }
}
