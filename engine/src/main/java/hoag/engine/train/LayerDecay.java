package hoag.engine.train;

import hoag.engine.Variable;
import hoag.kernels.ConfigException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lower layers learn slower (Clark et al. 2020; Bao et al. 2022): the head at the full rate, each layer at {@code factor} times the rate of the
 * one above it. Which weights make a layer is told by their names, as timm's param_groups_layer_decay does: the stem, one layer for each
 * block, then the head.
 *
 * @param stem what the names of the first layer begin with, a regular expression
 * @param block what the names of a block begin with; its groups are the block's numbers
 * @param last names that belong to the last block
 */
public record LayerDecay(Pattern stem, Pattern block, Pattern last) {
    public static final LayerDecay EFFICIENTNET = of("conv_stem|bn1", "blocks\\.(\\d+)\\.(\\d+)", "conv_head|bn2");
    public static final LayerDecay RESNET = of("conv1|bn1", "layer(\\d+)\\.(\\d+)", "(?!)");
    public static final LayerDecay CONVNEXT =
            of("stem", "stages\\.(\\d+)\\.(?:downsample|blocks\\.(\\d+))", "norm_pre");
    public static final LayerDecay VIT = of("cls_token|reg_token|pos_embed|patch_embed", "blocks\\.(\\d+)", "norm");
    public static final LayerDecay VGG = of("features\\.0", "features\\.(\\d+)", "(?!)");
    public static final LayerDecay MAXVIT = of("stem", "stages\\.(\\d+)", "norm");

    /** Matrices that do not decay all the same: tokens and positions, as timm's models list them. */
    private static final Pattern FREE = Pattern.compile(
            "(?:^|\\.)(?:cls_token|reg_token|pos_embed|relative_position_bias_table|rel_pos\\.mlp)(?:\\.|$)");

    /** Groups of layers by the beginnings of their names. */
    public static LayerDecay of(String stem, String block, String last) {
        return new LayerDecay(whole(stem), whole(block), whole(last));
    }

    private static Pattern whole(String begin) {
        return Pattern.compile("^(?:" + begin + ")(?:\\.|$)");
    }

    /** The factor of the learning rate for each name, in the order of the names. */
    public Map<String, Double> scales(Collection<String> names, double factor) {
        if (!(factor > 0 && factor <= 1)) {
            throw new ConfigException("layer decay " + factor + " is outside 0 < decay <= 1");
        }
        Map<String, Integer> layers = layers(names);
        int top = layers.values().stream().mapToInt(layer -> layer).max().orElse(0);
        Map<String, Double> scales = new LinkedHashMap<>();
        layers.forEach((name, layer) -> scales.put(name, Math.pow(factor, top - layer)));
        return scales;
    }

    /** Layers are numbered from the stem, 0, in the order in which they first come; the head is the highest. */
    private Map<String, Integer> layers(Collection<String> names) {
        Map<List<Integer>, Integer> blocks = new java.util.TreeMap<>(LayerDecay::compare);
        names.stream().filter(name -> !matches(stem, name)).forEach(name -> numbers(name, blocks));
        int next = 1;
        for (var entry : blocks.entrySet()) {
            entry.setValue(next++);
        }
        int above = next;
        Map<String, Integer> layers = new LinkedHashMap<>();
        names.forEach(name -> layers.put(name, layer(name, blocks, above)));
        return layers;
    }

    private int layer(String name, Map<List<Integer>, Integer> blocks, int head) {
        if (matches(stem, name)) {
            return 0;
        }
        List<Integer> numbers = numbers(name);
        return numbers != null ? blocks.get(numbers) : matches(last, name) ? head - 1 : head;
    }

    private void numbers(String name, Map<List<Integer>, Integer> blocks) {
        List<Integer> numbers = numbers(name);
        if (numbers != null) {
            blocks.put(numbers, 0);
        }
    }

    /** The numbers of the block, an absent one as 0; null if the name belongs to none. */
    private List<Integer> numbers(String name) {
        Matcher matcher = block.matcher(name);
        if (!matcher.find()) {
            return null;
        }
        List<Integer> numbers = new ArrayList<>();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            numbers.add(matcher.group(i) == null ? 0 : Integer.parseInt(matcher.group(i)));
        }
        return numbers;
    }

    private static boolean matches(Pattern pattern, String name) {
        return pattern.matcher(name).find();
    }

    private static int compare(List<Integer> a, List<Integer> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = Integer.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Groups of one rate and one decay each, from the stem to the head: matrices and filters decay, vectors, scalars, tokens and positions do not. */
    public List<Optimizer.Group> groups(Map<String, Variable> weights, double factor, double weightDecay) {
        Map<String, Double> scales = scales(weights.keySet(), factor);
        Map<List<Double>, Map<String, Variable>> groups = new LinkedHashMap<>();
        weights.forEach((name, weight) -> groups.computeIfAbsent(
                        List.of(scales.get(name), decays(name, weight) ? weightDecay : 0),
                        ignored -> new LinkedHashMap<>())
                .put(name, weight));
        return groups.entrySet().stream()
                .map(group -> new Optimizer.Group(
                        group.getValue(),
                        group.getKey().getFirst(),
                        group.getKey().getLast()))
                .toList();
    }

    /** Whether weight decay is for a weight: not for vectors, scalars, tokens and positions. */
    public static boolean decays(String name, Variable weight) {
        return weight.shape().rank() > 1 && !matches(FREE, name);
    }
}
