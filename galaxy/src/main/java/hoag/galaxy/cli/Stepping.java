package hoag.galaxy.cli;

import hoag.engine.Program;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Backend;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Which program of a backbone to look at: inference or a training step, on so many pictures. */
final class Stepping {
    enum Work {
        INFER,
        TRAIN
    }

    @Option(names = "--task", defaultValue = "infer", description = "infer or train (default: ${DEFAULT-VALUE})")
    Work task;

    @Option(names = "--batch", defaultValue = "16", description = "pictures at once (default: ${DEFAULT-VALUE})")
    int batch;

    @Option(names = "--size", defaultValue = "224", description = "pixels of a side (default: ${DEFAULT-VALUE})")
    int size;

    @Option(
            names = "--classes",
            defaultValue = "34",
            description = "outputs of the classifier (default: ${DEFAULT-VALUE})")
    int classes;

    Program program(Backend backend, String architecture, long seed) {
        var model = Backbones.create(architecture, seed, 3, classes, 0);
        return switch (task) {
            case INFER -> Steps.infer(backend, model, batch, size);
            case TRAIN -> Steps.train(backend, model, batch, size);
        };
    }

    @Override
    public String toString() {
        return task.name().toLowerCase(Locale.ROOT) + " batch " + batch + " at " + size;
    }
}
