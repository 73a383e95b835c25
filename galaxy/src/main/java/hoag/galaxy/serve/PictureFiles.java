package hoag.galaxy.serve;

import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.data.ImageFolder.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The picture files of galaxies: those that were in the folders when the server started, found by name and never by a path that a client gives, and
 * none that lies outside the folders, whatever links say.
 */
final class PictureFiles {
    private final List<Path> roots;
    private final Map<String, Path> files = new HashMap<>();

    private PictureFiles(List<Path> roots) {
        this.roots = roots;
    }

    /** @throws hoag.kernels.DataException when a folder is missing, or has no image */
    static PictureFiles of(List<Path> folders) {
        List<Path> roots = new ArrayList<>();
        PictureFiles pictures = new PictureFiles(roots);
        for (Path folder : folders) {
            for (Image image : ImageFolder.of(folder).images()) {
                pictures.files.putIfAbsent(image.id(), image.path());
                pictures.files.putIfAbsent(image.path().getFileName().toString(), image.path());
                pictures.files.putIfAbsent(
                        folder.relativize(image.path()).toString().replace('\\', '/'), image.path());
            }
            roots.add(real(folder));
        }
        return pictures;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return null;
        }
    }

    /** How many names are known. */
    boolean isEmpty() {
        return files.isEmpty();
    }

    /**
     * The file of a galaxy: named as the id is, else as its column {@code file} says; null when there is none, or it is not in the folders now.
     */
    Path find(String id, Map<String, String> columns) {
        Path file = files.get(id);
        if (file == null && columns.get("file") != null) {
            String named = columns.get("file");
            file = files.getOrDefault(named, files.get(named.substring(named.lastIndexOf('/') + 1)));
        }
        return file != null && isInside(file) ? file : null;
    }

    private boolean isInside(Path file) {
        Path real = real(file);
        return real != null
                && Files.isRegularFile(real)
                && roots.stream().anyMatch(root -> root != null && real.startsWith(root));
    }
}
