package hoag.engine;

import java.util.List;
import java.util.Locale;

/**
 * Where a program keeps its values and how long: the memory plan to look at.
 *
 * @param rows every stretch of memory that values take in turn, in the order of their first use
 * @param steps launches and views of one run
 * @param bytes what a workspace takes for them, kernels' scratch not included
 */
public record MemoryMap(List<Row> rows, int steps, long bytes) {
    private static final double WIDTH = 1000;
    private static final double HEIGHT = 420;
    private static final double MARGIN = 60;

    /**
     * One piece of memory.
     *
     * @param what shape and layout of its first value
     * @param from first step at which it is taken; -1 for what is fed before the run
     * @param to last step at which it is taken; {@code steps} for what must outlive the run
     * @param stretch which Java array
     * @param offset bytes from the start of the stretch
     */
    public record Row(String what, int from, int to, int stretch, long offset, long bytes) {}

    /** Bytes that the values would take if none shared its place with another. */
    public long unshared() {
        return rows.stream().mapToLong(Row::bytes).sum();
    }

    /** The largest sum of the bytes alive at one step: no plan can need less. */
    public long bound() {
        long most = 0;
        for (int step = -1; step <= steps; step++) {
            int at = step;
            most = Math.max(
                    most,
                    rows.stream()
                            .filter(row -> row.from <= at && at <= row.to)
                            .mapToLong(Row::bytes)
                            .sum());
        }
        return most;
    }

    /** A drawing: steps to the right, addresses upwards; each box is a value in its place for its life. */
    public String svg() {
        var svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %.0f %.0f' font-family='sans-serif'"
                        + " font-size='14'>%n<rect width='100%%' height='100%%' fill='white'/>%n",
                WIDTH + 2 * MARGIN,
                HEIGHT + 2 * MARGIN));
        rows.forEach(row -> svg.append(box(row)));
        svg.append(text(MARGIN, HEIGHT + MARGIN + 24, "start", "step 0"))
                .append(text(MARGIN + WIDTH, HEIGHT + MARGIN + 24, "end", "step " + steps))
                .append(text(MARGIN, MARGIN - 16, "start", summary()));
        return svg.append("</svg>\n").toString();
    }

    private String summary() {
        return String.format(
                Locale.ROOT,
                "%d values in %.1f MiB; apart they would take %.1f MiB, the most alive at one step take %.1f MiB",
                rows.size(),
                bytes / 1048576.0,
                unshared() / 1048576.0,
                bound() / 1048576.0);
    }

    private String box(Row row) {
        double x = MARGIN + WIDTH * (row.from + 1) / (steps + 2);
        double width = WIDTH * (row.to - row.from + 1) / (steps + 2);
        double height = HEIGHT * row.bytes / Math.max(1, bytes);
        double y = MARGIN + HEIGHT - HEIGHT * (row.offset + before(row.stretch)) / Math.max(1, bytes) - height;
        return String.format(
                Locale.ROOT,
                "<rect x='%.2f' y='%.2f' width='%.2f' height='%.2f' fill='hsl(%d,55%%,72%%)' stroke='#333'"
                        + " stroke-width='0.4'><title>%s, %.1f KiB, steps %d to %d</title></rect>%n",
                x,
                y,
                width,
                height,
                Math.floorMod(row.from * 37, 360),
                row.what,
                row.bytes / 1024.0,
                row.from,
                row.to);
    }

    private long before(int stretch) {
        return rows.stream()
                .filter(row -> row.stretch < stretch)
                .collect(java.util.stream.Collectors.groupingBy(
                        Row::stretch,
                        java.util.stream.Collectors.reducing(0L, row -> row.offset + row.bytes, Math::max)))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static String text(double x, double y, String anchor, String what) {
        return String.format(Locale.ROOT, "<text x='%.0f' y='%.0f' text-anchor='%s'>%s</text>%n", x, y, anchor, what);
    }
}
