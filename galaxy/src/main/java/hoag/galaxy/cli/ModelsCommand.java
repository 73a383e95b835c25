package hoag.galaxy.cli;

import hoag.engine.Program;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Backend;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Every architecture, what it costs, and how fast it is here. */
@Command(
        name = "models",
        description = "Lists the architectures: parameters, work for one picture, memory, and on request speed.",
        footer = {"", "Examples:", "  hoag models", "  hoag models resnet50 convnext_nano --measure --batch 16"})
final class ModelsCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Parameters(paramLabel = "MODEL", arity = "0..*", description = "architectures (default: all)")
    List<String> names = List.of();

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "of a picture's side (default: what each architecture is published for)")
    Integer size;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "pictures at once (default: ${DEFAULT-VALUE})")
    int batch;

    @Option(names = "--measure", description = "Also times inference here, some seconds for each.")
    boolean measure;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "3",
            description = "how long to time (default: ${DEFAULT-VALUE})")
    double seconds;

    /** A row of the table. {@code gmac} are multiplications with an addition, 10^9 for one picture. */
    private record Row(String name, int size, long parameters, int features, double gmac, double mib, double speed) {}

    @Override
    public Integer call() {
        if (!common.json) {
            System.out.printf(
                    "%-26s %5s %12s %9s %8s %10s%s%n",
                    "architecture",
                    "size",
                    "parameters",
                    "features",
                    "GMAC",
                    "memory MiB",
                    measure ? "  pictures/s" : "");
        }
        try (Backend backend = common.open()) {
            for (String name : names.isEmpty() ? Backbones.names() : names) {
                print(row(backend, name));
            }
        }
        if (!common.json && names.isEmpty()) {
            System.out.println("and " + Backbones.VITS + ", such as vit_tiny_patch28_avg_224");
        }
        return 0;
    }

    private Row row(Backend backend, String name) {
        int side = size == null ? Backbones.size(name) : size;
        Backbone model = Backbones.create(name, common.seed, 3, 0, 0, side);
        long parameters = Modules.parameters(model).values().stream()
                .mapToLong(variable -> variable.shape().size())
                .sum();
        Program program = Steps.infer(backend, model, batch, side);
        return new Row(
                name,
                side,
                parameters,
                model.features(),
                program.flops() / 2e9 / batch,
                program.workspaceBytes() / 1048576.0,
                measure ? speed(backend, program) : Double.NaN);
    }

    private double speed(Backend backend, Program program) {
        try (Workspace workspace = program.workspace()) {
            Steps.feed(workspace);
            return 1e3
                    * batch
                    / Measure.of(backend, seconds, seconds, workspace::run).median();
        }
    }

    private void print(Row row) {
        if (common.json) {
            System.out.println(Measure.json(
                    "name",
                    row.name,
                    "size",
                    row.size,
                    "parameters",
                    row.parameters,
                    "features",
                    row.features,
                    "gmac",
                    row.gmac,
                    "memory_mib",
                    row.mib,
                    "pictures_per_second",
                    row.speed));
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "%-26s %5d %12d %9d %8.2f %10.1f%s%n",
                    row.name,
                    row.size,
                    row.parameters,
                    row.features,
                    row.gmac,
                    row.mib,
                    measure ? String.format(Locale.ROOT, "  %10.1f", row.speed) : "");
        }
    }
}
