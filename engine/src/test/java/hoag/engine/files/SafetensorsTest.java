package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import hoag.kernels.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    static Stream<String> good() {
        return Golden.names(true, ".safetensors");
    }

    static Stream<String> bad() {
        return Golden.names(false, ".safetensors");
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodFilesHoldWhatTheirWriterPutIn(String name) {
        var expected = Golden.expected(name);
        try (var file = Safetensors.open(Golden.file(name))) {
            assertEquals(expected.get("tensors").members().keySet(), file.names());
            expected.get("tensors").members().forEach((tensor, facts) -> Golden.check(facts, file.get(tensor)));
            var metadata = new HashMap<String, String>();
            expected.get("metadata").members().forEach((key, value) -> metadata.put(key, value.string()));
            assertEquals(metadata, file.metadata());
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void brokenFilesAreRefusedInOneLine(String name) {
        var error = assertThrows(FormatException.class, () -> Safetensors.open(Golden.file(name)));
        assertTrue(
                error.getMessage().contains(name) && error.getMessage().lines().count() == 1, error.getMessage());
    }

    @ParameterizedTest
    @MethodSource("good")
    void whatIsReadCanBeWrittenAndReadAgain(String name) {
        Path copy = folder.resolve("copy.safetensors");
        try (var file = Safetensors.open(Golden.file(name))) {
            Safetensors.write(copy, file.tensors(), file.metadata());
            try (var again = Safetensors.open(copy)) {
                assertEquals(List.copyOf(file.names()), List.copyOf(again.names()));
                assertEquals(file.metadata(), again.metadata());
                for (var tensor : file.tensors())
                    Golden.check(Golden.expected(name).get("tensors").get(tensor.name()), again.get(tensor.name()));
            }
        }
    }

    @Test
    void tensorsAreAlignedAndTheSameInputGivesTheSameBytes() throws IOException {
        var tensors = List.of(
                TensorData.of("odd", new long[] {3}, (byte) 1, (byte) 2, (byte) 3),
                TensorData.of("x", Shape.of(1, 2), 1, 2),
                TensorData.of("n", new long[0], 7L),
                TensorData.of("b", new long[] {1}, true),
                TensorData.of("i", new long[] {2}, -1, 1));
        Path one = folder.resolve("one.safetensors");
        Path two = folder.resolve("two.safetensors");
        Safetensors.write(one, tensors, Map.of("a", "1", "b", "2", "c", "3"));
        Safetensors.write(two, tensors, Map.of("c", "3", "b", "2", "a", "1"));
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
        try (var file = Safetensors.open(one)) {
            for (var tensor : file.tensors())
                assertEquals(0, tensor.data().address() % tensor.dtype().bytes(), tensor.name());
            assertEquals(List.of("odd", "x", "n", "b", "i"), List.copyOf(file.names()));
            assertArrayEquals(new float[] {1, 2}, file.get("x").floats());
            assertArrayEquals(new long[] {7}, file.get("n").longs());
            assertArrayEquals(new long[] {1}, file.get("b").longs());
        }
    }

    @Test
    void halvesRoundToNearestEven() {
        float[] values = {
            1 + 0x1p-8f, 1 + 3 * 0x1p-8f, 1 + 0x1p-8f + 0x1p-20f, Float.MAX_VALUE, Float.NaN, -0f, 0x1p-133f
        };
        var wide = TensorData.of("x", new long[] {values.length}, values);
        assertArrayEquals(
                new float[] {1, 1 + 4 * 0x1p-8f, 1 + 2 * 0x1p-8f, Float.POSITIVE_INFINITY, Float.NaN, -0f, 0x1p-133f},
                wide.to(DType.BF16).floats());
        assertArrayEquals(
                new float[] {65504, Float.POSITIVE_INFINITY, 1},
                TensorData.of("y", new long[] {3}, 65504f, 65520f, 1 + 0x1p-11f)
                        .to(DType.F16)
                        .floats());
    }

    @Test
    void doublesAreRoundedOnce() {
        double justAboveTheTie = 1 + 0x1p-8 + 0x1p-40;
        var narrow = TensorData.of("x", new long[] {2}, justAboveTheTie, -justAboveTheTie)
                .to(DType.BF16);
        assertArrayEquals(new float[] {1 + 0x1p-7f, -1 - 0x1p-7f}, narrow.floats());
    }

    @Test
    void namesAreChecked() {
        var tensor = TensorData.of("a", Shape.of(1), 1);
        Path path = folder.resolve("x.safetensors");
        assertThrows(FormatException.class, () -> Safetensors.write(path, List.of(tensor, tensor), Map.of()));
        assertThrows(
                FormatException.class, () -> Safetensors.write(path, List.of(tensor.named("__metadata__")), Map.of()));
        Safetensors.write(path, List.of(tensor.named("stem.weight")), Map.of());
        try (var file = Safetensors.open(path)) {
            var error = assertThrows(FormatException.class, () -> file.get("conv.weight"));
            assertTrue(
                    error.getMessage().contains("'conv.weight'")
                            && error.getMessage().contains("stem.weight"),
                    error.getMessage());
        }
    }

    @Test
    void aMissingFileIsSaidToBeMissing() {
        var error = assertThrows(DataException.class, () -> Safetensors.open(folder.resolve("none.safetensors")));
        assertTrue(error.getMessage().endsWith("none.safetensors: no such file"), error.getMessage());
    }

    @Test
    void manyTensorsKeepTheirOrder() {
        var tensors = new ArrayList<TensorData>();
        for (int i = 0; i < 1000; i++) tensors.add(TensorData.of("t" + i, Shape.of(i % 3), new float[i % 3]));
        Safetensors.write(folder.resolve("many.safetensors"), tensors, Map.of());
        try (var file = Safetensors.open(folder.resolve("many.safetensors"))) {
            assertEquals(tensors.stream().map(TensorData::name).toList(), List.copyOf(file.names()));
        }
    }
}
