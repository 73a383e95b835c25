package hoag.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.kernels.Algorithms;
import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.Case;
import hoag.kernels.Cases;
import hoag.kernels.ConfigException;
import hoag.kernels.Conv2dShape;
import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import hoag.kernels.Precision;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** cuBLAS and cuDNN through JCublas and JCudnn, on stand-ins of both: numbers, choices, and what happens where they are missing or fail. */
class LibraryTest {
    private static final Kernel.Product PRODUCT = new Kernel.Product(1, 6, 5, 4, false, true, true, false, null);
    private static final Kernel.Conv2d CONVOLUTION = new Kernel.Conv2d(
            new Conv2dShape(2, 3, 7, 6, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1), Kernel.Pass.FORWARD, null);

    @TempDir
    private Path cache;

    @BeforeEach
    void start() {
        assumeFalse(StandIn.real(), "skipped: libraries of a real machine do not fail when they are told to");
        StandIn.reset();
        StandIn.cost(0.5);
        System.setProperty(Timings.FOLDER, cache.toString());
    }

    @AfterEach
    void nothingIsLeft() {
        System.clearProperty(Timings.FOLDER);
        assertEquals(0, StandIn.held() + StandIn.librariesHeld(), "things that were not given back");
        assertEquals(0, StandIn.damaged(), "bytes written beside the memory of a kernel");
    }

    private static Backend cuda(Algorithms algorithms) {
        Backend cuda = new CudaBackend().algorithms(algorithms);
        cuda.whyNot().ifPresent(why -> {
            throw new DeviceException(why);
        });
        return cuda;
    }

    private static boolean computed(Kernel kernel) {
        return kernel instanceof Kernel.Product || kernel instanceof Kernel.Conv2d;
    }

