package hoag.kernels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which device computes which kernels, found by asking each to prepare every case of {@link Cases}; nothing is computed. */
public final class SupportMatrix {
    private final List<Backend> backends;
    private final Map<String, Map<String, Cell>> rows = new LinkedHashMap<>();

    /** One family of kernels on one device: how many cases, how many it takes, and the first refusal. */
    private static final class Cell {
        private int cases;
        private int taken;
        private String refusal;

        @Override
        public String toString() {
            if (taken == cases) {
                return "all " + cases;
            }
            return taken == 0 ? refusal : taken + " of " + cases + " (" + refusal + ")";
        }
    }

    SupportMatrix(List<Backend> backends) {
        this.backends = backends;
        for (Case each : Cases.all(1)) {
            backends.forEach(backend -> ask(backend, each));
        }
    }

    private void ask(Backend backend, Case each) {
        Cell cell = rows.computeIfAbsent(each.family(), family -> new LinkedHashMap<>())
                .computeIfAbsent(backend.name(), name -> new Cell());
        cell.cases++;
        Optional<String> why = backend.whyNot();
        if (why.isPresent()) {
            cell.refusal = "not usable here";
            return;
        }
        try {
            Backend.Wish wish = KernelRunner.wish(backend, each.kernel(), Layout.BLOCKED);
            backend.prepare(each.kernel(), wish);
            cell.taken++;
        } catch (HoagException e) {
            cell.refusal = cell.refusal == null ? e.getMessage() : cell.refusal;
        }
    }

    /** True if this device took every case. */
    public boolean complete(String backend) {
        return rows.values().stream()
                .map(row -> row.get(backend))
                .allMatch(cell -> cell != null && cell.taken == cell.cases);
    }

    /** A Markdown table: a row for each family of kernels, a column for each device. */
    @Override
    public String toString() {
        var text = new StringBuilder("| kernel |");
        backends.forEach(backend -> text.append(' ').append(backend.name()).append(" |"));
        text.append("\n|---|").append("---|".repeat(backends.size())).append('\n');
        rows.forEach((family, row) -> {
            text.append("| ").append(family).append(" |");
            row.values().forEach(cell -> text.append(' ').append(cell).append(" |"));
            text.append('\n');
        });
        return text.toString();
    }
}
