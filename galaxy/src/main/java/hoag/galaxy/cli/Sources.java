package hoag.galaxy.cli;

import hoag.galaxy.Pictures;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which pictures a command works on: files and folders, or the rows of a catalogue. */
final class Sources {
    @Parameters(
            paramLabel = "IMAGES",
            arity = "0..*",
            description = "image files, or folders of them (JPEG, PNG, FITS)")
    List<Path> files = List.of();

    @Option(
            names = "--catalog",
            paramLabel = "TABLE",
            description =
                    "the galaxies of a table (CSV, FITS, Parquet, folders by class) instead: column id, and file where"
                            + " the image is called otherwise")
    Path catalog;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "where the images of the catalogue are (default: beside it)")
    Path images;

    Pictures pictures() {
        return new Pictures(files, catalog, images);
    }
}
