package hoag.cuda;

import hoag.kernels.Algorithms;
import hoag.kernels.Backend;
import hoag.kernels.DeviceException;
import hoag.kernels.Machine;
import hoag.kernels.Precision;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Between the backend, which must load where JCuda is missing, and everything that names JCuda's classes. */
final class Gpu {
    private static final String CPU = "run with --device cpu";

    /** The reason that JCuda's first failure gave: later ones of the same process only say that there was one. */
    private static String first;

    private Gpu() {}

    /** Empty if the device can be used, else the reason and the cure. */
    static Optional<String> whyNot(int number, Precision precision, Algorithms algorithms) {
        try {
            Driver.Card card = card(number);
            String why = card.whyNot(precision);
            return why.isEmpty()
                    ? missing(number, algorithms)
                    : Optional.of("cuda:" + number + ": " + why + "; " + CPU);
        } catch (DeviceException e) {
            return Optional.of(e.getMessage());
        } catch (LinkageError e) {
            return Optional.of(missing(e));
        }
    }

    /** Libraries that were asked for; what only may be used is passed over in silence. */
    private static Optional<String> missing(int number, Algorithms algorithms) {
        return algorithms == Algorithms.CUDNN
                ? Library.missing()
                        .map(missing -> "cuda:" + number + ": --algorithms cudnn: " + missing
                                + "; install what is missing, or leave --algorithms out")
                : Optional.empty();
    }

    /** JCuda throws UnsatisfiedLinkError at first, later an error that its class could not be initialised. */
    private static synchronized String missing(LinkageError e) {
        if (first == null) {
            first = reason(e);
        }
        return first;
    }

    private static String reason(LinkageError e) {
        String all = text(e);
        if (all.contains("libcuda.so")) {
            return "cuda: libcuda.so.1 not found; install the NVIDIA driver, or " + CPU;
        }
        if (e instanceof NoClassDefFoundError && all.contains("jcuda") && !all.contains("initialize")) {
            return "cuda: JCuda is not on the class path; add org.jcuda:jcuda:12.6.0 and"
                    + " org.jcuda:jcuda-natives:12.6.0 for this system, or "
                    + CPU;
        }
        if (all.contains("resource") || all.contains("jcuda")) {
            return "cuda: JCuda's native library for this system is not there or of another version; add"
                    + " org.jcuda:jcuda-natives:12.6.0 beside org.jcuda:jcuda:12.6.0, or " + CPU;
        }
        return "cuda: JCuda cannot be used, " + e.getMessage() + "; " + CPU;
    }

    static String text(Throwable e) {
        var text = new StringBuilder();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            text.append(cause.getMessage()).append('\n');
        }
        return text.toString();
    }

    private static Driver.Card card(int number) {
        Natives.load();
        List<Driver.Card> cards = Driver.cards();
        if (number >= cards.size()) {
            String there = cards.stream()
                    .map(card -> "cuda:" + card.number() + " " + card.name())
                    .collect(Collectors.joining(", "));
            throw new DeviceException(
                    "cuda:" + number + ": no such device; there " + (cards.size() == 1 ? "is " : "are ") + there);
        }
        return cards.get(number);
    }

    /** What the device could do at most by its clocks and widths. */
    static Machine peak(int number, Precision precision) {
        return Peak.of(card(number), precision);
    }

    /** The numbers of all devices. */
    static List<Integer> numbers() {
        try {
            Natives.load();
            return Driver.cards().stream().map(Driver.Card::number).toList();
        } catch (LinkageError e) {
            throw new DeviceException(missing(e));
        }
    }

    /** One line for {@code hoag devices}. */
    static String describe(int number) {
        if (whyNot(number, Precision.FP32, Algorithms.OWN).isPresent()) {
            return "NVIDIA GPU";
        }
        int cards = Driver.cards().size();
        return "NVIDIA driver" + Driver.release().map(release -> " " + release).orElse("") + " for CUDA "
                + Driver.text(Driver.version()) + "; " + cards + (cards == 1 ? " device" : " devices");
    }

    /** One line for each device; none where there is no driver. */
    static List<String> details() {
        try {
            Natives.load();
            List<Driver.Card> cards = Driver.cards();
            return Stream.concat(cards.stream().map(Gpu::state), libraries(cards))
                    .toList();
        } catch (DeviceException | LinkageError e) {
            return List.of(); // whyNot says it
        }
    }

    /** What {@code --algorithms} could use on the first device that works. */
    private static Stream<String> libraries(List<Driver.Card> cards) {
        return cards.stream().filter(card -> card.whyNot().isEmpty()).limit(1).flatMap(card -> {
            try (Device device = new Device(card, Precision.FP32, Algorithms.AUTO)) {
                return device.libraries().stream();
            } catch (DeviceException e) {
                return Stream.empty(); // said of the device itself
            }
        });
    }

    /** What the device is, and how much of its memory is free now, or why it cannot be used. */
    private static String state(Driver.Card card) {
        if (!card.whyNot().isEmpty()) {
            return card.toString();
        }
        try (Device device = new Device(card, Precision.FP32, Algorithms.OWN)) {
            return card + ", " + Memory.mib(device.free()) + " MiB free";
        } catch (DeviceException e) {
            return card + ", not usable: " + e.getMessage();
        }
    }

    static Device open(int number, Precision precision, Algorithms algorithms) {
        return new Device(card(number), precision, algorithms);
    }

    static void run(Device device, List<Work> works) {
        List<CudaLaunch.Bound> bound = bound(works);
        device.run(calls(bound), random(bound), faulting(bound));
    }

    /** The same as one graph. */
    static Backend.Recorded record(Device device, List<Work> works) {
        List<CudaLaunch.Bound> bound = bound(works);
        return new Graph(device, bound, random(bound), faulting(bound));
    }

    private static List<CudaLaunch.Bound> bound(List<Work> works) {
        return works.stream().map(work -> (CudaLaunch.Bound) work).toList();
    }

    private static List<Call> calls(List<CudaLaunch.Bound> bound) {
        return bound.stream().flatMap(work -> work.calls().stream()).toList();
    }

    /** All works of a run draw with one seed and step. */
    private static Optional<RunState> random(List<CudaLaunch.Bound> bound) {
        return bound.stream().flatMap(work -> work.random().stream()).findFirst();
    }

    private static boolean faulting(List<CudaLaunch.Bound> bound) {
        return bound.stream().anyMatch(CudaLaunch.Bound::faulting);
    }
}
