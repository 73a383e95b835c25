package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.ConfigException;
import hoag.kernels.FormatException;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
    @TempDir
    Path folder;

    static Stream<String> good() {
        return Golden.names(true, ".npy");
    }

    static Stream<String> bad() {
        return Golden.names(false, ".npy");
    }

    static Stream<String> goodZips() {
        return Golden.names(true, ".npz");
    }

    static Stream<String> badZips() {
        return Golden.names(false, ".npz");
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodFilesHoldWhatNumpyPutIn(String name) {
        var facts = Golden.expected(name).get("tensors").get("");
        Golden.check(facts, Npy.read(Golden.file(name)));
        try (var arena = Arena.ofConfined()) {
            Golden.check(facts, Npy.map(Golden.file(name), arena));
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void whatIsReadCanBeWrittenAndReadAgain(String name) {
        Path copy = folder.resolve("copy.npy");
        Npy.write(copy, Npy.read(Golden.file(name)));
        Golden.check(Golden.expected(name).get("tensors").get(""), Npy.read(copy));
    }

    @ParameterizedTest
    @ValueSource(strings = {"f4-c.npy", "u1.npy", "scalar.npy", "3d-fortran.npy"})
    void theBytesAreThoseThatNumpyWrites(String name) throws IOException {
        Path copy = folder.resolve("copy.npy");
        Npy.write(copy, Npy.read(Golden.file(name)));
        byte[] numpy = Files.readAllBytes(Golden.file(name));
        if (name.contains("fortran")) assertEquals(numpy.length, Files.size(copy));
        else assertArrayEquals(numpy, Files.readAllBytes(copy));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void brokenFilesAreRefusedInOneLine(String name) {
        var error = assertThrows(FormatException.class, () -> Npy.read(Golden.file(name)));
        assertTrue(
                error.getMessage().contains(name) && error.getMessage().lines().count() == 1, error.getMessage());
    }

    @ParameterizedTest
    @MethodSource("goodZips")
    void zipsOfArrays(String name) {
        var arrays = Npy.readAll(Golden.file(name));
        var wanted = Golden.expected(name).get("tensors").members();
        assertEquals(wanted.keySet(), arrays.keySet());
        wanted.forEach((array, facts) -> Golden.check(facts, arrays.get(array)));
    }

    @ParameterizedTest
    @MethodSource("badZips")
    void brokenZipsAreRefused(String name) {
        assertThrows(FormatException.class, () -> Npy.readAll(Golden.file(name)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 40_000})
    void rowsOfUnknownNumber(int count) {
        Path path = folder.resolve("rows.npy");
        try (var rows = Npy.rows(path, 7)) {
            for (int i = 0; i < count; i++) rows.append(i, 1, 2, 3, 4, 5, -i);
            assertTrue(Files.notExists(path));
            rows.commit();
        }
        var read = Npy.read(path);
        assertEquals(Shape.of(count, 7), read.dims());
        float[] values = read.floats();
        for (int i = 0; i < count; i++)
            assertTrue(values[i * 7] == i && values[i * 7 + 5] == 5 && values[i * 7 + 6] == -i, "row " + i);
    }

    @Test
    void theHeaderOfRowsIsLaidOutAsNumpyWants() throws IOException {
        Path path = folder.resolve("rows.npy");
        try (var rows = Npy.rows(path, 2)) {
            rows.append(1, 2, 3, 4);
            assertEquals(2, rows.rows());
            rows.commit();
        }
        byte[] bytes = Files.readAllBytes(path);
        int start = bytes.length - 16;
        String header = new String(bytes, 10, start - 10, StandardCharsets.US_ASCII);
        assertEquals(0, start % 64);
        assertTrue(
                header.startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }")
                        && header.endsWith(" \n"),
                header);
    }

    @Test
    void rowsThatFailLeaveNothing() throws IOException {
        try (var rows = Npy.rows(folder.resolve("rows.npy"), 3)) {
            rows.append(1, 2, 3);
            assertThrows(ShapeException.class, () -> rows.append(1, 2));
        }
        assertThrows(ConfigException.class, () -> Npy.rows(folder.resolve("rows.npy"), 0));
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void numpyHasNoBfloat() {
        var tensor = TensorData.of("", Shape.of(1), 1).to(DType.BF16);
        assertThrows(FormatException.class, () -> Npy.write(folder.resolve("x.npy"), tensor));
    }
}
