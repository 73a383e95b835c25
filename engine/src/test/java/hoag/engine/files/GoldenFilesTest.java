package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file that PyTorch, Lightning, safetensors and NumPy wrote, good and broken, through the one door. */
class GoldenFilesTest {
    /** A graph of operations, not weights. */
    private static final Set<String> NO_WEIGHTS = Set.of("tiny.onnx");

    static Stream<String> good() {
        return names(true);
    }

    static Stream<String> bad() {
        return names(false);
    }

    private static Stream<String> names(boolean read) {
        return Golden.names(read, "").filter(name -> !NO_WEIGHTS.contains(name));
    }

    @Test
    void allAreHere() {
        assertEquals(107, Golden.expected().members().size());
        assertEquals(106, good().count() + bad().count());
        assertEquals(69, bad().count());
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodFilesHoldWhatTheirWriterPutIn(String name) {
        var expected = Golden.expected(name);
        try (var file = Weights.open(Golden.file(name))) {
            assertEquals(wanted(expected), recorded(file), name);
            expected.get("tensors").members().forEach((tensor, facts) -> Golden.check(facts, tensor(file, tensor)));
            expected.find("metadata").ifPresent(wanted -> assertEquals(strings(wanted), file.metadata()));
            expected.find("values")
                    .ifPresent(wanted -> wanted.members().forEach((path, value) -> check(path, value, file.values())));
        }
    }

    private static Set<String> wanted(JsonNode expected) {
        return new TreeSet<>(expected.get("tensors").members().keySet());
    }

    /** The tensors that the list speaks of: of a checkpoint the model's alone. */
    private static Set<String> recorded(Weights file) {
        boolean checkpoint =
                !file.model().prefix().isEmpty() && !file.model().prefix().equals("model.");
        return file.names().stream()
                .filter(name -> !checkpoint || name.startsWith("state_dict."))
                .map(name -> file.kind() == Weights.Kind.NPY ? "" : name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static TensorData tensor(Weights file, String name) {
        return file.get(file.kind() == Weights.Kind.NPY ? "array" : name);
    }

    private static Map<String, String> strings(JsonNode node) {
        var map = new LinkedHashMap<String, String>();
        node.members().forEach((key, value) -> map.put(key, value.string()));
        return map;
    }

    private static void check(String path, JsonNode wanted, JsonNode values) {
        if (path.equals("keys")) {
            assertEquals(wanted.strings(), List.copyOf(values.members().keySet()));
            return;
        }
        JsonNode at = values;
        for (String step : path.split("\\.")) at = at.get(step);
        assertEquals(Json.compact(wanted), Json.compact(at), path);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void brokenFilesAreRefusedInOneLineAndLittleMemory(String name) {
        var path = Golden.file(name);
        long before = Golden.allocated();
        var error = assertThrows(FormatException.class, () -> Weights.open(path).close());
        long used = Golden.allocated() - before;
        assertTrue(used < Fuzz.MEMORY, used + " bytes");
        assertTrue(error.getMessage().startsWith(path.toString()), error.getMessage());
        assertEquals(1, error.getMessage().lines().count(), error.getMessage());
    }

    @Test
    void filesThatAskForCodeSayWhichAndAreRefused() {
        for (var asked : Map.of(
                        "bad-calls-system.pt", "posix.system",
                        "bad-calls-system-legacy.pt", "posix.system",
                        "bad-calls-system-inst.pt", "posix.system",
                        "bad-calls-system-protocol-4.pt", "posix.system",
                        "bad-calls-eval.pt", "builtin__.eval",
                        "bad-calls-getattr.pt", "builtin__.getattr",
                        "bad-nested-bytes.pt", "torch.storage._load_from_bytes")
                .entrySet()) {
            var error = assertThrows(FormatException.class, () -> TorchFile.open(Golden.file(asked.getKey())));
            assertTrue(error.getMessage().contains(asked.getValue()), error.getMessage());
            assertTrue(error.getMessage().contains("runs no code"), error.getMessage());
        }
    }

    @Test
    void unknownClassesAreKeptAsData() {
        try (var file = TorchFile.open(Golden.file("hyper-unknown-class.ckpt"))) {
            var settings = file.values().get("hyper_parameters");
            assertEquals(
                    "survey.schemas.Schema", settings.get("schema").get("class").string());
            assertEquals(
                    List.of("smooth_yes", "smooth_no"),
                    settings.get("schema").get("state").get("label_cols").strings());
            assertEquals("functools.partial", settings.get("loss").get("class").string());
        }
    }

    @Test
    void aCheckpointGivesItsModelWithoutTheRest() {
        try (var file = Weights.open(Golden.file("lightning.ckpt"))) {
            assertEquals(Weights.Kind.LIGHTNING, file.kind());
            var model = file.model();
            assertEquals("state_dict.", model.prefix());
            assertTrue(
                    model.names().contains("encoder.conv.weight"), model.names().toString());
            assertTrue(model.names().size() < file.names().size(), "the optimizer's state");
            assertEquals(
                    file.get("state_dict.encoder.bn.weight").doubles()[0],
                    model.under("encoder.").get("bn.weight").doubles()[0]);
            var error = assertThrows(FormatException.class, () -> model.under("backbone."));
            assertTrue(error.getMessage().contains("encoder."), error.getMessage());
        }
    }

    @Test
    void theDoorTellsKindsApart() {
        var kinds = new ArrayList<String>();
        for (String name :
                List.of("state-dict.pt", "state-dict-legacy.pt", "arrays.npz", "f8.npy", "no-metadata.safetensors"))
            try (var file = Weights.open(Golden.file(name))) {
                kinds.add(file.kind().name());
            }
        assertEquals(List.of("TORCH", "TORCH_OLD", "NPZ", "NPY", "SAFETENSORS"), kinds);
    }
}
