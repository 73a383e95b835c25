package hoag.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A driver on the host's emulator instead of NVIDIA's, steered from tests. It is compiled at the first use; without a C++ compiler the tests that
 * want it are skipped.
 */
@SuppressWarnings("restricted") // a native library is what this is about
public final class StandIn {
    private static final boolean REAL = Boolean.getBoolean("hoag.cuda.real");
    private static final Path BUILT = REAL ? null : build();
    private static final SymbolLookup LIBRARY = REAL ? null : load();

    private StandIn() {}

    /** The driver as it is at first: one device, nothing fails. A real one stays as it is. */
    public static void reset() {
        if (REAL) {
            return;
        }
        assumeTrue(
                LIBRARY != null,
                "skipped: no C++ compiler here (g++, or what CXX names), so there is no stand-in for the driver");
        call("standin_reset");
    }

    private static SymbolLookup load() {
        if (BUILT == null) {
            return null;
        }
        System.load(BUILT.toString()); // what asks for libcuda.so.1 later gets this one
        for (String library : List.of("libcublas.so.12", "libcudnn.so.9")) {
            System.load(libraryFolder().resolve(library).toString());
        }
        return SymbolLookup.libraryLookup(BUILT, Arena.global());
    }

    /** The folder with libcuda.so.1; null without a compiler. */
    private static Path build() {
        Path module = Stream.of("", "src-cuda", "../src-cuda")
                .map(Path::of)
                .filter(folder -> Files.exists(folder.resolve("src/test/cuda/build")))
                .findFirst()
                .orElseThrow();
        Path sources = module.resolve("src/test/cuda").toAbsolutePath();
        Path out = module.resolve("target/standin").toAbsolutePath();
        String compiler = System.getenv().getOrDefault("CXX", "g++");
        if (!works(compiler)) {
            return null;
        }
        alone(
                out.resolveSibling("standin.lock"),
                sources.resolve("build").toString(),
                module.resolve("src/main/java/hoag/cuda").toAbsolutePath().toString(),
                out.toString());
        return out.resolve("libcuda.so.1");
    }

    /** Other JVMs that want the same wait: they find it built. */
    private static void alone(Path lock, String... command) {
        try {
            Files.createDirectories(lock.getParent());
            try (var file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var held = file.lock()) {
                assert held.isValid();
                run(command);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Device time, in milliseconds, of a call of a library; a kernel takes 1. */
    public static void cost(double ms) {
        for (String name : List.of("standin_blas_cost", "standin_dnn_cost")) {
            try {
                of(name, FunctionDescriptor.ofVoid(ValueLayout.JAVA_DOUBLE)).invokeExact(ms);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What the libraries made and was not given back. */
    public static int librariesHeld() {
        try {
            var count = FunctionDescriptor.of(ValueLayout.JAVA_INT);
            return (int) of("standin_blas_held", count).invokeExact()
                    + (int) of("standin_dnn_held", count).invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static java.lang.invoke.MethodHandle of(String name, FunctionDescriptor descriptor) {
        String file = name.contains("blas") ? "libcublas.so.12" : "libcudnn.so.9";
        return Linker.nativeLinker()
                .downcallHandle(
                        SymbolLookup.libraryLookup(libraryFolder().resolve(file), Arena.global())
                                .findOrThrow(name),
                        descriptor);
    }

    /** The folder with the stand-ins for cuBLAS and cuDNN. */
    public static Path libraryFolder() {
        return BUILT.resolveSibling("libraries");
    }

    private static boolean works(String compiler) {
        try {
            return new ProcessBuilder(compiler, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the stand-in driver does not compile:\n" + said);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where libcuda.so.1 is. */
    public static Path folder() {
        return BUILT.getParent();
    }

    /** Whether the driver is NVIDIA's own, by system property {@code hoag.cuda.real}: then nothing can be counted or made to fail. */
    public static boolean real() {
        return REAL;
    }

    /** Milliseconds before a thread that waits for all of a device begins to wait: what others do meanwhile. */
    public static void late(int milliseconds) {
        call("standin_late", milliseconds);
    }

    /** How many devices there are. */
    public static void devices(int count) {
        call("standin_devices", count);
    }

    /** The newest CUDA that the driver knows, 1000 major + 10 minor. */
    public static void version(int version) {
        call("standin_version", version);
    }

    /** Ten times the compute capability. */
    public static void capability(int capability) {
        call("standin_capability", capability);
    }

    /** The order of blocks, warps and lanes. */
    public static void seed(int seed) {
        if (!REAL) {
            call("standin_seed", seed);
        }
    }

    /** Bytes of each device. */
    public static void memory(long bytes) {
        call("standin_memory", bytes);
    }

    /** Bytes of them that other programs hold. */
    public static void others(long bytes) {
        call("standin_others", bytes);
    }

    /** The driver's function refuses with this result, after it has worked so many times. */
    public static void fail(String function, int result, int after) {
        try (Arena arena = Arena.ofConfined()) {
            handle(
                            "standin_fail",
                            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                    .invokeExact(arena.allocateFrom(function), result, after);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same where that device's context is current. */
    public static void failOn(int device, String function, int result, int after) {
        try (Arena arena = Arena.ofConfined()) {
            handle(
                            "standin_fail_on",
                            FunctionDescriptor.ofVoid(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT))
                    .invokeExact(device, arena.allocateFrom(function), result, after);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** How often the driver's function was called. */
    public static int count(String function) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) handle("standin_count", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                    .invokeExact(arena.allocateFrom(function));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was made (memory, streams, modules, graphs, contexts) and not given back. */
    public static int held() {
        return REAL ? 0 : ask("standin_held");
    }

    /** Bytes beside the memory that was given out, written by somebody. */
    public static int damaged() {
        return REAL ? 0 : ask("standin_damaged");
    }

    /** The texts of all modules that are loaded now. */
    public static List<String> modules() {
        if (REAL) {
            return List.of();
        }
        int count = ask("standin_modules");
        var texts = new ArrayList<String>();
        try {
            var handle = handle("standin_module", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            for (int i = 0; i < count; i++) {
                var text = (MemorySegment) handle.invokeExact(i);
                texts.add(text.reinterpret(Long.MAX_VALUE).getString(0));
            }
            return texts;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on, until the next reset, what kernels move through memory is counted. */
    public static void countTraffic() {
        call("standin_count_traffic");
    }

    /**
     * What was counted, a line for each kernel: its name, launches, accesses of a warp's lanes at once, sectors of 32 bytes that they move, sectors that their bytes would fill, and these bytes.
     */
    public static List<String> traffic() {
        try {
            var text = (MemorySegment) handle("standin_traffic", FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invokeExact();
            return text.reinterpret(Long.MAX_VALUE).getString(0).lines().toList();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the emulator found wrong with a kernel. */
    public static String said() {
        try {
            var said = (MemorySegment) handle("standin_said", FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invokeExact();
            return said.reinterpret(10_000).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static int ask(String function) {
        try {
            return (int) handle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT))
                    .invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void call(String function) {
        try {
            handle(function, FunctionDescriptor.ofVoid()).invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void call(String function, int value) {
        try {
            handle(function, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)).invokeExact(value);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void call(String function, long value) {
        try {
            handle(function, FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG)).invokeExact(value);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static java.lang.invoke.MethodHandle handle(String function, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(function), descriptor);
    }
}
