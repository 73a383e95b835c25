package hoag.galaxy.cli;

import hoag.galaxy.Bare;
import picocli.CommandLine.Option;

/** What published weights do not say themselves. */
final class BareOptions {
    @Option(
            names = "--architecture",
            paramLabel = "NAME",
            description = "of published weights that do not say it themselves")
    private String architecture;

    @Option(
            names = "--size",
            paramLabel = "PX",
            description =
                    "side of the pictures for published weights (default: what the architecture is published for)")
    private Integer size;

    @Option(
            names = "--normalise",
            paramLabel = "HOW",
            description =
                    "what published weights want that do not say it: imagenet (mean 0.485, 0.456, 0.406, deviation"
                            + " 0.229, 0.224, 0.225), half (0.5, 0.5) or none (0..1)")
    private Bare.Normalise normalise;

    Bare says() {
        return new Bare(architecture, size, normalise);
    }
}
