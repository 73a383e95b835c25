package hoag.galaxy.cli;

import hoag.engine.Program;
import hoag.engine.Workspace;
import hoag.engine.files.AtomicFile;
import hoag.kernels.Backend;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a compiled model does, launch by launch. */
@Command(
        name = "explain",
        description = "Prints one line for each launch of a compiled model: shapes, layout, algorithm, work, time.",
        footer = {
            "",
            "Example:",
            "  hoag explain efficientnet_b0 --task infer --batch 16",
            "  hoag explain resnet18 --task train --memory plan.svg"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final int PATIENCE = 20;

    @Mixin
    Common common;

    @Parameters(paramLabel = "MODEL", description = "an architecture")
    String what;

    @Mixin
    Stepping stepping;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "20",
            description = "runs before the times are taken, and more while faster code is in the making (default:"
                    + " ${DEFAULT-VALUE})")
    int runs;

    @Option(names = "--memory", paramLabel = "SVG", description = "also draw which value lies where, and how long")
    Path memory;

    @Override
    public Integer call() {
        try (Backend backend = common.open()) {
            Program program = stepping.program(backend, what, common.seed);
            try (Workspace workspace = program.workspace()) {
                Steps.feed(workspace);
                for (int i = 0; i < runs || backend.warming() && i < PATIENCE * runs; i++) {
                    workspace.run();
                }
                common.out().println(program.explain(workspace));
            }
            if (memory != null) {
                AtomicFile.writeText(memory, program.memoryMap().svg());
            }
        }
        return 0;
    }
}
