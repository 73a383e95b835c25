package hoag.cuda;

import hoag.cuda.Timings.Timing;
import hoag.kernels.Algorithms;
import hoag.kernels.Buffer;
import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import hoag.kernels.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Own kernels or the vendor's: as was asked for, or what is faster here. A device times a kernel of one shape once, and keeps to what it found, in later runs too ({@link Timings}). */
final class Choice {
    private static final int ROUNDS = 4; // the first one warms up

    private final Device device;
    private final Map<Kernel, CudaLaunch> chosen = new ConcurrentHashMap<>();
    private Timings timings;

    Choice(Device device) {
        this.device = device;
    }

    /** @throws DeviceException if a library that is there fails */
    CudaLaunch of(Kernel kernel, Supplier<CudaLaunch> own) {
        return device.algorithms() == Algorithms.OWN
                ? own.get()
                : device.vendor(kernel)
                        .map(vendor -> device.algorithms() == Algorithms.CUDNN
                                ? vendor
                                : chosen.computeIfAbsent(kernel, ignored -> faster(kernel, own.get(), vendor)))
                        .orElseGet(own);
    }

    /** Where there is no memory to find out, our own. */
    private CudaLaunch faster(Kernel kernel, CudaLaunch own, CudaLaunch vendor) {
        return timings()
                .of(kernel, own.algorithm(), vendor.algorithm())
                .or(() -> measured(kernel, own, vendor))
                .map(timing -> (timing.ownIsFaster() ? own : vendor).called(said(timing)))
                .orElse(own);
    }

    private synchronized Timings timings() {
        if (timings == null) {
            timings = device.timings();
        }
        return timings;
    }

    private Optional<Timing> measured(Kernel kernel, CudaLaunch own, CudaLaunch vendor) {
        List<Buffer> memory = new ArrayList<>();
        try {
            Stream.concat(kernel.inputs().stream(), kernel.outputs().stream())
                    .forEach(shape -> memory.add(device.allocate(shape.size())));
            List<Buffer> operands = List.copyOf(memory);
            Buffer scratch = device.allocate(Math.max(own.scratch(1), vendor.scratch(1)));
            memory.add(scratch);
            var timing = new Timing(
                    own.algorithm(), milliseconds(own, operands, scratch),
                    vendor.algorithm(), milliseconds(vendor, operands, scratch));
            timings().keep(kernel, timing);
            return Optional.of(timing);
        } catch (Memory.Full e) {
            return Optional.empty();
        } finally {
            memory.forEach(device::release);
        }
    }

    private double milliseconds(CudaLaunch launch, List<Buffer> operands, Buffer scratch) {
        List<Call> calls = launch.bind(operands, scratch, new RunState()).calls();
        double least = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            double now = device.milliseconds(calls);
            least = round == 0 ? least : Math.min(least, now);
        }
        return least;
    }

    private static String said(Timing t) {
        return t.ownIsFaster()
                ? said(t.own(), t.ownMs(), t.vendor(), t.vendorMs())
                : said(t.vendor(), t.vendorMs(), t.own(), t.ownMs());
    }

    private static String said(String taken, double ms, String left, double other) {
        return String.format(Locale.ROOT, "%s, %.3f ms (%s %.3f)", taken, ms, left, other);
    }
}
