package hoag.galaxy.cli;

import hoag.galaxy.Roster;
import hoag.galaxy.data.Division;
import hoag.galaxy.image.Bands;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What is read beside the catalogue, and how the whole is divided. */
final class RosterOptions {
    @Option(
            names = "--valid-catalog",
            paramLabel = "TABLE",
            description = "a table of its own to validate on; then every row of --catalog is to learn from")
    Path validCatalog;

    @Option(
            names = "--test-catalog",
            paramLabel = "TABLE",
            description = "a table of its own for the test: it is only checked that the others have no galaxy of it")
    Path testCatalog;

    @Option(
            names = "--join",
            paramLabel = "TABLE",
            description = "a table with further columns (votes, labels), joined by the ids")
    Path join;

    @Option(names = "--skip-missing", description = "leave out galaxies whose image is missing instead of stopping")
    boolean skipMissing;

    @Option(
            names = "--bad-pictures",
            defaultValue = "0.1",
            paramLabel = "SHARE",
            description =
                    "the largest share of galaxies that may be left out because their pictures cannot be read; they"
                            + " are listed in OUT.left-out.csv; 0: none (default: ${DEFAULT-VALUE})")
    double badPictures;

    @Option(
            names = "--split-seed",
            paramLabel = "N",
            description = "divide anew by this seed, whatever the column split says")
    Long splitSeed;

    @Option(
            names = "--split-shares",
            split = ",",
            defaultValue = "0.7,0.1,0.2",
            paramLabel = "S",
            description = "shares of train, valid and test where galaxies are divided anew (default: ${DEFAULT-VALUE})")
    List<Double> splitShares;

    @Option(
            names = "--stratify",
            paramLabel = "COL",
            description = "divide anew so that every part has its share of every class of this column")
    String stratify;

    @Option(
            names = "--group",
            paramLabel = "COL",
            description = "what this column names is never divided: an object with several images, for instance")
    String group;

    @Option(
            names = "--bands",
            paramLabel = "LIST",
            description =
                    "bands of FITS images by name, g,r,i or g=0,r=1,i=3 (planes) or g=SCI_G (EXTNAME); the model keeps"
                            + " the names and reads those bands wherever they are")
    String bands;

    Roster roster() {
        return new Roster(
                validCatalog,
                testCatalog,
                join,
                skipMissing,
                badPictures,
                new Division(splitSeed, splitShares, stratify, group),
                bands == null ? null : Bands.parse(bands));
    }
}
