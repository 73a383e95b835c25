package hoag.galaxy.cli;

import hoag.engine.Program;
import hoag.galaxy.learn.Room;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Backend;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which program of a backbone to look at: inference or a training step, on so many pictures. */
final class Stepping {
    enum Work {
        INFER,
        TRAIN
    }

    @Option(
            names = "--task",
            paramLabel = "TASK",
            defaultValue = "infer",
            description = "infer or train (default: ${DEFAULT-VALUE})")
    Work task;

    private static final int MOST = 1024;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            converter = BatchSize.class,
            description = "pictures at once, or auto: the largest power of two that fits into a GPU, " + MOST
                    + " at most (default: ${DEFAULT-VALUE})")
    int batch;

    @Option(
            names = "--size",
            paramLabel = "PX",
            defaultValue = "224",
            description = "pixels of a side (default: ${DEFAULT-VALUE})")
    int size;

    @Option(
            names = "--classes",
            paramLabel = "N",
            defaultValue = "34",
            description = "outputs of the classifier (default: ${DEFAULT-VALUE})")
    int classes;

    @Mixin
    Recomputing recomputing;

    Program program(Backend backend, String architecture, long seed) {
        if (batch == Room.AUTO) {
            batch = Room.choose(
                    backend, MOST, pictures -> new Program[] {program(backend, architecture, seed, pictures)});
        }
        return program(backend, architecture, seed, batch);
    }

    private Program program(Backend backend, String architecture, long seed, int batch) {
        var model = Backbones.create(architecture, seed, 3, classes, 0);
        return switch (task) {
            case INFER -> Steps.infer(backend, model, batch, size);
            case TRAIN -> Steps.train(backend, model, batch, size, recomputing.when.policy());
        };
    }

    @Override
    public String toString() {
        return task.name().toLowerCase(Locale.ROOT) + " batch " + batch + " at " + size;
    }
}
