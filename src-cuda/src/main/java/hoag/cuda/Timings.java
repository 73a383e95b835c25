package hoag.cuda;

import hoag.kernels.Kernel;
import hoag.kernels.Precision;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * How long own kernels and the vendor's took on a device, kept from run to run in a file of the user's cache folder: so {@code auto} decides once, and a run that is
 * taken up again computes with the same kernels. A file that another driver, library or Hoag wrote, or that is broken, is passed over with a line, and written anew.
 */
final class Timings {
    /** System property: the folder, in place of {@code hoag} in the user's cache folder. */
    static final String FOLDER = "hoag.cache";

    private static final System.Logger LOG = System.getLogger(Timings.class.getName());

    private final Path file;
    private final String made;
    private Map<String, Timing> known;
    private boolean refused;

    private Timings(Path file, String made) {
        this.file = file;
        this.made = made;
        known = read();
    }

    /**
     * Those of a device.
     *
     * @param libraries which are there, with their versions
     */
    static Timings of(Driver.Card card, Precision precision, List<String> libraries) {
        String name = "cuda " + card.name() + " " + precision;
        return new Timings(
                folder().resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + ".timings"),
                String.join(
                        "\t",
                        "hoag timings 1",
                        name,
                        "driver " + Driver.release().orElse(Driver.text(Driver.version())),
                        String.join(", ", libraries),
                        "kernels " + kernels()));
    }

    private static Path folder() {
        String named = System.getProperty(FOLDER);
        if (named != null) {
            return Path.of(named);
        }
        String cache = System.getenv("XDG_CACHE_HOME"); // as the XDG Base Directory Specification has it
        Path user = cache == null || !Path.of(cache).isAbsolute()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(cache);
        return user.resolve("hoag");
    }

    /** A sum over our compiled kernels: others take another time. */
    private static String kernels() {
        var sum = new CRC32();
        sum.update(Ptx.lock());
        return Long.toHexString(sum.getValue());
    }

    /** Milliseconds of an own algorithm and of a vendor's. */
    record Timing(String own, double ownMs, String vendor, double vendorMs) {
        boolean ownIsFaster() {
            return ownMs <= vendorMs;
        }

        private static Timing of(String[] fields) {
            return new Timing(fields[1], Double.parseDouble(fields[0]), fields[3], Double.parseDouble(fields[2]));
        }

        private String line(String kernel) {
            return String.join("\t", Double.toString(ownMs), own, Double.toString(vendorMs), vendor, kernel);
        }
    }

    /** What was found out about a kernel; empty if nothing was, or about other algorithms than these. */
    synchronized Optional<Timing> of(Kernel kernel, String own, String vendor) {
        return Optional.ofNullable(known.get(kernel.toString()))
                .filter(found -> found.own.equals(own) && found.vendor.equals(vendor));
    }

    /** Keeps what was found out, beside what other processes found out meanwhile. */
    synchronized void keep(Kernel kernel, Timing timing) {
        Map<String, Timing> all = read();
        all.putAll(known);
        all.put(kernel.toString(), timing);
        known = all;
        try {
            write();
        } catch (IOException e) {
            say("what was timed cannot be kept here, " + e);
        }
    }

    private void write() throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(file.getParent(), "timings", ".new");
        try {
            Files.writeString(
                    fresh,
                    known.entrySet().stream()
                            .map(each -> each.getValue().line(each.getKey()) + "\n")
                            .collect(Collectors.joining("", made + "\n", "")));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private Map<String, Timing> read() {
        var found = new TreeMap<String, Timing>();
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty() || !lines.getFirst().equals(made)) {
                say("passed over, another driver, library or version of Hoag wrote it: what is faster is timed anew");
                return found;
            }
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.split("\t", 5);
                found.put(fields[4], Timing.of(fields));
            }
            return found;
        } catch (CharacterCodingException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            say("passed over, it is broken: what is faster is timed anew");
            return new TreeMap<>();
        } catch (IOException e) { // none yet, or none can be: then writing says so
            return found;
        }
    }

    /** Once: a file that cannot be used cannot be used at every kernel. */
    private void say(String what) {
        if (!refused) {
            LOG.log(Level.WARNING, file + ": " + what);
        }
        refused = true;
    }
}
