package hoag.kernels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The documentation's table of operations, made from {@link Cases} and from what the backends take; the same on every machine. */
public final class OperationsTable {
    private OperationsTable() {}

    /**
     * Markdown: for each family of cases the kernel, how near to float64 its results are in every case, and which backends compute it.
     *
     * @param backends that run on every machine
     */
    public static String markdown(List<Backend> backends) {
        Map<String, List<Case>> families = new LinkedHashMap<>();
        Cases.all(1)
                .forEach(each -> families.computeIfAbsent(each.family(), ignored -> new java.util.ArrayList<>())
                        .add(each));
        var text = new StringBuilder("| operation | kernel | within |");
        backends.forEach(backend -> text.append(' ').append(backend.name()).append(" |"));
        text.append("\n|---|---|---|").append("---|".repeat(backends.size())).append('\n');
        families.forEach((family, cases) -> {
            text.append("| ")
                    .append(family)
                    .append(" | ")
                    .append(kernels(cases))
                    .append(" | ")
                    .append(within(cases));
            backends.forEach(backend -> text.append(" | ").append(taken(backend, cases)));
            text.append(" |\n");
        });
        return text.toString();
    }

    /** The names of the kernel records. */
    private static String kernels(List<Case> cases) {
        return cases.stream()
                .map(each -> "`Kernel." + each.kernel().getClass().getSimpleName() + "`")
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String taken(Backend backend, List<Case> cases) {
        long taken = cases.stream().filter(each -> takes(backend, each)).count();
        return taken == cases.size() ? "all" : taken + " of " + cases.size();
    }

    private static boolean takes(Backend backend, Case each) {
        try {
            backend.prepare(each.kernel(), KernelRunner.wish(backend, each.kernel(), Layout.BLOCKED));
            return true;
        } catch (HoagException e) {
            return false;
        }
    }

    /** The tolerances of a family, strictest first, in parts of the largest value. */
    private static String within(List<Case> cases) {
        return cases.stream()
                .map(Case::tolerance)
                .distinct()
                .sorted()
                .map(tolerance -> tolerance == 0 ? "exact" : String.format(Locale.ROOT, "%.0e", tolerance))
                .collect(Collectors.joining(", "));
    }
}
