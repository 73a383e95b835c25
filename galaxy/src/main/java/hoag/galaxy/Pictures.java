package hoag.galaxy;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which pictures to work on: files and folders, or the rows of a catalogue.
 *
 * @param files image files, or folders of them (JPEG, PNG, FITS); empty with a catalogue
 * @param catalog table with id, and file where the image is called otherwise, or a folder of images by class; null without
 * @param images where the images of the catalogue are; null for beside it
 */
public record Pictures(List<Path> files, Path catalog, Path images) {
    /** @throws ConfigException unless there are either files or a catalogue */
    public Pictures {
        files = List.copyOf(files);
        if (files.isEmpty() == (catalog == null)) {
            throw new ConfigException("give image files or folders, or --catalog CSV --images DIR"
                    + (catalog == null ? "" : ", not both"));
        }
        if (catalog == null && images != null) {
            throw new ConfigException(
                    "--images " + images + " goes with --catalog; to work on a whole folder give it without --images");
        }
    }

    /** Files, and folders of files. */
    public static Pictures of(Path... filesOrFolders) {
        return new Pictures(List.of(filesOrFolders), null, null);
    }

    /** The rows of a catalogue. */
    public static Pictures of(Path catalog, Path images) {
        return new Pictures(List.of(), catalog, images);
    }

    /**
     * Finds them, each with the name of its galaxy.
     *
     * @param missing told of each row of the catalogue that has no image; null makes the first an error
     * @throws hoag.kernels.DataException when a file, a folder or the catalogue is missing, or nothing is found
     */
    public List<ImageFolder.Image> gather(Consumer<String> missing) {
        if (catalog == null) {
            return ImageFolder.gather(files);
        }
        ImageFolder folder = folder();
        Catalogue catalogue = Catalogue.read(catalog);
        Catalogue found = missing == null ? catalogue : catalogue.withImages(folder);
        if (found.size() == 0) {
            catalogue.images(folder); // says which, and what it looked for
        }
        if (found.size() < catalogue.size()) {
            Set<String> there = new HashSet<>(found.ids());
            catalogue.ids().stream()
                    .filter(id -> !there.contains(id))
                    .forEach(id -> missing.accept(id + ": no image in " + folder));
        }
        return pairs(found.ids(), found.images(folder));
    }

    /**
     * Finds them as {@link #gather}, but keeps the rows of a catalogue that have no image, with the path where it should be.
     *
     * @throws hoag.kernels.DataException when a file, a folder or the catalogue is missing, or nothing is found
     */
    public List<ImageFolder.Image> wanted() {
        if (catalog == null) {
            return ImageFolder.gather(files);
        }
        Catalogue catalogue = Catalogue.read(catalog);
        return pairs(catalogue.ids(), catalogue.wanted(folder()));
    }

    private ImageFolder folder() {
        return ImageFolder.of(Catalogue.images(catalog, images));
    }

    /** Names and files as images. */
    public static List<ImageFolder.Image> pairs(List<String> ids, List<Path> paths) {
        List<ImageFolder.Image> all = new ArrayList<>(paths.size());
        for (int i = 0; i < paths.size(); i++) {
            all.add(new ImageFolder.Image(ids.get(i), paths.get(i)));
        }
        return all;
    }
}
