package hoag.galaxy.data;

import hoag.kernels.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The images in a folder and the folders below it, sorted by path; hidden files and folders are passed over, links are followed. */
public final class ImageFolder {
    /** File names that are taken for images; case does not matter. */
    public static final List<String> EXTENSIONS =
            List.of(".jpg", ".jpeg", ".png", ".fits", ".fit", ".fts", ".fits.gz", ".fit.gz", ".fits.fz");

    /** Pictures that Hoag does not read: who gives a folder of them is told so. */
    private static final List<String> FOREIGN =
            List.of(".tif", ".tiff", ".gif", ".webp", ".bmp", ".jp2", ".jxl", ".avif", ".heic");

    private final Path folder;
    private final List<Image> images;
    private final List<Image> foreign;
    private final Map<String, List<Path>> byStem;
    private Set<String> lost = Set.of();

    private ImageFolder(Path folder, List<Path> files, List<Path> others) {
        this.folder = folder;
        foreign = others.stream()
                .filter(file -> endsWith(file, FOREIGN))
                .map(file -> new Image(relative(folder, file), file))
                .toList();
        byStem = files.stream().collect(Collectors.groupingBy(ImageFolder::stem));
        images = files.stream().map(file -> new Image(id(file), file)).toList();
    }

    /**
     * An image and its name: the file's name without extension where no other image has that, else its path below the folder.
     *
     * @param id the name, unlike every other in the folder
     * @param path where it is
     */
    public record Image(String id, Path path) {}

    /** @throws DataException when there is no such folder, or no image in it */
    public static ImageFolder of(Path folder) {
        if (!Files.isDirectory(folder)) throw new DataException("%s: no such folder of images".formatted(folder));
        var files = walk(folder);
        var images = files.stream().filter(ImageFolder::isImage).toList();
        if (images.isEmpty())
            throw new DataException("%s: no image among %d files%s; want %s"
                    .formatted(folder, files.size(), otherExtensions(files), String.join(" ", EXTENSIONS)));
        return new ImageFolder(
                folder, images, files.stream().filter(file -> !isImage(file)).toList());
    }

    private static List<Path> walk(Path folder) {
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(file -> !isHidden(folder.relativize(file)))
                    .filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(file -> relative(folder, file)))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new DataException("%s: cannot be listed: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static boolean isHidden(Path relative) {
        for (var part : relative) if (part.toString().startsWith(".")) return true;
        return false;
    }

    private static String otherExtensions(List<Path> files) {
        var found = new TreeSet<String>();
        for (var file : files) found.add(file.toString().replaceFirst(".*(\\.[^./]*)$", "$1"));
        return files.isEmpty()
                ? ""
                : " (" + String.join(" ", found.stream().limit(5).toList()) + ")";
    }

    private static boolean endsWith(Path file, List<String> endings) {
        var lower = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return endings.stream().anyMatch(lower::endsWith);
    }

    /** Whether the file's name ends as an image's. */
    public static boolean isImage(Path file) {
        return !extension(file.getFileName().toString()).isEmpty();
    }

    /** The file's name without its image extension. */
    public static String stem(Path file) {
        var name = file.getFileName().toString();
        return name.substring(0, name.length() - extension(name).length());
    }

    private static String extension(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return EXTENSIONS.stream()
                .filter(lower::endsWith)
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }

    private String id(Path file) {
        return byStem.get(stem(file)).size() == 1 ? stem(file) : relative(folder, file);
    }

    private static String relative(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /** Where they are. */
    public Path path() {
        return folder;
    }

    /** The images, sorted by path. */
    public List<Image> images() {
        return images;
    }

    /** The names of the images: (images). */
    public List<String> ids() {
        return images.stream().map(Image::id).toList();
    }

    /** The same folder, where the images of these galaxies need not be: a catalogue then gives the path where each should be. */
    public ImageFolder without(Set<String> ids) {
        var folder = new ImageFolder(
                this.folder,
                images.stream().map(Image::path).toList(),
                foreign.stream().map(Image::path).toList());
        folder.lost = Set.copyOf(ids);
        return folder;
    }

    /** Whether this galaxy's image need not be there. */
    boolean lacks(String id) {
        return lost.contains(id);
    }

    /**
     * The image called so, with any extension, in any folder below; null when there is none.
     *
     * @throws DataException when several are called so
     */
    public Path find(String id) {
        var found = byStem.getOrDefault(id, List.of());
        if (found.size() > 1)
            throw new DataException("%s: \"%s\" may be %s or %s; give the catalogue a column \"file\""
                    .formatted(folder, id, relative(folder, found.get(0)), relative(folder, found.get(1))));
        return found.isEmpty() ? null : found.getFirst();
    }

    /**
     * A file named by a catalogue: as it stands if absolute, else below this folder, else beside the catalogue, else the only image in any
     * folder below whose path ends so; null when there is none.
     */
    Path file(String name, Path catalogue) {
        try {
            for (var path :
                    List.of(folder.resolve(name), catalogue.toAbsolutePath().resolveSibling(name)))
                if (Files.isRegularFile(path)) return path;
            return deeper(Path.of(name));
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private Path deeper(Path name) {
        if (name.getFileName() == null) return null;
        var found = byStem.getOrDefault(stem(name), List.of()).stream()
                .filter(path -> path.endsWith(name))
                .toList();
        return found.size() == 1 ? found.getFirst() : null;
    }

    /**
     * Images for a command line: every argument a file or a folder. Pictures in a folder that Hoag does not read, such as TIFF, come last, so that
     * whoever reads them says which were left out and why.
     *
     * @throws DataException when a file or folder is missing, or a folder has no image that Hoag reads
     */
    public static List<Image> gather(List<Path> filesOrFolders) {
        var all = new ArrayList<Image>();
        for (var path : filesOrFolders) {
            if (Files.isDirectory(path)) {
                var folder = of(path);
                all.addAll(folder.images());
                all.addAll(folder.foreign);
            } else all.add(single(path));
        }
        return distinct(all);
    }

    private static Image single(Path file) {
        if (!Files.exists(file)) throw new DataException("%s: no such image".formatted(file));
        return new Image(stem(file), file);
    }

    /** Where two arguments give the same name, both become their whole path. */
    private static List<Image> distinct(List<Image> images) {
        var count = new HashMap<String, Integer>();
        for (var image : images) count.merge(image.id(), 1, Integer::sum);
        return images.stream()
                .map(image -> count.get(image.id()) == 1
                        ? image
                        : new Image(image.path().toString(), image.path()))
                .distinct()
                .toList();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
