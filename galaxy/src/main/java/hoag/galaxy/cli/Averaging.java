package hoag.galaxy.cli;

import hoag.galaxy.Looks;
import picocli.CommandLine.Option;

/** How the commands look that make representations. */
final class Averaging {
    @Option(
            names = "--average",
            defaultValue = "1",
            paramLabel = "N",
            description = "mean over so many views, turned and mirrored (default: 1, as it is)")
    int views;

    Looks looks(Looking looking, Common common) {
        return new Looks(looking.batch, 1, views, looking.strict, common.seed);
    }
}
