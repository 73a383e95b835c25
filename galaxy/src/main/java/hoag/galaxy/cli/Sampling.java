package hoag.galaxy.cli;

import hoag.galaxy.Looks;
import picocli.CommandLine.Option;

/** How often a model answers for each picture. */
final class Sampling {
    @Option(
            names = "--samples",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "answers drawn with dropout, which widen the bounds where the model is unsure (default: 1, without"
                            + " dropout)")
    int samples;

    @Option(
            names = "--tta",
            defaultValue = "1",
            paramLabel = "K",
            description = "views of each image, turned and mirrored (default: 1, as it is)")
    int views;

    Looks of(Looking looking, long seed) {
        return new Looks(looking.batch, samples, views, looking.strict, seed);
    }
}
