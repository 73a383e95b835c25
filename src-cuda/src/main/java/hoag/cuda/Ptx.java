package hoag.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text of compiled kernels: a resource for each {@code .cu}, of which one entry is taken at a time, with its formula put in. */
final class Ptx {
    private static final Map<String, String> FILES = new ConcurrentHashMap<>();
    private static final Pattern VARIABLE = Pattern.compile("^(?:\\.visible |\\.weak )?\\.(?:shared|global|const) ");
    private static final Pattern ENTRY = Pattern.compile("(?m)^\\.visible \\.entry (\\w+)\\(");

    private Ptx() {}

    /** The whole of a resource, such as {@code conv2d.sm75}. */
    static String file(String name) {
        return FILES.computeIfAbsent(name, Ptx::read);
    }

    /** The sums of all of them, as they were built. */
    static byte[] lock() {
        return bytes("kernels.lock");
    }

    private static String read(String name) {
        return new String(bytes(name + ".ptx"), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Ptx.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The stem of the file that holds an entry: {@code conv2d_forward_64} is in conv2d. */
    static String stem(String entry) {
        return entry.contains("_") ? entry.substring(0, entry.indexOf('_')) : entry;
    }

    /** The file of a stem, and the oldest chip that it is for. */
    static String resource(String stem) {
        return stem + (stem.equals("tensor") ? ".sm80" : ".sm75");
    }

    /** A module with one entry, without slots. */
    static String module(String entry) {
        return module(entry, null);
    }

    /** A module with one entry, whose slots are filled with {@code slot}; null if it has none. */
    static String module(String entry, Slot slot) {
        String file = file(resource(stem(entry)));
        String text = alone(file, entry);
        if (slot == null) {
            return text;
        }
        String filled = slot.fill(text, entry);
        return slot.calls() ? withFunctions(filled) : filled;
    }

    /** Bytes of an entry's one argument. */
    static int argument(String module, String entry) {
        String before = entry + "_param_0[";
        int at = module.indexOf(before) + before.length();
        return Integer.parseInt(module.substring(at, module.indexOf(']', at)));
    }

    /** The header, what the entry names of what stands outside of entries, and this entry. */
    private static String alone(String file, String entry) {
        var entries = ENTRY.matcher(file);
        var outside = new StringBuilder();
        String body = null;
        int kept = 0;
        while (entries.find()) {
            outside.append(file, kept, entries.start());
            kept = file.indexOf("\n}", entries.end()) + 3;
            if (entries.group(1).equals(entry)) {
                body = file.substring(entries.start(), kept);
            }
        }
        if (body == null) {
            throw new IllegalStateException("no kernel " + entry);
        }
        return named(outside.append(file.substring(kept)).toString(), body) + body;
    }

    /** Lines without the variables that {@code body} does not name. */
    private static String named(String lines, String body) {
        return lines.lines()
                .filter(line -> !VARIABLE.matcher(line).find() || body.contains(name(line)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String name(String variable) {
        return variable.substring(variable.lastIndexOf(' ', variable.indexOf('[')) + 1, variable.indexOf('['));
    }

    /** The module with those functions of {@code functions.cu} behind its header that it calls, and those that they call. */
    private static String withFunctions(String module) {
        String header = ".address_size 64\n";
        int at = module.indexOf(header) + header.length();
        return module.substring(0, at) + Functions.of(file("functions.sm75")).calledBy(module) + module.substring(at);
    }

    /** A file of functions, taken apart. */
    private record Functions(List<String> variables, Map<String, String> bodies) {
        private static final Pattern FUNCTION = Pattern.compile("(?m)^(?:\\.visible )?\\.func .*?(\\w+)\\s*\\(\\s*$");
        private static final Pattern CALLED = Pattern.compile("(?m)^\\s*(\\w+),\\s*$|call\\.uni \\(\\w+\\), (\\w+)");

        static Functions of(String file) {
            var bodies = new LinkedHashMap<String, String>();
            var functions = FUNCTION.matcher(file);
            while (functions.find()) {
                int open = file.indexOf('{', functions.end());
                int semicolon = file.indexOf(';', functions.end());
                if (open < semicolon) { // else it is only declared
                    bodies.put(functions.group(1), file.substring(functions.start(), file.indexOf("\n}", open) + 3));
                }
            }
            return new Functions(
                    file.lines().filter(line -> VARIABLE.matcher(line).find()).toList(), bodies);
        }

        String calledBy(String text) {
            var wanted = new LinkedHashMap<String, String>();
            want(text, wanted);
            String all = String.join("\n", wanted.values());
            String named = variables.stream()
                    .filter(line -> all.contains(name(line)))
                    .collect(Collectors.joining("\n", "", "\n"));
            return named + all.replace(".visible .func", ".func") + "\n";
        }

        /** A function behind those that it calls. */
        private void want(String text, Map<String, String> wanted) {
            var calls = CALLED.matcher(text);
            while (calls.find()) {
                String name = calls.group(1) == null ? calls.group(2) : calls.group(1);
                String body = bodies.get(name);
                if (body != null && !wanted.containsKey(name)) {
                    want(body, wanted);
                    wanted.putIfAbsent(name, body);
                }
            }
        }
    }
}
