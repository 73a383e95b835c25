package hoag.galaxy.cli;

import hoag.kernels.Backend;
import hoag.kernels.Backends;
import hoag.kernels.OperationsTable;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What can compute here, and why something cannot. */
@Command(
        name = "devices",
        description = "Lists the devices, and why one cannot be used.",
        footer = {"", "Example:", "  hoag devices", "  hoag devices --ops"})
final class DevicesCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Option(names = "--ops", description = "Also a table of the kernels that each device computes.")
    boolean ops;

    @Option(
            names = "--markdown",
            description = "Only the table of docs/operations.md: operations, tolerances, devices.")
    boolean markdown;

    @Override
    public Integer call() {
        if (markdown) {
            System.out.print(operations());
            return 0;
        }
        for (Backend backend : Backends.all()) {
            String why = backend.whyNot().orElse(null);
            if (common.json) {
                common.out()
                        .println(Measure.json(
                                "device",
                                backend.name(),
                                "usable",
                                why == null,
                                "description",
                                backend.description(),
                                "reason",
                                why == null ? "" : why,
                                "details",
                                String.join("; ", backend.details())));
            } else {
                common.out()
                        .printf(
                                Locale.ROOT,
                                "%-10s %s%n",
                                backend.name(),
                                why == null ? backend.description() : "not usable: " + why);
                backend.details().forEach(line -> common.out().println("  " + line));
            }
            backend.close();
        }
        if (ops) {
            common.out().print("\n" + Backends.supportMatrix());
        }
        return 0;
    }

    static String operations() {
        try (Backend cpu = Backends.open("cpu");
                Backend reference = Backends.open("reference")) {
            return OperationsTable.markdown(List.of(cpu, reference));
        }
    }
}
