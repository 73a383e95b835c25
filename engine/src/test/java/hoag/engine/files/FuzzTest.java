package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run of {@link Fuzz}: broken files of every kind are read or refused in one line and little memory. */
class FuzzTest {
    private static final int FILES = 2000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void neverAnythingButAFormatException(Fuzz.Kind kind) throws IOException {
        var counts = new Fuzz().run(kind, FILES, 2, folder);
        assertTrue(counts.refused() > FILES / 4 && counts.read() > 0, counts.toString());
    }
}
