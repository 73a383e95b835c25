package hoag.cuda;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;

import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.Shape;
import hoag.kernels.Views;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUcontext;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;

/**
 * Pictures on their way to the device: a stream of its own and pinned memory, so that one batch is copied while another is computed. Two places, taken in turns.
 * Staging does not take the device's lock but to reserve memory: a run does not hold it up.
 */
final class Pictures implements AutoCloseable {
    private static final int PLACES = 2;

    private final Device device;
    private final CUcontext context;
    private final CUstream copies = new CUstream();
    private final List<CUevent> events = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();
    private final Staging staging;
    private int next;
    private boolean streaming;

    /** The device's lock is held. */
    Pictures(Device device, CUcontext context) {
        this.device = device;
        this.context = context;
        try {
            check(cuStreamCreate(copies, CUstream_flags.CU_STREAM_NON_BLOCKING), "make a stream");
            streaming = true;
            for (int i = 0; i < PLACES; i++) {
                slots.add(new Slot(event(), event()));
            }
            staging = new Staging(device.who(), copies);
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    private CUevent event() {
        var event = new CUevent();
        check(cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "make an event");
        events.add(event);
        return event;
    }

    private void check(int result, String doing) {
        Driver.check(device.who(), result, doing);
    }

    /** A place for a batch. */
    final class Slot implements Backend.Staged {
        private final CUevent arrived;
        private final CUevent read;
        private Buffer words;
        private Shape shape;

        private Slot(CUevent arrived, CUevent read) {
            this.arrived = arrived;
            this.read = read;
        }

        @Override
        public Shape shape() {
            return shape;
        }

        private Slot take(Views views) {
            check(cuEventSynchronize(read), "compute");
            if (words == null || words.length() < views.length()) {
                Buffer before = words;
                words = null;
                words = device.settled(before, views.length() + views.length() / 8);
            }
            shape = Shape.of(views.images(), 3, views.size(), views.size());
            staging.write(views.words(), 0, words, views.length());
            check(cuEventRecord(arrived, copies), "mark the end of a copy");
            return this;
        }

        /** The device's lock is held. */
        void sample(Buffer to, CUstream stream) {
            check(cuStreamWaitEvent(stream, arrived, 0), "wait for a copy");
            CudaViews.call(device, shape, words, to).start().on(stream);
            check(cuEventRecord(read, stream), "mark the end of a kernel");
        }
    }

    synchronized Slot stage(Views views) {
        check(cuCtxSetCurrent(context), "use the context");
        next = (next + 1) % PLACES;
        return slots.get(next).take(views);
    }

    @Override
    public void close() {
        staging.close();
        release();
    }

    private void release() {
        events.forEach(event -> cuEventDestroy(event));
        events.clear();
        if (streaming) {
            cuStreamDestroy(copies);
            streaming = false;
        }
    }
}
