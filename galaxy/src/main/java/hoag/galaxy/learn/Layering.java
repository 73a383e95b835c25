package hoag.galaxy.learn;

import hoag.engine.Variable;
import hoag.engine.nn.Modules;
import hoag.engine.train.LayerDecay;
import hoag.engine.train.Optimizer;
import hoag.galaxy.models.Backbone;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights in groups of one learning rate and one weight decay: the head learns at the full rate, what lies below it slower, see {@link Rule.Layers}.
 * Vectors, tokens and positions do not decay.
 */
final class Layering {
    private final TrainSettings settings;
    private final Frozen frozen;
    private final List<Optimizer.Group> groups = new ArrayList<>();

    private Layering(TrainSettings settings, Frozen frozen) {
        this.settings = settings;
        this.frozen = frozen;
    }

    static List<Optimizer.Group> of(GalaxyNet net, TrainSettings settings, Frozen frozen) {
        var layering = new Layering(settings, frozen);
        switch (settings.rule().layers()) {
            case GROUPS -> layering.stages(net.encoder(), 1);
            case ZOOBOT -> layering.stages(net.encoder(), 0);
            case TIMM -> layering.blocks(net.encoder());
        }
        Map<String, Variable> head = new LinkedHashMap<>();
        Modules.parameters(net.head()).forEach((key, variable) -> head.put("head." + key, variable));
        layering.add(head, 1);
        return layering.groups;
    }

    /** @param below by how many factors the uppermost group is slower than the head */
    private void stages(Backbone backbone, int below) {
        int count = backbone.groups().size();
        for (int i = 0; i < count; i++) {
            Map<String, Variable> weights = new LinkedHashMap<>();
            int number = i;
            Modules.parameters(backbone).forEach((key, variable) -> {
                if (backbone.group(key) == number) {
                    weights.put("encoder." + key, variable);
                }
            });
            add(weights, Math.pow(settings.layerDecay(), count - 1 - i + below));
        }
    }

    private void blocks(Backbone backbone) {
        Map<String, Variable> all = Modules.parameters(backbone);
        List<String> names = new ArrayList<>(all.keySet());
        names.add("classifier"); // the head, above every block
        Map<Double, Map<String, Variable>> byRate = new LinkedHashMap<>();
        backbone.layers().scales(names, settings.layerDecay()).forEach((name, scale) -> {
            if (all.containsKey(name)) {
                byRate.computeIfAbsent(scale, ignored -> new LinkedHashMap<>()).put("encoder." + name, all.get(name));
            }
        });
        byRate.forEach((scale, weights) -> add(weights, scale));
    }

    private void add(Map<String, Variable> weights, double rateScale) {
        Map<String, Variable> matrices = new LinkedHashMap<>();
        Map<String, Variable> vectors = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            if (frozen.moves(weight)) {
                (LayerDecay.decays(name, weight) ? matrices : vectors).put(name, weight);
            }
        });
        groups.add(new Optimizer.Group(matrices, rateScale, settings.weightDecay()));
        groups.add(new Optimizer.Group(vectors, rateScale, 0));
    }
}
