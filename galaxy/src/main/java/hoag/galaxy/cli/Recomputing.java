package hoag.galaxy.cli;

import hoag.galaxy.learn.Remaking;
import picocli.CommandLine.Option;

/** Whether a training step keeps its activations or makes them again. */
final class Recomputing {
    @Option(
            names = "--recompute",
            arity = "0..1",
            defaultValue = "large",
            fallbackValue = "always",
            paramLabel = "WHEN",
            description = "activations that a formula gives again are made a second time for the gradients instead of"
                + " being kept, to the same bits: always (also without WHEN), large (above 2 GiB, on a CPU) or never"
                + " (default: ${DEFAULT-VALUE})")
    Remaking when;
}
