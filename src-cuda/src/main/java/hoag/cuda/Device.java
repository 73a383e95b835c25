package hoag.cuda;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoD;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyPeer;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import hoag.kernels.Algorithms;
import hoag.kernels.Buffer;
import hoag.kernels.DataException;
import hoag.kernels.Kernel;
import hoag.kernels.Precision;
import hoag.kernels.RunState;
import hoag.kernels.Views;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;

/**
 * One GPU in use: its primary context, one stream, its memory, and the kernels that were loaded. One run at a time, from any thread. What it
 * holds is given back by {@link #close}, in whatever state the device is.
 */
final class Device implements AutoCloseable {
    private static final int STATE = 16; // bytes: seed and step
    private static final int FAULT = 16; // bytes: whether, place, the index's bits, rows

    private final Driver.Card card;
    private final Precision precision;
    private final Algorithms algorithms;
    private final String who;
    private final ReentrantLock lock = new ReentrantLock();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final Memory memory;
    private final Map<String, CUfunction> functions = new HashMap<>();
    private final Map<CUfunction, CUmodule> modules = new HashMap<>();
    private final Set<CUgraphExec> graphs = new HashSet<>();
    private final Pointer pinned = new Pointer();
    private volatile boolean retained;
    private boolean streaming;
    private boolean pinning;
    private ByteBuffer host;
    private Buffer state;
    private Buffer fault;
    private Staging staging;
    private Vendor vendor;
    private Pictures pictures;
    private final Choice choice = new Choice(this);

