package hoag.galaxy.models;

import hoag.engine.Variable;
import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.engine.nn.Init;
import hoag.engine.nn.Modules;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which architecture a file of weights is of, told by their names and shapes. The classifier and the number of channels may be others; the size
 * that a position embedding is made for stands in the architecture's name.
 *
 * @param architecture timm's name
 * @param channels of the pictures that the first filter takes
 */
public record Guess(String architecture, int channels) {
    /** A key that a family has, and how its architectures' names begin or go on. */
    private record Family(String key, Pattern names) {
        static Family of(String key, String names) {
            return new Family(key, Pattern.compile(names));
        }
    }

    /** The first family whose key is there; only its members are looked at, for making one takes memory. */
    private static final List<Family> FAMILIES = List.of(
            Family.of("conv_stem.weight", ".*efficientnet.*"),
            Family.of("layer1.0.conv1.weight", ".*resnet\\d*"),
            Family.of("features.denseblock1.denselayer1.norm1.weight", "densenet.*"),
            Family.of("stem.conv1.weight", "maxvit.*"),
            Family.of("stages.0.blocks.0.conv_dw.weight", ".*convnext.*"),
            Family.of("patch_embed.proj.weight", "(test_)?vit.*"),
            Family.of("to_patch_embedding.1.weight", "linformer.*"),
            Family.of("pre_logits.fc1.weight", "vgg.*"),
            Family.of("features.0.weight", "vgg.*|bayesian.*"));

    /** The architecture of weights with timm's keys; nothing if they are of none that is known. */
    public static Optional<Guess> of(Weights weights) {
        List<String> candidates = FAMILIES.stream()
                .filter(family -> weights.find(family.key).isPresent())
                .findFirst()
                .map(family -> Backbones.names().stream()
                        .filter(name -> family.names.matcher(name).matches())
                        .toList())
                .orElse(List.of("bayesian_cnn"));
        return Stream.concat(candidates.stream(), vit(weights).stream())
                .map(name -> fit(name, weights))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The name of a plain transformer by its width, its patch, what stands for a picture, and the grid of its position embedding. */
    private static Optional<String> vit(Weights weights) {
        TensorData embed = weights.find("patch_embed.proj.weight").orElse(null);
        TensorData places = weights.find("pos_embed").orElse(null);
        if (embed == null || embed.shape().length != 4 || places == null || places.shape().length != 3) {
            return Optional.empty();
        }
        boolean token = weights.find("cls_token").isPresent();
        long patch = embed.shape()[2];
        long pixels = patch * Math.round(Math.sqrt(places.shape()[1] - (token ? 1 : 0)));
        String scaled = weights.find("blocks.0.ls1.gamma").isPresent() ? "_dinov2" : "";
        String pooling =
                VisionTransformer.Pooling.of(token, weights.find("norm.weight").isPresent()).suffix;
        return Backbones.HEADS.entrySet().stream()
                .filter(width -> pixels >= patch && pixels <= Backbones.LARGEST)
                .filter(width -> 64 * width.getValue() == embed.shape()[0])
                .map(width -> "vit_" + width.getKey() + "_patch" + patch + scaled + pooling + "_" + pixels)
                .filter(Backbones::isKnown)
                .findFirst();
    }

    private static Optional<Guess> fit(String name, Weights weights) {
        Map<String, Variable> model = Modules.variables(Backbones.create(name, Init.zeros(), 3, 0, 0, 0));
        int channels = 0;
        for (var entry : model.entrySet()) {
            TensorData found = weights.find(entry.getKey()).orElse(null);
            int[] wanted = entry.getValue().shape().toArray();
            if (found == null || found.shape().length != wanted.length) {
                return Optional.empty();
            }
            if (channels == 0 && wanted.length == 4) {
                channels = (int) found.shape()[1];
                wanted[1] = channels;
            }
            if (!Arrays.equals(Arrays.stream(wanted).asLongStream().toArray(), found.shape())) {
                return Optional.empty();
            }
        }
        return blocks(model.keySet().stream()) == blocks(weights.names().stream())
                ? Optional.of(new Guess(name, channels == 0 ? 3 : channels))
                : Optional.empty();
    }

    /** Deeper networks of a family hold all that shallower ones hold, so what is in blocks is counted. */
    private static long blocks(Stream<String> names) {
        return names.filter(name -> name.matches("(blocks|stages|layer\\d|features|transformer)\\..*"))
                .filter(name -> !name.endsWith("num_batches_tracked"))
                .count();
    }
}
