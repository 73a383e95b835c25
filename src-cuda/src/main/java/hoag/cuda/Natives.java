package hoag.cuda;

import hoag.kernels.DeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * Loads JCuda's native part from a folder that nobody else can write to. JCuda by itself takes whatever file of the right name lies in the
 * system's temporary folder: an empty one breaks it, a planted one is a hole.
 */
final class Natives {
    private static boolean loaded;

    private Natives() {}

    /** @throws LinkageError if JCuda or the driver's library is not here */
    static synchronized void load() {
        if (!loaded) {
            within(() -> jcuda.driver.JCudaDriver.setExceptionsEnabled(false));
            loaded = true;
        }
    }

    /** Runs what loads a library of JCuda's, with a folder of its own for temporary files. */
    static synchronized void within(Runnable loading) {
        Path folder = folder();
        String before = System.getProperty("java.io.tmpdir");
        try {
            System.setProperty("java.io.tmpdir", folder.toString());
            loading.run();
        } finally {
            System.setProperty("java.io.tmpdir", before);
            delete(folder); // what is loaded stays loaded
        }
    }

    private static Path folder() {
        try {
            var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            return Files.createTempDirectory("hoag-cuda-", mine);
        } catch (UnsupportedOperationException e) {
            return plainFolder();
        } catch (IOException e) {
            throw noFolder(e);
        }
    }

    /** Where files have no POSIX permissions, a temporary folder belongs to the user alone. */
    private static Path plainFolder() {
        try {
            return Files.createTempDirectory("hoag-cuda-");
        } catch (IOException e) {
            throw noFolder(e);
        }
    }

    private static DeviceException noFolder(IOException e) {
        return new DeviceException(
                "cuda: no folder for JCuda's libraries can be made in " + System.getProperty("java.io.tmpdir") + ": "
                        + e.getMessage() + "; make room there, or run with --device cpu");
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
        }
    }
}
