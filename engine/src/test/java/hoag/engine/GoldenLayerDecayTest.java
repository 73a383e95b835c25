package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.engine.files.JsonNode;
import hoag.engine.train.LayerDecay;
import hoag.engine.train.Optimizer.Group;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rates and weight decays of the layers of real models against timm. */
class GoldenLayerDecayTest {
    private static Set<String> layered() {
        return OptimProblem.read("layer_decay").members().keySet();
    }

    /** Every weight of every model is in one group with timm's rate and decay. The numbers are [rate scale, weight decay, axes]. */
    @ParameterizedTest
    @MethodSource("layered")
    void lowerLayersLearnSlower(String model) {
        JsonNode truth = OptimProblem.read("layer_decay").get(model);
        Map<String, Variable> weights = new LinkedHashMap<>();
        Map<String, double[]> want = new LinkedHashMap<>();
        truth.get("parameters").members().forEach((name, row) -> {
            int[] ones = new int[row.at(2).integer()];
            Arrays.fill(ones, 1);
            weights.put(name, Variable.parameter(name, Shape.of(ones)));
            want.put(name, row.numbers());
        });
        List<Group> groups = layers(model)
                .groups(
                        weights,
                        truth.get("layer_decay").number(),
                        truth.get("weight_decay").number());
        for (Group group : groups) {
            for (String name : group.weights().keySet()) {
                double[] row = want.remove(name);
                assertEquals(row[0], group.rateScale(), 1e-12 * row[0], name);
                assertEquals(row[1], group.weightDecay(), 0, name);
            }
        }
        assertEquals(Map.of(), want, "weights in no group");
    }

    private static LayerDecay layers(String model) {
        return switch (model.split("[_0-9]")[0]) {
            case "efficientnet", "efficientnetv", "tf" -> LayerDecay.EFFICIENTNET;
            case "resnet" -> LayerDecay.RESNET;
            case "convnext" -> LayerDecay.CONVNEXT;
            case "vit" -> LayerDecay.VIT;
            case "vgg" -> LayerDecay.VGG;
            case "maxvit" -> LayerDecay.MAXVIT;
            default -> throw new AssertionError("no layers for " + model);
        };
    }
}