    @TestFactory
    Stream<DynamicTest> agreesWithTheReference() {
        return Cases.all(1).stream()
                .filter(each -> computed(each.kernel()) && each.kernel().flops() <= 2e6)
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> compare(each)));
    }

    private static void compare(Case each) {
        float[][] inputs = each.inputs();
        try (Backend reference = new ReferenceBackend();
                Backend cuda = cuda(Algorithms.CUDNN)) {
            float[][] truth = KernelRunner.run(reference, each.kernel(), inputs);
            float[][] result = KernelRunner.run(cuda, each.kernel(), inputs);
            for (int o = 0; o < truth.length; o++) {
                double largest = 0;
                for (float value : truth[o]) {
                    largest = Math.max(largest, Math.abs(value));
                }
                assertArrayEquals(truth[o], result[o], (float) Math.max(1e-30, each.tolerance() * largest));
            }
        }
    }

    private static String algorithm(Backend cuda, Kernel kernel) {
        return cuda.prepare(kernel, KernelRunner.wish(cuda, kernel, Layout.PLAIN))
                .algorithm();
    }

    @Test
    void eachSaysWhoComputesIt() {
        try (Backend cuda = cuda(Algorithms.CUDNN)) {
            assertEquals("cuBLAS", algorithm(cuda, PRODUCT));
            assertEquals("cuDNN 5", algorithm(cuda, CONVOLUTION), "the quicker one adds in any order");
        }
        try (Backend cuda = cuda(Algorithms.CUDNN).precision(Precision.BF16)) {
            assertEquals("cuBLAS bf16", algorithm(cuda, PRODUCT));
            assertEquals("cuDNN 5 tf32", algorithm(cuda, CONVOLUTION));
        }
        try (Backend cuda = cuda(Algorithms.OWN)) {
            assertEquals("tile 64x128", algorithm(cuda, PRODUCT));
        }
    }

    @Test
    void paddingThatDiffersIsOurs() {
        var below = new Kernel.Conv2d(
                new Conv2dShape(1, 3, 8, 8, 4, 3, 3, 2, 2, 0, 0, 1, 1, 1, 1, 1), Kernel.Pass.FORWARD, null);
        try (Backend cuda = cuda(Algorithms.CUDNN)) {
            assertTrue(algorithm(cuda, below).startsWith("implicit product"), algorithm(cuda, below));
        }
    }

    @Test
    void whatItDoesNotComputeIsOurs() {
        StandIn.fail("cudnnAlgorithm", 3000, 0);
        try (Backend cuda = cuda(Algorithms.CUDNN)) {
            assertTrue(algorithm(cuda, CONVOLUTION).startsWith("implicit product"), algorithm(cuda, CONVOLUTION));
        }
    }

    /** A kernel of ours takes the stand-in a millisecond. */
    @Test
    void theFasterOneIsKept() {
        try (Backend cuda = cuda(Algorithms.AUTO)) {
            assertEquals("cuBLAS, 0.500 ms (tile 64x128 1.000)", algorithm(cuda, PRODUCT));
            int calls = StandIn.count("cublasGemm");
            StandIn.cost(3);
            assertTrue(algorithm(cuda, PRODUCT).startsWith("cuBLAS"), "found out once");
            assertEquals(calls, StandIn.count("cublasGemm"));
            assertEquals("implicit product 64x128, 1.000 ms (cuDNN 5 3.000)", algorithm(cuda, CONVOLUTION));
        }
    }

    private static String found(Kernel kernel) {
        try (Backend cuda = cuda(Algorithms.AUTO)) {
            return algorithm(cuda, kernel);
        }
    }

    private Path timings() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), "one file, nothing half-written beside it: " + all);
            return all.getFirst();
        }
    }

    /** What warnings a deed leads to. */
    private static List<String> warned(Runnable deed) {
        List<String> said = new ArrayList<>();
        Logger log = Logger.getLogger(Timings.class.getName());
        var handler = new Handler() {
            @Override
            public void publish(LogRecord each) {
                said.add(each.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        log.setUseParentHandlers(false);
        try {
            deed.run();
        } finally {
            log.removeHandler(handler);
            log.setUseParentHandlers(true);
        }
        return said;
    }

    @Test
    void laterRunsKeepToWhatWasFound() throws IOException {
        String product = found(PRODUCT);
        String convolution = found(CONVOLUTION);
        StandIn.cost(3);
        int calls = StandIn.count("cublasGemm") + StandIn.count("cudnnConvolutionForward");
        assertEquals(List.of(), warned(() -> {
            assertEquals(product, found(PRODUCT));
            assertEquals(convolution, found(CONVOLUTION));
        }));
        assertEquals(calls, StandIn.count("cublasGemm") + StandIn.count("cudnnConvolutionForward"), "not timed again");
        List<String> lines = Files.readAllLines(timings());
        assertEquals(3, lines.size());
        Files.writeString(timings(), String.join("\n", lines).replace("cuDNN 5", "cuDNN 6"));
        assertEquals("implicit product 64x128, 1.000 ms (cuDNN 5 3.000)", found(CONVOLUTION), "another algorithm now");
        assertEquals(product, found(PRODUCT));
    }

    @ParameterizedTest
    @CsvSource({
        "driver, released, 'another driver, library or version of Hoag wrote it'",
        "cuBLAS 12, cuBLAS 11, 'another driver, library or version of Hoag wrote it'",
        "\\tProduct.*, '', it is broken",
        "\\R1, fast, it is broken"
    })
    void aFileThatDoesNotFitIsPassedOver(String part, String by, String why) throws IOException {
        found(PRODUCT);
        String written = Files.readString(timings());
        String spoilt = written.replaceFirst(part, by.equals("fast") ? "\n" + by : by);
        assertNotEquals(written, spoilt);
        Files.writeString(timings(), spoilt);
        Path file = timings();
        StandIn.cost(3);
        assertEquals(
                List.of(file + ": passed over, " + why + ": what is faster is timed anew"),
                warned(() -> assertEquals("tile 64x128, 1.000 ms (cuBLAS 3.000)", found(PRODUCT))));
        assertEquals(List.of(), warned(() -> found(PRODUCT)), "written anew");
    }

    @Test
    void withoutAFolderNothingIsKeptAndOneLineSaysSo() throws IOException {
        Path file = Files.writeString(cache.resolve("file"), "");
        System.setProperty(Timings.FOLDER, file.resolve("in").toString());
        List<String> said = warned(() -> {
            try (Backend cuda = cuda(Algorithms.AUTO)) {
                assertTrue(algorithm(cuda, PRODUCT).startsWith("cuBLAS, "));
                assertTrue(algorithm(cuda, CONVOLUTION).startsWith("cuDNN 5, "));
            }
        });
        assertEquals(1, said.size(), said.toString());
        assertTrue(said.getFirst().contains("what was timed cannot be kept here"), said.toString());
    }

    @Test
    void withoutMemoryToFindOutOurOwnAreTaken() {
        StandIn.memory((32L << 20) + 20_000);
        try (Backend cuda = cuda(Algorithms.AUTO)) {
            var large = new Kernel.Product(1, 100, 100, 20, false, false, false, false, null);
            assertEquals("tile 128x128", algorithm(cuda, large));
        }
    }

    @Test
    void inAGraphToo() {
        float[] a = new float[24];
        float[] b = new float[20];
        for (int i = 0; i < a.length; i++) {
            a[i] = i % 5 - 2;
            b[i % b.length] = i % 3;
        }
        float[] truth = KernelRunner.run(new ReferenceBackend(), PRODUCT, a, b)[0];
        try (Backend cuda = cuda(Algorithms.CUDNN)) {
            List<Buffer> operands = List.of(cuda.allocate(24), cuda.allocate(20), cuda.allocate(30));
            cuda.write(a, 0, operands.get(0), 24);
            cuda.write(b, 0, operands.get(1), 20);
            Work work = cuda.prepare(PRODUCT, KernelRunner.wish(cuda, PRODUCT, Layout.PLAIN))
                    .bind(operands, null, new RunState());
            try (Backend.Recorded recorded = cuda.record(List.of(work))) {
                recorded.run();
                recorded.run();
            }
            float[] result = new float[30];
            cuda.read(operands.get(2), result, 0, 30);
            assertArrayEquals(truth, result);
            assertEquals(1, StandIn.count("cublasGemm"), "recorded once, run twice");
        }
    }

    @TestFactory
    Stream<DynamicTest> aLibraryThatFailsIsOneLine() {
        return Stream.of(
                        "cublasCreate",
                        "cublasSetStream",
                        "cublasSetWorkspace",
                        "cublasGemm",
                        "cudnnCreate",
                        "cudnnSetStream",
                        "cudnnCreateTensorDescriptor",
                        "cudnnSetTensor4dDescriptor",
                        "cudnnConvolutionForward")
                .map(function -> DynamicTest.dynamicTest(function, () -> fails(function)));
    }

    private static void fails(String function) {
        StandIn.reset();
        boolean blas = function.startsWith("cublas");
        StandIn.fail(function, blas ? 3 : 5003, 0);
        try (Backend cuda = cuda(Algorithms.CUDNN)) {
            var refused = assertThrows(DeviceException.class, () -> {
                KernelRunner.run(cuda, PRODUCT, new float[24], new float[20]);
                KernelRunner.run(cuda, CONVOLUTION, new float[2 * 3 * 7 * 6], new float[4 * 3 * 3 * 3]);
            });
            String why = blas ? "CUBLAS_STATUS_ALLOC_FAILED (3)" : "the device failed (5003)";
            assertTrue(
                    refused.getMessage()
                            .matches("cuda:0: (cuBLAS|cuDNN) refused to [^;]*, " + java.util.regex.Pattern.quote(why)
                                    + "; use a smaller batch, leave --algorithms out, or run with --device cpu"),
                    refused.getMessage());
        }
        assertEquals(0, StandIn.held() + StandIn.librariesHeld(), function + ": things that were not given back");
    }

    @Test
    void theyAreListed() {
        List<String> lines = new CudaBackend().details();
        assertEquals(List.of("cuBLAS 12.6.4", "cuDNN 9.5.1"), lines.subList(1, lines.size()));
    }

    @Test
    void otherDevicesHaveTheirOwnAlone() {
        try (Backend cpu = new CpuBackend(1)) {
            var refused = assertThrows(ConfigException.class, () -> cpu.algorithms(Algorithms.CUDNN));
            assertEquals(
                    "--algorithms cudnn: cpu has its own algorithms alone; leave the option out, or run with --device"
                            + " cuda",
                    refused.getMessage());
            assertEquals(cpu, cpu.algorithms(Algorithms.AUTO));
        }
    }

    /** What a program sees that asks for the libraries. */
    public static final class Ask {
        private Ask() {}

        /** Prints why they cannot be used, and how a product would be computed if only the faster one were wanted. */
        public static void main(String[] arguments) {
            var cuda = new CudaBackend();
            System.out.println(cuda.algorithms(Algorithms.CUDNN).whyNot().orElse("usable"));
            try (Backend auto = cuda.algorithms(Algorithms.AUTO)) {
                System.out.println(algorithm(auto, PRODUCT));
            }
        }
    }

    private List<String> ask(String without, Path... libraries) throws IOException, InterruptedException {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> without.isEmpty() || !new File(entry).getName().startsWith(without))
                .collect(Collectors.joining(File.pathSeparator));
        var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
        command.add("-D" + Timings.FOLDER + "=" + cache);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", path, Ask.class.getName()));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .put(
                        "LD_LIBRARY_PATH",
                        Stream.concat(Stream.of(StandIn.folder()), Arrays.stream(libraries))
                                .map(Path::toString)
                                .collect(Collectors.joining(":")));
        Process java = builder.start();
        List<String> said =
                new String(java.getInputStream().readAllBytes()).lines().toList();
        assertEquals(0, java.waitFor(), said.toString());
        return said;
    }

    @Test
    void whereTheyAreMissingOneLineSaysSoToThoseWhoAsk() throws Exception {
        assertEquals(
                List.of(
                        "cuda:0: --algorithms cudnn: cuBLAS is not there: libcublas.so.12 not found (LD_LIBRARY_PATH"
                            + " says where to look); cuDNN is not there: libcudnn.so.9 not found (LD_LIBRARY_PATH says"
                            + " where to look); install what is missing, or leave --algorithms out",
                        "tile 64x128"),
                ask(""));
        assertEquals("usable", ask("", StandIn.libraryFolder()).getFirst());
        List<String> without = ask("jcudnn-1", StandIn.libraryFolder());
        assertEquals(
                "cuda:0: --algorithms cudnn: cuDNN is not there: its Java classes are not on the class path,"
                    + " org.jcuda:jcudnn:11.7.0 and org.jcuda:jcudnn-natives:12.6.0; install what is missing, or leave"
                    + " --algorithms out",
                without.getFirst());
        assertTrue(without.get(1).startsWith("cuBLAS"), without.get(1));
        assertTrue(
                ask("jcublas-natives", StandIn.libraryFolder())
                        .getFirst()
                        .contains("cuBLAS is not there: its JCuda library for this system is not there or of another"),
                "natives");
    }
}
