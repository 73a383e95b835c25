package hoag.cuda;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuFuncSetAttribute;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD32;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.FutureTask;
import java.util.function.IntSupplier;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUgraph;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stand-in forbids what a real driver and a real device forbid: what passes the other tests here does not pass by luck. */
class StrictTest {
    private static final int OK = CUresult.CUDA_SUCCESS;
    private static final int THREADS = 256;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final CUstream aside = new CUstream();
    private final CUdeviceptr memory = new CUdeviceptr();

    @BeforeEach
    void start() {
        assumeFalse(StandIn.real(), "skipped: this is about the stand-in");
        StandIn.reset();
        Natives.load();
        assertEquals(OK, cuInit(0));
        assertEquals(OK, cuDeviceGet(device, 0));
        assertEquals(OK, cuDevicePrimaryCtxRetain(context, device));
        assertEquals(OK, cuCtxSetCurrent(context));
        assertEquals(OK, cuStreamCreate(stream, CUstream_flags.CU_STREAM_DEFAULT));
        assertEquals(OK, cuStreamCreate(aside, CUstream_flags.CU_STREAM_NON_BLOCKING));
        assertEquals(OK, cuMemAlloc(memory, 4 * THREADS));
        assertEquals(OK, cuMemsetD32(memory, 0, THREADS));
    }

    @AfterEach
    void end() {
        cuMemFree(memory);
        cuStreamDestroy(stream);
        cuStreamDestroy(aside);
        cuDevicePrimaryCtxRelease(device);
        assertEquals(0, StandIn.held(), "things that were not given back");
    }

    private static String text(String name, String version, String target) {
        return ".version " + version + "\n.target " + target + "\n.address_size 64\n.visible .entry " + name
                + "(\n.param .align 8 .b8 " + name + "_param_0[16]\n)\n.maxntid 256, 1, 1\n{ ret; }\n";
    }

    private interface Use {
        int of(CUfunction function);
    }

    private static int with(String name, Use use) {
        var module = new CUmodule();
        assertEquals(OK, cuModuleLoadData(module, text(name, "6.4", "sm_75")));
        var function = new CUfunction();
        assertEquals(OK, cuModuleGetFunction(function, module, name));
        int result = use.of(function);
        assertEquals(OK, cuModuleUnload(module));
        return result;
    }

    private int start(CUfunction function, int by, int blocks, int high, int threads, int shared) {
        ByteBuffer argument = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        argument.putLong(new Address(memory).value()).putInt(THREADS).putInt(by).flip();
        Pointer arguments = Pointer.to(Pointer.to(argument));
        return cuLaunchKernel(function, blocks, high, 1, threads, 1, 1, shared, stream, arguments, null);
    }

    private static final class Address extends CUdeviceptr {
        Address(CUdeviceptr of) {
            super(of);
        }

        long value() {
            return getNativePointer();
        }
    }

