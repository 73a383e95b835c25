package hoag.galaxy.cli;

import hoag.engine.Program;
import hoag.engine.Workspace;
import hoag.engine.files.AtomicFile;
import hoag.galaxy.models.Backbones;
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
    @Mixin
    Common common;

    @Parameters(paramLabel = "MODEL", description = "an architecture")
    String what;

    @Option(names = "--task", defaultValue = "infer", description = "infer or train (default: ${DEFAULT-VALUE})")
    BenchCommand.Work task;

    @Option(names = "--batch", defaultValue = "16", description = "pictures at once (default: ${DEFAULT-VALUE})")
    int batch;

    @Option(names = "--size", defaultValue = "224", description = "pixels of a side (default: ${DEFAULT-VALUE})")
    int size;

    @Option(
            names = "--classes",
            defaultValue = "34",
            description = "outputs of the classifier (default: ${DEFAULT-VALUE})")
    int classes;

    @Option(
            names = "--runs",
            defaultValue = "20",
            description = "runs before the times are taken (default: ${DEFAULT-VALUE})")
    int runs;

    @Option(names = "--memory", paramLabel = "SVG", description = "also draw which value lies where, and how long")
    Path memory;

    @Override
    public Integer call() {
        try (Backend backend = common.open()) {
            var model = Backbones.create(what, common.seed, 3, classes, 0);
            Program program = task == BenchCommand.Work.INFER
                    ? Steps.infer(backend, model, batch, size)
                    : Steps.train(backend, model, batch, size);
            try (Workspace workspace = program.workspace()) {
                Steps.feed(workspace);
                for (int i = 0; i < runs; i++) {
                    workspace.run();
                }
                System.out.println(program.explain(workspace));
            }
            if (memory != null) {
                AtomicFile.writeText(memory, program.memoryMap().svg());
            }
        }
        return 0;
    }
}
