package hoag.galaxy.cli;

import hoag.kernels.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Times something until the figures are steady. */
record Measure(double median, double min, double max, int runs) {
    private static final int PATIENCE = 5;
    private static final long PAUSE_MS = 5;

    /** Warms up, then runs for {@code seconds}, at least 7 times; milliseconds. */
    static Measure of(Backend backend, double warm, double seconds, Runnable work) {
        warm(backend, warm, work);
        return timed(seconds, work);
    }

    /** Runs for {@code seconds}, and on (five times as long at most) until the backend has had no faster code in the making for half that time. */
    static void warm(Backend backend, double seconds, Runnable work) {
        long start = System.nanoTime();
        double calm = 0;
        for (double gone = 0; gone < seconds || gone - calm < seconds / 2 && gone < PATIENCE * seconds; ) {
            work.run();
            gone = (System.nanoTime() - start) / 1e9;
            if (backend.warming()) {
                calm = gone;
                leaveCores();
            }
        }
    }

    /** To the compiler, which would wait behind threads that spin. */
    private static void leaveCores() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs for {@code seconds}, at least 7 times. */
    static Measure timed(double seconds, Runnable work) {
        double[] ms = new double[100_000];
        int runs = 0;
        for (long start = System.nanoTime();
                (System.nanoTime() - start < seconds * 1e9 || runs < 7) && runs < ms.length;
                runs++) {
            long from = System.nanoTime();
            work.run();
            ms[runs] = (System.nanoTime() - from) / 1e6;
        }
        double[] sorted = Arrays.copyOf(ms, runs);
        Arrays.sort(sorted);
        return new Measure(sorted[runs / 2], sorted[0], sorted[runs - 1], runs);
    }

    /** The largest resident size of this process, MiB; NaN where the system does not tell. */
    static double peakRssMib() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** Name and value pairs as a line of JSON. */
    static String json(Object... pairs) {
        StringBuilder line = new StringBuilder("{");
        for (int i = 0; i < pairs.length; i += 2) {
            line.append(i == 0 ? "" : ", ")
                    .append('"')
                    .append(pairs[i])
                    .append("\": ")
                    .append(value(pairs[i + 1]));
        }
        return line.append('}').toString();
    }

    private static String value(Object value) {
        return switch (value) {
            case Double number when !Double.isFinite(number) -> "null";
            case Double number -> String.format(Locale.ROOT, "%.6g", number);
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        };
    }
}
