package hoag.kernels;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The devices of this build, found by {@link ServiceLoader}. */
public final class Backends {
    private Backends() {}

    /** Every backend on the class path, whether it can run here or not, cpu first. */
    public static List<Backend> all() {
        return ServiceLoader.load(Backend.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(java.util.Comparator.comparingInt(Backends::rank).thenComparing(Backend::name))
                .toList();
    }

    private static int rank(Backend backend) {
        int rank = List.of("cpu", "cuda", "reference").indexOf(backend.name());
        return rank < 0 ? Integer.MAX_VALUE : rank;
    }

    /**
     * The backend called {@code name}, ready to run; {@code name:1} is its second device, {@code name:0,1} and {@code name:all} are several that share work.
     *
     * @throws ConfigException if no backend has this name
     * @throws DeviceException if it cannot run here: the message is {@link Backend#whyNot}
     */
    public static Backend open(String name) {
        Backend backend = find(name);
        backend.whyNot().ifPresent(why -> {
            throw new DeviceException(why);
        });
        return backend;
    }

    /** The same with a number of threads of the host. */
    public static Backend open(String name, int threads) {
        return open(name).withThreads(threads);
    }

    /** Which device of this build computes which kernels; its text is a Markdown table. */
    public static SupportMatrix supportMatrix() {
        return new SupportMatrix(all());
    }

    private static Backend find(String name) {
        int colon = name.indexOf(':');
        return colon < 0 ? named(name) : numbered(named(name.substring(0, colon)), name.substring(colon + 1));
    }

    private static Backend numbered(Backend backend, String text) {
        List<Integer> numbers = text.equals("all") ? List.of() : numbers(backend.name(), text);
        return numbers.size() == 1 ? backend.numbered(numbers.getFirst()) : backend.together(numbers);
    }

    private static List<Integer> numbers(String name, String text) {
        try {
            return Stream.of(text.split(",", -1)).map(Integer::parseUnsignedInt).toList();
        } catch (NumberFormatException e) {
            throw new ConfigException("--device " + name + ":" + text
                    + ": what stands behind the colon must be a device's number, 0, 1, ..., several with"
                    + " commas, or all");
        }
    }

    private static Backend named(String name) {
        List<Backend> all = all();
        return all.stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("--device " + name + ": no such device; there are "
                        + all.stream().map(Backend::name).collect(Collectors.joining(", "))));
    }
}
