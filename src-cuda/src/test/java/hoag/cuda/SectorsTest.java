package hoag.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.kernels.Backend;
import hoag.kernels.Case;
import hoag.kernels.Cases;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How well the lanes of a warp read and write together, which needs no GPU: the emulator counts the sectors of 32 bytes that each access of a warp moves, and those that its
 * bytes would fill. The table of all kernels goes to {@code target/sectors.md}.
 */
class SectorsTest {
    private static final double MOST = Double.parseDouble(System.getProperty("hoag.cuda.flops", "3e5"));
    /** A thread each for short rows or windows that lie behind one another, or single elements from here and there: what the caches keep helps these. */
    private static final Set<String> SCATTERED = Set.of("reduce_columns", "gather_sort", "move_copy", "pool_forward");

    private static final Path TABLE = Path.of("target", "sectors.md");

    /** Of one kernel: accesses of a warp, sectors that they moved, sectors that they need, bytes that were asked for. */
    private record Traffic(String kernel, long accesses, long sectors, long needed, long bytes) {
        static Traffic of(String line) {
            String[] words = line.split(" ");
            return new Traffic(
                    words[0],
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]),
                    Long.parseLong(words[5]));
        }

        double times() {
            return (double) sectors / needed;
        }

        String row(String precision) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %d | %.2f | %.0f |",
                    kernel,
                    precision,
                    sectors,
                    needed,
                    times(),
                    (double) bytes / accesses);
        }
    }

    @Test
    void neighboursReadNeighbours() throws IOException {
        assumeFalse(StandIn.real());
        var rows = new ArrayList<>(List.of(
                "| kernel | precision | sectors moved | sectors needed | moved / needed | bytes an access |",
                "|---|---|---|---|---|---|"));
        var worst = new TreeMap<String, Double>();
        for (Precision precision : Precision.values()) {
            StandIn.reset();
            StandIn.countTraffic();
            for (Case each : cases(precision)) {
                run(each, precision);
            }
            for (String line : StandIn.traffic()) {
                Traffic traffic = Traffic.of(line);
                if (precision == Precision.FP32 || traffic.kernel().startsWith("tensor")) {
                    rows.add(traffic.row(precision.toString()));
                    worst.merge(traffic.kernel(), traffic.times(), Math::max);
                }
            }
        }
        Files.createDirectories(TABLE.getParent());
        Files.write(TABLE, rows);
        assertTrue(worst.size() > 30, worst.size() + " kernels");
        worst.values().removeIf(times -> times <= 3);
        worst.keySet().removeAll(SCATTERED);
        assertEquals(Map.of(), worst, "kernels that move more than three times what they need");
    }

    private static List<Case> cases(Precision precision) {
        return Cases.all(1).stream()
                .filter(each -> each.name().contains(System.getProperty("hoag.cases", "")))
                .filter(each -> !(each.kernel() instanceof Kernel.Chain))
                .filter(each -> precision == Precision.FP32
                        || each.kernel() instanceof Kernel.Product
                        || each.kernel() instanceof Kernel.Conv2d)
                .filter(each -> CudaConformanceTest.cost(each.kernel()) <= MOST)
                .toList();
    }

    private static void run(Case each, Precision precision) {
        try (Backend cuda = new CudaBackend().precision(precision);
                var runner = new KernelRunner(cuda, each.kernel())) {
            runner.write(each.inputs());
            runner.run();
        }
    }
}
