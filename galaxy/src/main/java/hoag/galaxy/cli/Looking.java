package hoag.galaxy.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every command has that shows pictures to a model. */
final class Looking {
    @Option(names = "--model", required = true, paramLabel = "M", description = "the model file")
    Path model;

    @Option(
            names = "--batch",
            defaultValue = "32",
            paramLabel = "N",
            converter = BatchSize.class,
            description = "views at once; auto: as many as fit into the memory of a GPU, at most 256 (default:"
                    + " ${DEFAULT-VALUE})")
    int batch;

    @Option(names = "--strict", description = "an image that is missing or cannot be used ends the work")
    boolean strict;
}
