package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    private List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theOldFileStandsUntilTheNewOneIsWhole() throws IOException {
        Path path = folder.resolve("a.txt");
        AtomicFile.writeText(path, "old");
        AtomicFile.write(path, out -> {
            out.write("new \u2606".getBytes("UTF-8"));
            assertEquals("old", Files.readString(path));
            assertTrue(files().stream().anyMatch(f -> f.matches("\\.a\\.txt\\..+\\.tmp")), files().toString());
        });
        assertEquals("new \u2606", Files.readString(path));
        assertEquals(List.of("a.txt"), files());
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path path = folder.resolve("a.txt");
        AtomicFile.writeText(path, "old");
        assertThrows(
                IllegalStateException.class,
                () -> AtomicFile.write(path, out -> {
                    out.write(new byte[1_000_000]);
                    throw new IllegalStateException("mine");
                }));
        var full = assertThrows(
                DataException.class,
                () -> AtomicFile.write(path, out -> {
                    out.write(new byte[1_000_000]);
                    throw new IOException("No space left on device");
                }));
        assertTrue(full.getMessage().contains("a.txt: cannot be written: the disk is full"), full.getMessage());
        try (var abandoned = AtomicFile.create(path)) {
            assertEquals(folder.resolve("a.txt"), abandoned.path());
            assertEquals(2, files().size());
        }
        assertEquals(List.of("a.txt"), files());
        assertEquals("old", Files.readString(path));
    }

    @Test
    void foldersThatCannotTakeAFile() {
        var missing = assertThrows(DataException.class, () -> AtomicFile.writeText(folder.resolve("no/a.txt"), ""));
        assertTrue(missing.getMessage().contains("no does not exist; create it first"), missing.getMessage());
        var self = assertThrows(DataException.class, () -> AtomicFile.writeText(folder, ""));
        assertTrue(self.getMessage().contains("is a folder"), self.getMessage());
    }

    @Test
    void withoutPermissionItSaysSo() throws IOException {
        assumeTrue(folder.toFile().setWritable(false) && !Files.isWritable(folder), "a user who may write everywhere");
        var error = assertThrows(DataException.class, () -> AtomicFile.writeText(folder.resolve("a.txt"), ""));
        assertTrue(error.getMessage().contains("no permission"), error.getMessage());
        assertTrue(folder.toFile().setWritable(true));
    }

    @Test
    void aLinkIsFollowed() throws IOException {
        Path target = folder.resolve("target.txt");
        Path link = folder.resolve("link.txt");
        Files.writeString(target, "old");
        Files.createSymbolicLink(link, target);
        AtomicFile.writeText(link, "new");
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(target));
    }

    @Test
    void whatIsCommittedCannotBeUndone() throws IOException {
        try (var file = AtomicFile.create(folder.resolve("a.bin"))) {
            file.channel().write(java.nio.ByteBuffer.wrap(new byte[] {1, 2}));
            file.commit();
        }
        assertFalse(Files.notExists(folder.resolve("a.bin")));
        assertEquals(2, Files.size(folder.resolve("a.bin")));
    }
}
