package hoag.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Backend;
import hoag.kernels.Backends;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where there is no driver, or no JCuda: in a JVM of its own, as others here have the stand-in loaded. */
class CudaBackendTest {
    /** What a program sees that asks for the device. */
    public static final class Ask {
        private Ask() {}

        /** Prints the line. */
        public static void main(String[] arguments) {
            try (Backend cuda = Backends.open("cuda")) {
                System.out.print("opened " + cuda.description());
            } catch (hoag.kernels.DeviceException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    private static String ask(String without) throws IOException, InterruptedException {
        return ask(without, "");
    }

    private static String ask(String without, String before) throws IOException, InterruptedException {
        String path = before
                + Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry ->
                                without.isEmpty() || !new File(entry).getName().startsWith(without))
                        .collect(Collectors.joining(File.pathSeparator));
        Process java = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        path,
                        Ask.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(java.getInputStream().readAllBytes());
        assertEquals(0, java.waitFor(), said);
        return said;
    }

    @TempDir
    Path folder;

    /** The class by which JCuda's jar knows its version, of a version whose natives are not there. */
    private Path otherVersion() throws IOException {
        Path source = Files.writeString(
                folder.resolve("JCudaVersion.java"),
                "package jcuda; public class JCudaVersion { public static String get() { return \"12.9.9\"; } }");
        var compiler = ToolProvider.getSystemJavaCompiler();
        assertEquals(0, compiler.run(null, null, null, "-d", folder.toString(), source.toString()));
        return folder;
    }

    @Test
    void isListed() {
        assertTrue(Backends.all().stream().map(Backend::name).anyMatch("cuda"::equals));
    }

    @Test
    void withoutDriverOrJCudaItSaysSo() throws Exception {
        if (!new File("/dev/nvidia0").exists()) {
            assertEquals("cuda: libcuda.so.1 not found; install the NVIDIA driver, or run with --device cpu", ask(""));
        }
        assertTrue(
                ask("jcuda-1").startsWith("cuda: JCuda is not on the class path; add org.jcuda:jcuda:12.6.0"),
                ask("jcuda-1"));
        assertTrue(
                ask("", otherVersion() + File.pathSeparator)
                        .startsWith("cuda: JCuda's native library for this system is not there or of another version"),
                "a jar of another version than its native part");
        assertTrue(
                ask("jcuda-natives").startsWith("cuda: JCuda's native library for this system is not there"),
                ask("jcuda-natives"));
    }
}
