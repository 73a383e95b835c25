package hoag.galaxy.cli;

import hoag.kernels.Backend;
import hoag.kernels.Backends;
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

    @Override
    public Integer call() {
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
                                why == null ? "" : why));
            } else {
                common.out()
                        .printf(
                                Locale.ROOT,
                                "%-10s %s%n",
                                backend.name(),
                                why == null ? backend.description() : "not usable: " + why);
            }
            backend.close();
        }
        if (ops) {
            common.out().print("\n" + Backends.supportMatrix());
        }
        return 0;
    }
}
