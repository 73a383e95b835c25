package hoag.galaxy.learn;

import hoag.engine.Variable;
import hoag.engine.nn.Modules;
import hoag.galaxy.models.Backbone;
import hoag.kernels.ConfigException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Weights that a training leaves as they are, to the bit. */
record Frozen(Set<Variable> variables) {
    private static final String ENCODER = "encoder.";

    /** @throws ConfigException if there are fewer groups, a pattern names no weight, or nothing is left to train */
    static Frozen of(GalaxyModel model, Mode mode) {
        Set<Variable> frozen = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<String, Variable> all = Modules.variables(model.net());
        below(model, mode, all, frozen);
        mode.freeze().forEach(pattern -> named(pattern, all, frozen));
        if (frozen.containsAll(Modules.parameters(model.net()).values())) {
            throw new ConfigException("--freeze " + String.join(", ", mode.freeze()) + " with --mode " + mode.text()
                    + " leaves no weight to train");
        }
        return new Frozen(frozen);
    }

    /** Whether training changes a weight. */
    boolean moves(Variable weight) {
        return !variables.contains(weight);
    }

    private static void below(GalaxyModel model, Mode mode, Map<String, Variable> all, Set<Variable> frozen) {
        if (mode.blocks() == Mode.ALL) {
            return;
        }
        Backbone backbone = model.net().encoder();
        int count = backbone.groups().size();
        if (mode.blocks() > count) {
            throw new ConfigException("--mode " + mode.text() + ": " + model.architecture() + " has " + count
                    + " groups of layers; give 1 to " + count + ", or full");
        }
        all.forEach((key, variable) -> {
            if (key.startsWith(ENCODER) && backbone.group(key.substring(ENCODER.length())) < count - mode.blocks()) {
                frozen.add(variable);
            }
        });
    }

    private static void named(String pattern, Map<String, Variable> all, Set<Variable> frozen) {
        Pattern wanted = Pattern.compile(pattern.chars()
                .mapToObj(letter ->
                        letter == '*' ? ".*" : letter == '?' ? "." : Pattern.quote(Character.toString(letter)))
                .collect(Collectors.joining()));
        Map<String, Variable> found = all.entrySet().stream()
                .filter(weight -> wanted.matcher(weight.getKey()).matches())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (found.isEmpty()) {
            throw new ConfigException("--freeze " + pattern + " names no weight; names are such as "
                    + all.keySet().stream().limit(3).collect(Collectors.joining(", "))
                    + " (hoag info lists them), and * stands for any letters");
        }
        frozen.addAll(found.values());
    }
}
