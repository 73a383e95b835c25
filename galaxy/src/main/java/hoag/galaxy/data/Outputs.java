package hoag.galaxy.data;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks before the work whether its result can be written, not after. */
public final class Outputs {
    private Outputs() {}

    /** @throws DataException when the folder is missing or not writable, or the name is a folder's */
    public static Path file(Path file) {
        if (Files.isDirectory(file)) {
            throw new DataException(file + ": is a folder; give --out the name of a file");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new DataException(
                    file + ": cannot be written: folder " + folder + " does not exist; create it first");
        }
        writable(file, folder);
        return file;
    }

    /**
     * As {@link #file} for a table that is CSV whatever it is called.
     *
     * @throws ConfigException when its name ends as another kind of table
     * @throws DataException when the folder is missing or not writable, or the name is a folder's
     */
    public static Path csv(Path file) {
        if (!Tables.isCsv(file)) {
            throw new ConfigException(file + ": this table is written as CSV; give --out a name that ends in .csv");
        }
        return file(file);
    }

    /** Makes the folder if need be. */
    public static Path folder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DataException(
                    folder + ": cannot be made a folder: "
                            + (Files.exists(folder)
                                    ? "a file of that name is there"
                                    : "no permission, or no such place")
                            + "; choose another --out",
                    e);
        }
        writable(folder, folder);
        return folder;
    }

    /** Removes a file that is no longer true, if it is there. */
    public static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be removed: " + e.getMessage(), e);
        }
    }

    private static void writable(Path named, Path folder) {
        if (!Files.isWritable(folder)) {
            throw new DataException(
                    named + ": cannot be written: no permission to write in " + folder + "; choose another folder");
        }
    }
}
