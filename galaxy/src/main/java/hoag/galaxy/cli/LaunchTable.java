package hoag.galaxy.cli;

import hoag.engine.LaunchCost;
import hoag.kernels.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the time of a model goes: its launches, equal ones together, and how far each stands from the machine's limit. */
record LaunchTable(List<Row> rows, Machine limit) {
    private static final String FORMAT = "%8.3f %5.1f%% %5s %9.4f %8.3f %8.0f %7.1f %5.0f%% %-7s %-9s %-44s %s";

    /** So many equal launches; {@code millis} of the mean one. */
    record Row(LaunchCost cost, int times, double millis) {
        double total() {
            return times * millis;
        }

        /** What they must take at least. */
        double least(Machine limit) {
            return times * limit.leastMillis(cost.flops(), cost.bytes());
        }

        String bound(Machine limit) {
            return limit.boundByMemory(cost.flops(), cost.bytes()) ? "memory" : "fma";
        }
    }

    /** The slowest first. */
    static LaunchTable of(List<LaunchCost> costs, Machine limit) {
        Map<List<Object>, List<LaunchCost>> equal = new LinkedHashMap<>();
        costs.forEach(cost -> equal.computeIfAbsent(
                        List.of(cost.kernel(), cost.work(), cost.result(), cost.algorithm(), cost.bytes()),
                        key -> new ArrayList<>())
                .add(cost));
        List<Row> rows = equal.values().stream()
                .map(all -> new Row(
                        all.getFirst(),
                        all.size(),
                        all.stream().mapToDouble(LaunchCost::millis).average().orElseThrow()))
                .sorted(Comparator.comparingDouble(Row::total).reversed())
                .toList();
        return new LaunchTable(rows, limit);
    }

    private double total() {
        return rows.stream().mapToDouble(Row::total).sum();
    }

    private double least() {
        return rows.stream().mapToDouble(row -> row.least(limit)).sum();
    }

    @Override
    public String toString() {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "limits: %.0f GFLOP/s, %.0f GB/s from memory, %.0f GB/s where a launch moves less than %.1f MiB%n",
                limit.gflops(),
                limit.gigabytes(),
                limit.cached(),
                limit.cacheBytes() / 1048576.0));
        text.append(String.format(
                "%8s %6s %5s %9s %8s %8s %7s %6s %-7s %-9s %-44s %s%n",
                "ms",
                "share",
                "times",
                "ms each",
                "above",
                "GFLOP/s",
                "GB/s",
                "limit",
                "bound",
                "kernel",
                "work",
                "algorithm"));
        rows.forEach(row -> text.append(line(row)).append(System.lineSeparator()));
        kinds().forEach((kernel, all) -> text.append(kind(kernel, all)));
        return text.append(String.format(
                        Locale.ROOT,
                        "%.2f ms in %d launches, which move %.2f GB; at the machine's limit they would take %.2f"
                                + " (%.0f%%). \"above\": ms above that limit, all times together",
                        total(),
                        rows.stream().mapToInt(Row::times).sum(),
                        gigabytes(rows),
                        least(),
                        100 * least() / total()))
                .toString();
    }

    private static double gigabytes(List<Row> rows) {
        return rows.stream().mapToDouble(row -> row.times * row.cost.bytes()).sum() / 1e9;
    }

    /** The rows of each kernel, in the order of their slowest. */
    private Map<String, List<Row>> kinds() {
        Map<String, List<Row>> kinds = new LinkedHashMap<>();
        rows.forEach(row -> kinds.computeIfAbsent(row.cost.kernel(), key -> new ArrayList<>())
                .add(row));
        return kinds;
    }

    private String kind(String kernel, List<Row> all) {
        double ms = all.stream().mapToDouble(Row::total).sum();
        return String.format(
                Locale.ROOT,
                "all %-13s %8.2f ms %5.1f%% %5d launches %7.2f GB %6.1f GB/s%n",
                kernel,
                ms,
                100 * ms / total(),
                all.stream().mapToInt(Row::times).sum(),
                gigabytes(all),
                1e3 * gigabytes(all) / ms);
    }

    private String line(Row row) {
        LaunchCost cost = row.cost;
        return String.format(
                Locale.ROOT,
                FORMAT,
                row.total(),
                100 * row.total() / total(),
                row.times,
                row.millis,
                row.total() - row.least(limit),
                cost.flops() / row.millis / 1e6,
                cost.bytes() / row.millis / 1e6,
                100 * row.least(limit) / row.total(),
                row.bound(limit),
                cost.kernel(),
                cost.work(),
                cost.algorithm());
    }

    /** A line of JSON for the limits and the sums, then one for each row. */
    List<String> json(String what) {
        List<String> lines = new ArrayList<>();
        lines.add(Measure.json(
                "what",
                what,
                "ms",
                total(),
                "least_ms",
                least(),
                "gigabytes",
                gigabytes(rows),
                "peak_gflops",
                limit.gflops(),
                "memory_gbs",
                limit.gigabytes(),
                "cache_gbs",
                limit.cached(),
                "cache_bytes",
                limit.cacheBytes()));
        rows.forEach(row -> lines.add(Measure.json(
                "kernel",
                row.cost.kernel(),
                "work",
                row.cost.work(),
                "result",
                row.cost.result(),
                "algorithm",
                row.cost.algorithm(),
                "times",
                row.times,
                "ms",
                row.millis,
                "least_ms",
                row.least(limit) / row.times,
                "flops",
                row.cost.flops(),
                "bytes",
                row.cost.bytes(),
                "bound",
                row.bound(limit))));
        return lines;
    }
}
