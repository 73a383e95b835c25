package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/operations.md says what the case list says. */
class OperationsTest {
    @Test
    void theDocumentIsUpToDate() throws IOException {
        String document = Files.readString(Path.of("../docs/operations.md"));
        String table = DevicesCommand.operations();
        assertTrue(table.contains("| conv2d | `Kernel.Conv2d` | 1e-05 |"), table);
        assertTrue(
                document.endsWith(table),
                "docs/operations.md is not what the cases give; put the output of hoag devices --markdown in place of"
                        + " its table");
    }
}
