package hoag.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.kernels.Backend;
import hoag.kernels.Backends;
import hoag.kernels.Buffer;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.DeviceException;
import hoag.kernels.Expr;
import hoag.kernels.HoagException;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Launch;
import hoag.kernels.Precision;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Views;
import hoag.kernels.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong with a device: one line that names it and the cure, and everything is given back. */
class CudaErrorsTest {
    private static final int OUT_OF_MEMORY = 2;
    private static final int NO_DEVICE = 100;
    private static final int ILLEGAL_ADDRESS = 700;

    @BeforeEach
    void start() {
        assumeFalse(StandIn.real(), "skipped: a real driver does not fail when it is told to");
        StandIn.reset();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, StandIn.held(), "things that were not given back");
    }

    private static String refusal(String device) {
        var refused = assertThrows(HoagException.class, () -> Backends.open(device));
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        return refused.getMessage();
    }

    @Test
    void noGpu() {
        StandIn.devices(0);
        assertTrue(refusal("cuda").startsWith("cuda: the driver sees no GPU (nvidia-smi lists them"), refusal("cuda"));
        StandIn.fail("cuInit", NO_DEVICE, 0);
        assertTrue(refusal("cuda").contains("run with --device cpu"), refusal("cuda"));
    }

    @Test
    void oldDriver() {
        StandIn.version(11030); // lacks cuGraphInstantiateWithFlags, which JCuda calls: the JVM would end there
        assertEquals(
                "cuda: the driver knows CUDA 11.3, Hoag needs 11.4 or newer; install an NVIDIA driver from 470 on, or"
                        + " run with --device cpu",
                refusal("cuda"));
    }

    @Test
    void oldGpu() {
        StandIn.capability(61);
        assertEquals(
                "cuda:0: compute capability 6.1 is too old; Hoag's kernels need 7.5 (Turing, 2018) or newer; run with"
                        + " --device cpu",
                refusal("cuda"));
    }

    @Test
    void tensorCoresOfANewerChip() {
        StandIn.capability(75);
        var cuda = new CudaBackend().precision(Precision.BF16);
        assertEquals(
                Optional.of(
                        "cuda:0: compute capability 7.5 has no tensor cores for bf16; 8.0 (Ampere, 2020) or newer is"
                                + " needed, leave --precision out; run with --device cpu"),
                cuda.whyNot());
        assertEquals(Optional.empty(), cuda.precision(Precision.FP32).whyNot());
        var refused = assertThrows(
                ConfigException.class, () -> Backends.open("reference").precision(Precision.TF32));
        assertEquals(
                "--precision tf32: reference computes in fp32 alone; leave the option out, or run with --device cuda",
                refused.getMessage());
    }

    @Test
    void wrongNumber() {
        assertEquals("cuda:7: no such device; there is cuda:0 Stand-in 0", refusal("cuda:7"));
        StandIn.devices(2);
        assertEquals("cuda:7: no such device; there are cuda:0 Stand-in 0, cuda:1 Stand-in 1", refusal("cuda:7"));
        try (Backend second = Backends.open("cuda:1")) {
            assertEquals(0, second.allocate(0).length());
        }
        assertEquals(
                "--device cuda:x: what stands behind the colon must be a device's number, 0, 1, ..., several with"
                        + " commas, or all",
                refusal("cuda:x"));
        assertThrows(ConfigException.class, () -> Backends.open("cpu:1"));
    }

    @Test
    void eachDeviceIsListedWithItsMemoryOrWhatIsWrongWithIt() {
        StandIn.devices(2);
        try (var cuda = new CudaBackend()) {
            assertEquals("NVIDIA driver for CUDA 12.6; 2 devices", cuda.description());
            assertEquals(
                    List.of(
                            "cuda:0 Stand-in 0, compute capability 9.0, 4096 MiB, 4096 MiB free",
                            "cuda:1 Stand-in 1, compute capability 9.0, 4096 MiB, 4096 MiB free"),
                    cuda.details().subList(0, 2));
            StandIn.fail("cuDevicePrimaryCtxRetain", 46, 0);
            assertTrue(
                    cuda.details().getFirst().contains("not usable: cuda:0: the device cannot be used now"),
                    cuda.details().getFirst());
        }
        StandIn.reset();
        StandIn.capability(61);
        assertTrue(new CudaBackend().details().getFirst().contains("not usable: compute capability 6.1 is too old"));
        StandIn.devices(0);
        assertEquals(List.of(), new CudaBackend().details());
    }

    @Test
    void theDriversReleaseIsThatOfTheKernelModule(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("version");
        Files.writeString(
                file,
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build  (dvs-builder)\n"
                        + "GCC version:  gcc version 12.3.0 (Ubuntu 12.3.0)\n");
        assertEquals(Optional.of("580.65.06"), Driver.release(file));
        Files.writeString(
                file, "NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.256.02  Thu May  2 14:37:44 UTC 2024\n");
        assertEquals(Optional.of("470.256.02"), Driver.release(file));
        assertEquals(Optional.empty(), Driver.release(folder.resolve("none")));
    }

    @Test
    void outOfMemorySaysHowMuchThereIs() {
        StandIn.memory(3 << 20);
        try (Backend cuda = Backends.open("cuda")) {
            Buffer kept = cuda.allocate(1 << 18);
            var refused = assertThrows(DeviceException.class, () -> cuda.allocate(1 << 20));
            assertEquals(
                    "cuda:0: out of memory: 4 MiB are wanted, 2 of 3 MiB are free; use a smaller batch (--batch), end"
                            + " other programs on this GPU (nvidia-smi lists them), or run with --device cpu",
                    refused.getMessage());
            cuda.release(kept);
        }
    }

    /** A process that was killed may hold its memory for a while: it is another program's. */
    @Test
    void memoryThatAnotherProgramHoldsIsNotFree() {
        StandIn.memory(64 << 20);
        StandIn.others(62 << 20);
        try (Backend cuda = Backends.open("cuda")) {
            assertTrue(
                    cuda.details().getFirst().endsWith(", 64 MiB, 2 MiB free"),
                    cuda.details().getFirst());
            var refused = assertThrows(DeviceException.class, () -> cuda.expect(20 << 20));
            assertEquals(
                    "cuda:0: the program wants 20 MiB, 2 of 64 MiB are free; use a batch of 9% of this one or less"
                        + " (--batch auto takes the largest), end other programs on this GPU (nvidia-smi lists them),"
                        + " or run with --device cpu",
                    refused.getMessage());
        }
    }

    @Test
    void memoryThatNobodyCanReachIsTakenBack() {
        StandIn.memory(3 << 20);
        try (Backend cuda = Backends.open("cuda")) {
            for (int i = 0; i < 5; i++) {
                assertEquals(1 << 19, cuda.allocate(1 << 19).length()); // 2 of 3 MiB, dropped at once
            }
        }
    }

    @Test
    void anIndexOutsideOfItsTable() {
        try (Backend cuda = Backends.open("cuda")) {
            var gather = new Kernel.Gather(3, 2, 4, false);
            var bad = assertThrows(
                    DataException.class, () -> KernelRunner.run(cuda, gather, new float[6], new float[] {0, 2, 5, 1}));
            assertEquals("gather: index 5.0 at place 2 is outside 0..2, the rows of the table", bad.getMessage());
            assertEquals(
                    2,
                    KernelRunner.run(cuda, gather, new float[] {0, 0, 0, 0, 2, 2}, new float[] {0, 2, 1, 1})[0][2],
                    "it goes on");
        }
    }

    /** Everything that a program does with a device. */
    private static void everything() {
        try (Backend cuda = Backends.open("cuda")) {
            var random = new Kernel.Random(Shape.of(10), 3);
            var gather = new Kernel.Gather(10, 1, 10, false);
            var sum = new Kernel.Pointwise(
                    Shape.of(10),
                    List.of(Shape.of(10), Shape.of(10)),
                    List.of(Expr.in(0).plus(Expr.in(1))));
            Buffer a = cuda.allocate(10);
            Buffer b = cuda.allocate(10);
            Buffer c = cuda.allocate(10);
            cuda.write(new float[] {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, 0, b, 10);
            List<Work> works = new ArrayList<>();
            works.add(cuda.prepare(random, KernelRunner.wish(cuda, random, hoag.kernels.Layout.PLAIN))
                    .bind(List.of(a), null, new RunState()));
            works.add(cuda.prepare(gather, KernelRunner.wish(cuda, gather, hoag.kernels.Layout.PLAIN))
                    .bind(List.of(a, b, c), null, new RunState()));
            for (Buffer to : List.of(cuda.allocate(10), cuda.allocate(10))) {
                works.add(cuda.prepare(sum, KernelRunner.wish(cuda, sum, hoag.kernels.Layout.PLAIN))
                        .bind(List.of(a, c, to), null, new RunState()));
            }
            cuda.run(works);
            try (Backend.Recorded recorded = cuda.record(works)) {
                recorded.run();
                recorded.run();
            }
            cuda.read(c, new float[10], 0, 10);
            Buffer large = cuda.allocate(Staging.LARGE);
            cuda.write(new float[Staging.LARGE], 0, large, Staging.LARGE);
            cuda.read(large, new float[Staging.LARGE], 0, Staging.LARGE);
            float[] view = {Float.intBitsToFloat(2), 0, 0, 0, 1, 2, 3, 0};
            cuda.sample(cuda.stage(new Views(1, 1, view, view.length)), cuda.allocate(3));
            cuda.release(a);
        }
    }

    /** The first, a middle and the last call of each function of the driver fails: no memory, or a lost device. */
    @TestFactory
    Stream<DynamicTest> anyCallMayFail() {
        everything();
        return Stream.of(
                        "cuInit",
                        "cuDriverGetVersion",
                        "cuDeviceGetCount",
                        "cuDeviceGet",
                        "cuDeviceGetName",
                        "cuDeviceTotalMem",
                        "cuDeviceGetAttribute",
                        "cuDevicePrimaryCtxRetain",
                        "cuCtxSetCurrent",
                        "cuMemAlloc",
                        "cuMemHostAlloc",
                        "cuMemcpyHtoD",
                        "cuMemcpyDtoH",
                        "cuMemcpyHtoDAsync",
                        "cuMemcpyDtoHAsync",
                        "cuMemsetD32",
                        "cuModuleLoadData",
                        "cuModuleGetFunction",
                        "cuLaunchKernel",
                        "cuCtxSynchronize",
                        "cuStreamWaitEvent",
                        "cuEventCreate",
                        "cuEventRecord",
                        "cuEventSynchronize",
                        "cuStreamCreate",
                        "cuStreamSynchronize",
                        "cuStreamBeginCapture",
                        "cuStreamEndCapture",
                        "cuGraphInstantiate",
                        "cuGraphLaunch")
                .flatMap(function -> Stream.of(OUT_OF_MEMORY, ILLEGAL_ADDRESS)
                        .map(result ->
                                DynamicTest.dynamicTest(function + " " + result, () -> fails(function, result))));
    }

    private static void fails(String function, int result) {
        StandIn.reset();
        everything();
        int calls = StandIn.count(function);
        assertTrue(calls > 0, function + " is never called");
        int refused = 0;
        for (int after : new int[] {0, calls / 2, calls - 1}) {
            StandIn.reset();
            StandIn.fail(function, result, after);
            try {
                everything();
            } catch (DeviceException e) {
                refused++;
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                assertTrue(
                        e.getMessage().startsWith("cuda") && e.getMessage().endsWith("run with --device cpu"),
                        e.getMessage());
            }
            assertEquals(0, StandIn.held(), function + " after " + after + ": things that were not given back");
        }
        assertTrue(refused > 0, function + " may fail and nobody says so");
    }

    /** After these nothing can be computed in the process: trying again is no cure. */
    @ParameterizedTest
    @ValueSource(ints = {700, 702, 710, 714, 715, 716, 717, 718, 719, 999})
    void aDeviceThatWasLostIsNotTriedAgain(int result) {
        StandIn.fail("cuStreamSynchronize", result, 0);
        try (Backend cuda = Backends.open("cuda")) {
            var refused = assertThrows(
                    DeviceException.class, () -> KernelRunner.run(cuda, new Kernel.Random(Shape.of(3), 1)));
            assertTrue(
                    refused.getMessage().startsWith("cuda:0: the device was lost while trying to compute, CUDA_ERROR_"),
                    refused.getMessage());
        }
    }

    /** Sums over tensors so large that their chunks, counted as they are for smaller ones, would be more than a grid has room for. */
    @Test
    void sumsOverTheLargestTensorsFitIntoAGrid() {
        var all = Shape.of(1024, 96, 112, 112);
        var rows = Shape.of(1 << 24, 64);
        try (Backend cuda = Backends.open("cuda")) {
            for (Kernel kernel : List.of(
                    new Kernel.Reduce(all, List.of(all), List.of(Expr.in(0)), Kernel.Fold.SUM, 0, 1, 2, 3),
                    new Kernel.Reduce(rows, List.of(rows), List.of(Expr.in(0)), Kernel.Fold.MAX, 0),
                    new Kernel.Moments(all, 0, 1, 2, 3))) {
                Launch launch = cuda.prepare(kernel, KernelRunner.wish(cuda, kernel, hoag.kernels.Layout.PLAIN));
                assertTrue(launch.scratch(1) < 100_000_000, launch.algorithm());
            }
        }
    }

    @Test
    void aKernelThatTheDriverDoesNotTake() {
        StandIn.fail("cuModuleLoadData", 222, 0);
        try (Backend cuda = Backends.open("cuda")) {
            var refused = assertThrows(
                    DeviceException.class, () -> KernelRunner.run(cuda, new Kernel.Random(Shape.of(3), 1)));
            assertEquals(
                    "cuda:0: the driver does not take this build's kernels, CUDA_ERROR_UNSUPPORTED_PTX_VERSION (222);"
                            + " install a newer NVIDIA driver, or run with --device cpu",
                    refused.getMessage());
        }
    }
}