    Device(Driver.Card card, Precision precision, Algorithms algorithms) {
        this.card = card;
        this.precision = precision;
        this.algorithms = algorithms;
        who = "cuda:" + card.number();
        memory = new Memory(who);
        try {
            open();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open() {
        check(cuDevicePrimaryCtxRetain(context, card.handle()), "open a context");
        retained = true;
        current();
        // Not "non-blocking": that would let a kernel start before a copy from the JVM's heap, which returns early, has
        // arrived.
        check(cuStreamCreate(stream, CUstream_flags.CU_STREAM_DEFAULT), "make a stream");
        streaming = true;
        check(cuMemHostAlloc(pinned, STATE + FAULT, 0), "reserve memory of the host");
        pinning = true;
        host = pinned.getByteBuffer(0, STATE + FAULT).order(ByteOrder.LITTLE_ENDIAN);
        state = memory.allocate(STATE / 4);
        fault = memory.allocate(FAULT / 4);
    }

    /** How operands of products and convolutions are rounded. */
    Precision precision() {
        return precision;
    }

    /** Whose kernels compute products and convolutions. */
    Algorithms algorithms() {
        return algorithms;
    }

    /** Own kernels or the vendor's. */
    Choice choice() {
        return choice;
    }

    /** Such as cuda:0. */
    String who() {
        return who;
    }

    /** The kernel by a library of the vendor's, if one is there that computes it. */
    Optional<CudaLaunch> vendor(Kernel kernel) {
        return alone(() -> vendor().launch(this, kernel));
    }

    /** Which libraries are there. */
    List<String> libraries() {
        return alone(() -> vendor().lines());
    }

    /** What was found out here about own kernels and the vendor's. */
    Timings timings() {
        return Timings.of(card, precision, libraries());
    }

    private Vendor vendor() {
        if (vendor == null) {
            vendor = new Vendor(who, precision, stream, memory);
        }
        return vendor;
    }

    private void check(int result, String doing) {
        Driver.check(who, result, doing);
    }

    private void current() {
        check(cuCtxSetCurrent(context), "use the context");
    }

    /** Something done with the device, alone. */
    <T> T alone(java.util.function.Supplier<T> work) {
        lock.lock();
        try {
            current();
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private void alone(Runnable work) {
        alone(() -> {
            work.run();
            return null;
        });
    }

    Buffer allocate(long elements) {
        return alone(() -> memory.allocate(elements));
    }

    /**
     * Other memory in place of {@code before} (or none), when all that anybody does with either is done: for a stream that the others do not wait for. At once, because a
     * device that is waited for must not record.
     */
    Buffer settled(Buffer before, long elements) {
        return alone(() -> {
            if (before != null) {
                check(cuCtxSynchronize(), "copy");
                memory.release(before);
            }
            Buffer buffer = memory.allocate(elements);
            int result = cuCtxSynchronize();
            if (result != CUresult.CUDA_SUCCESS) {
                memory.release(buffer);
            }
            check(result, "clear memory");
            return buffer;
        });
    }

    void expect(long bytes) {
        alone(() -> memory.expect(bytes));
    }

    /** Bytes that can still be had. */
    long free() {
        return alone(() -> memory.free()[0]);
    }

    void release(Buffer buffer) {
        if (retained) { // else it went with the device
            alone(() -> memory.release(buffer));
        }
    }

    /** A table that kernels read. */
    Buffer table(ByteBuffer bytes) {
        return alone(() -> {
            Buffer table = memory.allocate(bytes.remaining() / 4);
            int result = cuMemcpyHtoD(Memory.pointer(table), Pointer.to(bytes), bytes.remaining());
            if (result != CUresult.CUDA_SUCCESS) {
                memory.release(table);
            }
            check(result, "copy to the device");
            return table;
        });
    }

    private Staging staging() {
        if (staging == null) {
            staging = new Staging(who, stream);
        }
        return staging;
    }

    void write(float[] from, int fromOffset, Buffer to, int count) {
        if (count >= Staging.LARGE) {
            alone(() -> staging().write(from, fromOffset, to, count));
        } else if (count > 0) {
            alone(() -> check(
                    cuMemcpyHtoD(Memory.pointer(to), Pointer.to(from).withByteOffset(4L * fromOffset), 4L * count),
                    "copy to the device"));
        }
    }

    void read(Buffer from, float[] to, int toOffset, int count) {
        if (count >= Staging.LARGE) {
            alone(() -> staging().read(from, to, toOffset, count));
        } else if (count > 0) {
            alone(() -> check(
                    cuMemcpyDtoH(Pointer.to(to).withByteOffset(4L * toOffset), Memory.pointer(from), 4L * count),
                    "copy from the device"));
        }
    }

    /** Sends pictures on their way; what is computed meanwhile goes on. */
    Pictures.Slot stage(Views views) {
        return alone(this::pictures).stage(views);
    }

    /** Computes views of pictures behind what the stream has to do, and behind their copy. */
    void sample(Pictures.Slot slot, Buffer to) {
        alone(() -> slot.sample(to, stream));
    }

    private Pictures pictures() {
        if (pictures == null) {
            pictures = new Pictures(this, context);
        }
        return pictures;
    }

    /** Copies a buffer of this device, or of another one, which has computed it. */
    void copy(Device other, Buffer from, Buffer to) {
        long bytes = 4L * from.length();
        alone(() -> check(
                other == this
                        ? cuMemcpyDtoD(Memory.pointer(to), Memory.pointer(from), bytes)
                        : cuMemcpyPeer(Memory.pointer(to), context, Memory.pointer(from), other.context, bytes),
                other == this ? "copy" : "copy from " + other.who));
    }

    /** Seed and step of the run, two numbers of 64 bits. */
    Buffer state() {
        return state;
    }

    /** Where a kernel reports an index that is not in its table. */
    Buffer fault() {
        return fault;
    }

    /** The kernel {@code entry} of a module's text; each text is loaded once. */
    CUfunction function(String entry, String text) {
        return alone(() -> functions.computeIfAbsent(text, ignored -> load(entry, text)));
    }

    private CUfunction load(String entry, String text) {
        var module = new CUmodule();
        check(cuModuleLoadData(module, text), "load the kernel " + entry);
        var function = new CUfunction();
        int result = cuModuleGetFunction(function, module, entry);
        if (result != CUresult.CUDA_SUCCESS) {
            cuModuleUnload(module);
        }
        check(result, "find the kernel " + entry);
        modules.put(function, module);
        return function;
    }

    /** Runs calls one after the other; returns when all is done. */
    void run(List<Call> calls, Optional<RunState> random, boolean faulting) {
        alone(() -> {
            prepare(random);
            enqueue(calls, random.isPresent(), faulting);
            finish(faulting);
        });
    }

    /** How long the device takes for calls, one after the other. */
    double milliseconds(List<Call> calls) {
        return alone(() -> {
            var from = new CUevent();
            var to = new CUevent();
            var made = new ArrayList<CUevent>();
            try {
                for (CUevent event : List.of(from, to)) {
                    check(cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT), "make an event");
                    made.add(event);
                }
                check(cuEventRecord(from, stream), "mark the time");
                enqueue(calls, false, false);
                check(cuEventRecord(to, stream), "mark the time");
                finish(false);
                float[] ms = new float[1];
                check(cuEventElapsedTime(ms, from, to), "ask for the time");
                return (double) ms[0];
            } finally {
                made.forEach(event -> cuEventDestroy(event));
            }
        });
    }

    /** The same calls as one graph, which the caller drops. */
    CUgraphExec capture(List<Call> calls, boolean random, boolean faulting) {
        return alone(() -> {
            var graph = new CUgraph();
            boolean recorded = false;
            try {
                recorded = record(graph, calls, random, faulting);
                var ready = new CUgraphExec();
                check(cuGraphInstantiate(ready, graph, 0L), "make a graph ready");
                graphs.add(ready);
                return ready;
            } finally {
                if (recorded) {
                    cuGraphDestroy(graph);
                }
            }
        });
    }

    private boolean record(CUgraph graph, List<Call> calls, boolean random, boolean faulting) {
        check(
                cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
                "begin to record a graph");
        try {
            enqueue(calls, random, faulting);
        } catch (RuntimeException e) {
            if (cuStreamEndCapture(stream, graph) == CUresult.CUDA_SUCCESS) {
                cuGraphDestroy(graph);
            }
            throw e;
        }
        check(cuStreamEndCapture(stream, graph), "record a graph");
        return true;
    }

    /** One launch for all. */
    void run(CUgraphExec graph, Optional<RunState> random, boolean faulting) {
        alone(() -> {
            prepare(random);
            check(cuGraphLaunch(graph, stream), "start a graph");
            finish(faulting);
        });
    }

    void drop(CUgraphExec graph) {
        if (retained) { // else it went with the device
            alone(() -> {
                if (graphs.remove(graph)) {
                    cuGraphExecDestroy(graph);
                }
            });
        }
    }

    private void prepare(Optional<RunState> random) {
        random.ifPresent(now -> host.putLong(0, now.seed).putLong(8, now.step));
    }

    private void enqueue(List<Call> calls, boolean random, boolean faulting) {
        if (random) {
            check(cuMemcpyHtoDAsync(Memory.pointer(state), pinned, STATE, stream), "copy to the device");
        }
        for (Call call : calls) {
            call.start().on(stream);
        }
        if (faulting) {
            check(
                    cuMemcpyDtoHAsync(pinned.withByteOffset(STATE), Memory.pointer(fault), FAULT, stream),
                    "copy from the device");
        }
    }

    private void finish(boolean faulting) {
        check(cuStreamSynchronize(stream), "compute");
        if (faulting && host.getInt(STATE) != 0) {
            int place = host.getInt(STATE + 4);
            float index = host.getFloat(STATE + 8);
            int rows = host.getInt(STATE + 12);
            check(cuMemcpyHtoD(Memory.pointer(fault), Pointer.to(new int[FAULT / 4]), FAULT), "copy to the device");
            throw new DataException("gather: index " + (double) index + " at place " + place + " is outside 0.."
                    + (rows - 1) + ", the rows of the table");
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (retained) {
                cuCtxSetCurrent(context);
            }
            graphs.forEach(graph -> cuGraphExecDestroy(graph));
            graphs.clear();
            modules.values().forEach(module -> cuModuleUnload(module));
            modules.clear();
            functions.clear();
            if (pictures != null) {
                pictures.close();
                pictures = null;
            }
            if (vendor != null) {
                vendor.close();
                vendor = null;
            }
            memory.releaseAll();
            if (staging != null) {
                staging.close();
                staging = null;
            }
            if (pinning) {
                cuMemFreeHost(pinned);
            }
            if (streaming) {
                cuStreamDestroy(stream);
            }
            if (retained) {
                cuDevicePrimaryCtxRelease(card.handle());
            }
            pinning = false;
            streaming = false;
            retained = false;
        } finally {
            lock.unlock();
        }
    }
}