    private int computed(String name, int by) {
        return with(name, function -> {
            assertEquals(OK, start(function, by, 1, 1, THREADS, 4 * THREADS), "what runs later cannot fail at once");
            return cuStreamSynchronize(stream);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "faulty_nothing, 0, 0, ''",
        "faulty_beyond, 0, 0, ''",
        "faulty_beyond, 1, 700, writes beside the memory that was given out: thread 255",
        "faulty_misaligned, 0, 0, ''",
        "faulty_misaligned, 1, 716, 8 bytes at an address that is no multiple of 8",
        "faulty_race, 0, 719, two threads without a barrier between them at one word of global memory",
        "faulty_reader, 3, 719, two threads without a barrier between them at one word of global memory",
        "faulty_shared, 0, 0, ''",
        "faulty_shared, 1, 719, two threads without a barrier between them at one word of shared memory",
        "faulty_array, 0, 700, index 255 is beyond the end of an array",
        "faulty_alone, 0, 0, ''",
        "faulty_alone, 1, 719, __syncthreads() is not reached by all threads",
        "faulty_copied, 0, 0, ''"
    })
    void whatADeviceWouldNotCompute(String name, int by, int result, String said) {
        assertEquals(result, computed(name, by));
        assertTrue(StandIn.said().contains(said), StandIn.said());
    }

    private float[] read() {
        float[] values = new float[THREADS];
        assertEquals(OK, cuMemcpyDtoH(Pointer.to(values), memory, 4L * THREADS));
        return values;
    }

    @Test
    void sharedMemoryThatNobodyWroteIsNoNumber() {
        assertEquals(OK, computed("faulty_copied", 0), "leaves zeros there");
        assertEquals(OK, computed("faulty_empty", 0));
        assertTrue(Float.isNaN(read()[7]), "what another block left there");
    }

    @Test
    void whatIsCopiedAsideIsThereWhenItWasWaitedFor() {
        assertEquals(OK, computed("faulty_copied", 0));
        assertEquals(0, read()[7]);
        assertEquals(OK, computed("faulty_early", 0));
        assertTrue(Float.isNaN(read()[7]));
    }

    @Test
    void limitsOfALaunch() {
        with("faulty_nothing", function -> {
            assertEquals(CUresult.CUDA_ERROR_INVALID_VALUE, start(function, 0, 0, 1, THREADS, 0));
            assertEquals(CUresult.CUDA_ERROR_INVALID_VALUE, start(function, 0, 1, 65536, THREADS, 0));
            assertEquals(CUresult.CUDA_ERROR_INVALID_VALUE, start(function, 0, 1, 1, 2048, 0));
            assertEquals(CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, start(function, 0, 1, 1, 512, 0));
            int much = 64 << 10;
            assertEquals(CUresult.CUDA_ERROR_INVALID_VALUE, start(function, 0, 1, 1, THREADS, much));
            int most = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
            assertEquals(CUresult.CUDA_ERROR_INVALID_VALUE, cuFuncSetAttribute(function, most, 1 << 20));
            assertEquals(OK, cuFuncSetAttribute(function, most, much));
            assertEquals(OK, start(function, 0, 1, 1, THREADS, much));
            return cuStreamSynchronize(stream);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "12060, 90, 8.5, sm_90, 0",
        "12060, 90, 9.0, sm_75, 222",
        "11040, 75, 7.4, sm_75, 0",
        "11040, 75, 8.0, sm_75, 222",
        "12060, 75, 7.0, sm_80, 209"
    })
    void textForANewerDriverOrChip(int driver, int chip, String version, String target, int result) {
        StandIn.version(driver);
        StandIn.capability(chip);
        var module = new CUmodule();
        assertEquals(result, cuModuleLoadData(module, text("faulty_nothing", version, target)));
        if (result == OK) {
            assertEquals(OK, cuModuleUnload(module));
        }
    }

    /** Divisions by numbers that are known when a kernel starts are multiplications and shifts: as {@code quotient} in {@code hoag.cuh}. */
    @Test
    void aDivisorDividesEveryNumberOfAnIndex() {
        int[] divisors = {
            1,
            2,
            3,
            5,
            7,
            9,
            10,
            49,
            112,
            641,
            12_544,
            65_535,
            65_536,
            65_537,
            1 << 30,
            (1 << 30) + 1,
            Integer.MAX_VALUE
        };
        for (int by : divisors) {
            ByteBuffer made = new Struct().divisors(by).ready();
            long times = Integer.toUnsignedLong(made.getInt(4));
            for (long i : new long[] {
                0, 1, by - 1L, by, by + 1L, 3L * by - 1, 3L * by, 1_000_003, Integer.MAX_VALUE - 1L, Integer.MAX_VALUE
            }) {
                if (i <= Integer.MAX_VALUE) {
                    assertEquals(i / by, (i * times >>> 32) + i >>> made.getInt(8), i + " / " + by);
                }
            }
        }
        assertEquals(1, new Struct().divisors(0).ready().getInt(0), "of an empty tensor");
    }

    private static int elsewhere(IntSupplier deed) {
        var task = new FutureTask<>(deed::getAsInt);
        Thread.ofPlatform().start(task);
        try {
            return task.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aThreadHasNoContextUntilItTakesOne() {
        assertEquals(CUresult.CUDA_ERROR_INVALID_CONTEXT, elsewhere(() -> cuMemAlloc(new CUdeviceptr(), 4)));
        assertEquals(OK, elsewhere(() -> {
            cuCtxSetCurrent(context);
            return cuMemsetD32(memory, 0, 1);
        }));
    }

    /** While a stream is recorded, and whether that recording is spoilt. */
    private int recorded(IntSupplier deed, int expected) {
        assertEquals(OK, cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        assertEquals(expected, deed.getAsInt());
        return cuStreamEndCapture(stream, new CUgraph());
    }

    @Test
    void whatMustNotBeCalledWhileAStreamIsRecorded() {
        int spoilt = CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
        int implicit = CUresult.CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
        int unsupported = CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
        var values = Pointer.to(new float[THREADS]);
        assertEquals(spoilt, recorded(() -> cuMemcpyHtoD(memory, values, 4), implicit));
        assertEquals(spoilt, recorded(() -> cuMemsetD32(memory, 0, 1), implicit));
        assertEquals(spoilt, recorded(() -> cuMemAlloc(new CUdeviceptr(), 4), unsupported));
        assertEquals(spoilt, recorded(() -> cuStreamSynchronize(stream), unsupported));
        assertEquals(spoilt, recorded(() -> cuModuleLoadData(new CUmodule(), ""), unsupported));
        assertEquals(
                spoilt,
                recorded(
                        () -> elsewhere(() -> {
                            cuCtxSetCurrent(context);
                            return cuCtxSynchronize();
                        }),
                        unsupported),
                "by another thread too");
        assertNotEquals(OK, cuMemcpyHtoDAsync(memory, values, 4, stream), "memory that can move");
    }

    /** Work waits until somebody does; streams of their own do not wait for the others. */
    @Test
    void nothingIsDoneBeforeSomebodyWaits() {
        var pinned = new Pointer();
        var mark = new CUevent();
        assertEquals(OK, cuMemHostAlloc(pinned, 4 * THREADS, 0));
        assertEquals(OK, cuEventCreate(mark, 0));
        ByteBuffer host = pinned.getByteBuffer(0, 4 * THREADS).order(ByteOrder.nativeOrder());
        try {
            host.putFloat(0, 1);
            assertEquals(OK, cuMemcpyHtoDAsync(memory, pinned, 4, aside));
            host.putFloat(0, 2);
            assertEquals(OK, cuMemsetD32(memory, 0, 1), "does not wait for the stream aside");
            assertEquals(0, read()[0]);
            assertEquals(OK, cuEventRecord(mark, aside));
            assertEquals(OK, cuEventSynchronize(mark));
            assertEquals(2, read()[0], "the host wrote too early");
            assertEquals(OK, cuStreamWaitEvent(stream, mark, 0));
        } finally {
            cuEventDestroy(mark);
            cuMemFreeHost(pinned);
        }
    }
}
