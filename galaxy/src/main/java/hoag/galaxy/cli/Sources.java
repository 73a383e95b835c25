package hoag.galaxy.cli;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
            paramLabel = "CSV",
            description = "the galaxies of a table instead: column id, and file where the image is called otherwise")
    Path catalog;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "where the images of the catalogue are (default: beside it)")
    Path images;

    /** @param missing told of each row of the catalogue that has no image; null makes the first an error */
    List<ImageFolder.Image> gather(Consumer<String> missing) {
        if (files.isEmpty() == (catalog == null)) {
            throw new ConfigException("give image files or folders, or --catalog CSV --images DIR"
                    + (catalog == null ? "" : ", not both"));
        }
        if (catalog == null && images != null) {
            throw new ConfigException(
                    "--images " + images + " goes with --catalog; to work on a whole folder give it without --images");
        }
        return catalog == null
                ? ImageFolder.gather(files)
                : of(Catalogue.read(catalog), folder(images, catalog), missing);
    }

    static ImageFolder folder(Path images, Path catalog) {
        return ImageFolder.of(images == null ? catalog.toAbsolutePath().getParent() : images);
    }

    private static List<ImageFolder.Image> of(Catalogue catalogue, ImageFolder folder, Consumer<String> missing) {
        Catalogue found = missing == null ? catalogue : catalogue.withImages(folder);
        if (found.size() == 0) {
            catalogue.images(folder); // says which, and what it looked for
        }
        if (found.size() < catalogue.size()) {
            var there = new java.util.HashSet<>(found.ids());
            catalogue.ids().stream()
                    .filter(id -> !there.contains(id))
                    .forEach(id -> missing.accept(id + ": no image in " + folder));
        }
        return pairs(found.ids(), found.images(folder));
    }

    static List<ImageFolder.Image> pairs(List<String> ids, List<Path> paths) {
        List<ImageFolder.Image> all = new ArrayList<>(paths.size());
        for (int i = 0; i < paths.size(); i++) {
            all.add(new ImageFolder.Image(ids.get(i), paths.get(i)));
        }
        return all;
    }
}
