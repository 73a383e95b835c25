package hoag.galaxy.learn;

import hoag.kernels.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How much a galaxy of each class counts in the loss.
 *
 * @param balanced inversely to the share of the class among the training galaxies: n / (classes * n of the class)
 * @param given weights by the name of the class; what is not named counts 1
 */
public record ClassWeights(boolean balanced, Map<String, Double> given) {
    /** Every galaxy counts the same. */
    public static final ClassWeights UNIFORM = new ClassWeights(false, Map.of());

    /** Inversely to the share of the class. */
    public static final ClassWeights BALANCED = new ClassWeights(true, Map.of());

    /** Copies the map. */
    public ClassWeights {
        given = Map.copyOf(given);
    }

    /**
     * {@code uniform}, {@code balanced} or {@code CLASS=W,CLASS=W...}.
     *
     * @throws ConfigException if it is none of them, or a weight is no number above 0
     */
    public static ClassWeights parse(String text) {
        return switch (text.strip().toLowerCase(java.util.Locale.ROOT)) {
            case "uniform" -> UNIFORM;
            case "balanced" -> BALANCED;
            default -> new ClassWeights(false, named(text));
        };
    }

    private static Map<String, Double> named(String text) {
        Map<String, Double> given = new LinkedHashMap<>();
        for (String part : text.split(",")) {
            int equals = part.lastIndexOf('=');
            double weight = equals < 1 ? Double.NaN : number(part.substring(equals + 1));
            if (!(weight > 0 && Double.isFinite(weight))) {
                throw new ConfigException(
                        "--class-weights " + text + " is none of uniform, balanced, CLASS=W,CLASS=W... with W above 0");
            }
            given.put(part.substring(0, equals).strip(), weight);
        }
        return given;
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /**
     * The tasks with their weights.
     *
     * @throws ConfigException if a class that is named is of no task, or no task has classes
     */
    public List<Task> of(List<Task> tasks, Examples train) {
        if (equals(UNIFORM)) {
            return tasks;
        }
        Set<String> known = tasks.stream()
                .filter(Task.Classes.class::isInstance)
                .flatMap(task -> ((Task.Classes) task).names().stream())
                .collect(Collectors.toCollection(java.util.TreeSet::new));
        given.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new ConfigException("--class-weights names the class '" + name + "'; there are "
                            + (known.isEmpty() ? "no classes" : String.join(", ", known)));
                });
        if (known.isEmpty()) {
            throw new ConfigException("--class-weights wants a label of classes; there is none");
        }
        List<Task> weighted = new ArrayList<>();
        int column = 0;
        for (Task task : tasks) {
            weighted.add(task instanceof Task.Classes classes ? classes.weights(of(classes, train, column)) : task);
            column += task.labelColumns().size();
        }
        return weighted;
    }

    private List<Double> of(Task.Classes classes, Examples train, int column) {
        if (!balanced) {
            return classes.names().stream()
                    .map(name -> given.getOrDefault(name, 1.0))
                    .toList();
        }
        int[] counts = new int[classes.names().size()];
        int known = 0;
        for (int i = 0; i < train.size(); i++) {
            float label = train.labels()[i * train.columns() + column];
            if (!Float.isNaN(label)) {
                counts[(int) label]++;
                known++;
            }
        }
        List<Double> weights = new ArrayList<>();
        for (int count : counts) { // a class that training has none of: its weight never counts
            weights.add(count == 0 ? 1 : (double) known / (counts.length * count));
        }
        return weights;
    }
}
