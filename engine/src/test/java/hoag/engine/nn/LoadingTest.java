package hoag.engine.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Variable;
import hoag.engine.files.DType;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.kernels.FormatException;
import hoag.kernels.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadingTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() {
        file = folder.resolve("w.safetensors");
        Safetensors.write(
                file,
                List.of(
                        TensorData.of("stem.weight", Shape.of(1, 3, 1, 2), 1, 2, 10, 20, 100, 200),
                        TensorData.of("bn.weight", Shape.of(2), 7, 8),
                        TensorData.of("bn.num_batches_tracked", new long[0], 5L),
                        TensorData.of("head.weight", Shape.of(2, 2), 1, 2, 3, 4)),
                Map.of());
    }

    private static Map<String, Variable> model(int channels, int classes, String... more) {
        var model = new LinkedHashMap<String, Variable>();
        add(model, "stem.weight", Shape.of(1, channels, 1, 2));
        add(model, "bn.weight", Shape.of(2));
        add(model, "head.weight", Shape.of(classes, 2));
        for (String key : more) add(model, key, Shape.of(1));
        return model;
    }

    private static void add(Map<String, Variable> model, String key, Shape shape) {
        model.put(key, Variable.parameter(key, shape));
    }

    private Loading.Report load(Loading how, Map<String, Variable> model) {
        try (var weights = Weights.open(file)) {
            return how.into(model, weights, file);
        }
    }

    @Test
    void weightsGoByTheirKeys() {
        var model = model(3, 2);
        var report = load(Loading.EXACT, model);
        assertArrayEquals(
                new float[] {1, 2, 10, 20, 100, 200}, model.get("stem.weight").values());
        assertTrue(report.fitted().isEmpty() && report.fresh().isEmpty());
    }

    @Test
    void allThatDoesNotFitIsNamedWithBothShapesAndNothingIsChanged() {
        var model = model(3, 5, "extra.bias");
        model.remove("bn.weight");
        var error = assertThrows(FormatException.class, () -> load(Loading.EXACT, model));
        for (String told : List.of(
                "w.safetensors",
                "head.weight is [2, 2], the model wants [5, 2]",
                "extra.bias [1] is missing",
                "bn.weight [2] is not in the model"))
            assertTrue(error.getMessage().contains(told), told + " in " + error.getMessage());
        assertEquals(0, model.get("stem.weight").values()[0]);
    }

    @Test
    void aHeadOfAnotherTaskStaysFreshOnRequest() {
        var model = model(3, 5);
        model.get("head.weight").set(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
        assertEquals(
                List.of("head.weight"),
                load(new Loading(false, true, List.of()), model).fresh());
        assertEquals(1, model.get("head.weight").values()[9]);
        assertEquals(8, model.get("bn.weight").values()[1]);
    }

    @Test
    void stemsForOtherChannelsAnswerGreyPicturesAlike() {
        var grey = model(1, 2);
        assertEquals(
                List.of("stem.weight"),
                load(new Loading(true, false, List.of()), grey).fitted());
        assertArrayEquals(new float[] {111, 222}, grey.get("stem.weight").values());
        var five = model(5, 2);
        load(new Loading(true, false, List.of()), five);
        float[] inTurn = {1, 2, 10, 20, 100, 200, 1, 2, 10, 20};
        for (int i = 0; i < inTurn.length; i++)
            assertEquals(inTurn[i] * 0.6f, five.get("stem.weight").values()[i]);
    }

    @Test
    void fromOneChannelToThreeAndBackIsTheSame() {
        var one = TensorData.of("w", Shape.of(2, 1, 1, 2), 3, -6, 9, 12);
        float[] three = Loading.channels(one, 3);
        assertArrayEquals(new float[] {1, -2, 1, -2, 1, -2, 3, 4, 3, 4, 3, 4}, three, 1e-6f);
        float[] back = Loading.channels(TensorData.of("w", Shape.of(2, 3, 1, 2), three), 1);
        assertArrayEquals(one.floats(), back, 1e-6f);
    }

    @Test
    void aBackboneMayHaveOtherChannels() {
        assertThrows(
                FormatException.class, () -> load(Loading.EXACT, model(1, 2)), "no other channels unless asked for");
        assertTrue(Arrays.equals(new float[] {7, 8}, loaded().get("bn.weight").values()));
    }

    private Map<String, Variable> loaded() {
        var model = model(1, 2);
        load(Loading.BACKBONE, model);
        return model;
    }

    @Test
    void whatCannotBeConvertedIsFoundBeforeAnythingIsChanged() {
        Safetensors.write(
                file,
                List.of(
                        TensorData.of("stem.weight", Shape.of(1, 3, 1, 2), 1, 2, 10, 20, 100, 200),
                        TensorData.of("bn.weight", Shape.of(2), 7, 8),
                        new TensorData(
                                "head.weight", DType.F8_E4M3, new long[] {2, 2}, MemorySegment.ofArray(new byte[4]))),
                Map.of());
        var model = model(3, 2);
        assertThrows(FormatException.class, () -> load(Loading.EXACT, model));
        assertArrayEquals(new float[6], model.get("stem.weight").values());
    }
}
