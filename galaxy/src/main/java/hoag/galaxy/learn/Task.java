package hoag.galaxy.learn;

import hoag.engine.Tensor;
import hoag.engine.train.Losses;
import hoag.galaxy.tree.Schema;
import hoag.kernels.Binary;
import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import hoag.kernels.FormatException;
import hoag.kernels.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model answers: a tree of questions by votes, one of several classes, a number, or yes and no. A model may have several tasks; their
 * outputs stand beside each other. A galaxy without a label for a task costs nothing: no votes, or NaN.
 */
public sealed interface Task {
    /** The key of this task's columns: the tree's name or the label's column. */
    String name();

    /** Outputs of the network for this task. */
    int width();

    /** Numbers in the catalogue for each galaxy. */
    List<String> labelColumns();

    /**
     * Mean loss over the galaxies that have a label, scalar, nats.
     *
     * @param outputs (n, width), raw
     * @param labels (n, label columns)
     */
    Tensor loss(Tensor outputs, Tensor labels);

    /** What is reported: concentrations, probabilities, numbers; (n, width). */
    Tensor answer(Tensor outputs);

    /** For the model file. */
    Map<String, Object> toMap();

    /**
     * Votes of volunteers along a decision tree, Dirichlet-multinomial (Walmsley et al. 2022): concentrations 1 + 100 sigmoid(output); the loss
     * sums over questions and averages over galaxies.
     */
    record Votes(Schema schema) implements Task {
        private static final double RANGE = 100;

        @Override
        public String name() {
            return schema.name();
        }

        @Override
        public int width() {
            return schema.width();
        }

        @Override
        public List<String> labelColumns() {
            return schema.labelColumns();
        }

        @Override
        public Tensor answer(Tensor outputs) {
            return outputs.map(Expr.in(0).sigmoid().times(RANGE).plus(1));
        }

        @Override
        public Tensor loss(Tensor outputs, Tensor labels) {
            Tensor concentrations = answer(outputs);
            Tensor sum = Tensor.scalar(0);
            for (int[] group : schema.indexGroups()) {
                int from = group[0];
                int size = group[1] - group[0];
                sum = sum.add(
                        Losses.dirichletMultinomial(concentrations.slice(1, from, size), labels.slice(1, from, size))
                                .mean()
                                .reshape(Shape.SCALAR));
            }
            return sum;
        }

        @Override
        public Map<String, Object> toMap() {
            return new TreeMap<>(Map.of("kind", "votes", "schema", schema.toMap()));
        }
    }

    /**
     * One of several classes; labels are class numbers, NaN where unknown.
     *
     * @param smoothing share of the target that is spread over all classes
     * @param weights how much a galaxy of each class counts in the loss; empty: all the same
     */
    record Classes(String column, List<String> names, double smoothing, List<Double> weights) implements Task {
        /** @throws ConfigException when there are fewer than two classes, or weights that are not above 0, one for each */
        public Classes {
            names = List.copyOf(names);
            weights = List.copyOf(weights);
            if (!weights.isEmpty() && weights.size() != names.size()
                    || weights.stream().anyMatch(w -> !(w > 0 && Double.isFinite(w)))) {
                throw new ConfigException("label '" + column + "' has the class weights " + weights + "; it must be "
                        + names.size() + " numbers above 0");
            }
            if (names.size() < 2) {
                throw new ConfigException(
                        "label '" + column + "' has " + names.size() + " class; a classifier wants two or more");
            }
        }

        /** Every class counts the same. */
        public Classes(String column, List<String> names, double smoothing) {
            this(column, names, smoothing, List.of());
        }

        /** The same with other {@link #weights}. */
        public Classes weights(List<Double> weights) {
            return new Classes(column, names, smoothing, weights);
        }

        @Override
        public String name() {
            return column;
        }

        @Override
        public int width() {
            return names.size();
        }

        @Override
        public List<String> labelColumns() {
            return List.of(column);
        }

        @Override
        public Tensor answer(Tensor outputs) {
            return outputs.softmax(1);
        }

        /**
         * Cross-entropy; the share {@code smoothing} of the target is spread over all classes. Weighted, the mean divides by the sum of the weights, so
         * weights shift attention and leave the learning rate as it is.
         */
        @Override
        public Tensor loss(Tensor outputs, Tensor labels) {
            int n = outputs.shape().dim(0);
            Tensor hot = Tensor.range(names.size()).reshape(1, names.size()).equal(labels.reshape(n, 1));
            Tensor target = hot.mul(1 - smoothing).add(hot.sum(1).mul(smoothing / names.size()));
            Tensor each = outputs.logSoftmax(1).mul(target).sum(1).neg();
            return weights.isEmpty()
                    ? average(each, labels.reshape(n, 1))
                    : each.mul(weight(hot))
                            .sum()
                            .map(
                                    Expr.in(0).over(Expr.in(1).max(Expr.of(1e-30))),
                                    weight(hot).sum())
                            .reshape(Shape.SCALAR);
        }

        /** (n, 1): the weight of each galaxy's class, 0 where it is not known. */
        private Tensor weight(Tensor hot) {
            Expr weight = Expr.of(0);
            for (int i = 1; i < names.size(); i++) {
                weight = weight.plus(Expr.in(1).apply(Binary.EQ, Expr.of(i)).times(weights.get(i) - weights.get(0)));
            }
            Tensor classes = Tensor.range(names.size()).reshape(1, names.size());
            return hot.map(Expr.in(0).times(weight.plus(weights.get(0))), classes)
                    .sum(1);
        }

        @Override
        public Map<String, Object> toMap() {
            Map<String, Object> map =
                    new TreeMap<>(Map.of("kind", "classes", "column", column, "names", names, "smoothing", smoothing));
            if (!weights.isEmpty()) {
                map.put("weights", weights);
            }
            return map;
        }
    }

    /** A number, learnt as (x - mean) / deviation with squared error; NaN where unknown. */
    record Number(String column, double mean, double deviation) implements Task {
        /** @throws ConfigException unless the deviation is above 0 */
        public Number {
            if (!(deviation > 0)) {
                throw new ConfigException(
                        "label '" + column + "' has the same value everywhere; there is nothing to learn");
            }
        }

        @Override
        public String name() {
            return column;
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public List<String> labelColumns() {
            return List.of(column);
        }

        @Override
        public Tensor answer(Tensor outputs) {
            return outputs.map(Expr.in(0).times(deviation).plus(mean));
        }

        @Override
        public Tensor loss(Tensor outputs, Tensor labels) {
            Tensor target =
                    known(labels).where(labels.map(Expr.in(0).minus(mean).over(deviation)), Tensor.scalar(0));
            return average(Losses.squared(outputs, target), labels);
        }

        @Override
        public Map<String, Object> toMap() {
            return new TreeMap<>(Map.of("kind", "number", "column", column, "mean", mean, "deviation", deviation));
        }
    }

    /** Yes (1) or no (0), binary cross-entropy; NaN where unknown. */
    record Flag(String column) implements Task {
        @Override
        public String name() {
            return column;
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public List<String> labelColumns() {
            return List.of(column);
        }

        @Override
        public Tensor answer(Tensor outputs) {
            return outputs.sigmoid();
        }

        @Override
        public Tensor loss(Tensor outputs, Tensor labels) {
            Tensor target = known(labels).where(labels, Tensor.scalar(0));
            return average(Losses.binaryCrossEntropy(outputs, target), labels);
        }

        @Override
        public Map<String, Object> toMap() {
            return new TreeMap<>(Map.of("kind", "flag", "column", column));
        }
    }

    /** 1 where a label is there, 0 where it is NaN. */
    private static Tensor known(Tensor labels) {
        return labels.map(Expr.in(0).apply(Binary.EQ, Expr.in(0)));
    }

    /** Mean of {@code each} (n, 1) over the galaxies whose label (n, 1) is not NaN; 0 if there is none. */
    private static Tensor average(Tensor each, Tensor labels) {
        Tensor known = known(labels);
        Tensor counted = known.where(each, Tensor.scalar(0)).sum();
        return counted.map(Expr.in(0).over(Expr.in(1).max(Expr.of(1))), known.sum())
                .reshape(Shape.SCALAR);
    }

    /** Reads what {@link #toMap} wrote. */
    static Task fromMap(Map<?, ?> map) {
        return switch ((String) map.get("kind")) {
            case "votes" -> new Votes(Schema.fromMap((Map<?, ?>) map.get("schema")));
            case "classes" ->
                new Classes(
                        (String) map.get("column"),
                        ((List<?>) map.get("names"))
                                .stream().map(Object::toString).toList(),
                        ((java.lang.Number) map.get("smoothing")).doubleValue(),
                        map.get("weights") instanceof List<?> weights
                                ? weights.stream()
                                        .map(weight -> ((java.lang.Number) weight).doubleValue())
                                        .toList()
                                : List.of());
            case "number" ->
                new Number(
                        (String) map.get("column"),
                        ((java.lang.Number) map.get("mean")).doubleValue(),
                        ((java.lang.Number) map.get("deviation")).doubleValue());
            case "flag" -> new Flag((String) map.get("column"));
            case null, default ->
                throw new FormatException("the model file describes a task of kind '" + map.get("kind")
                        + "'; known: votes, classes, number, flag. It was written by a newer Hoag?");
        };
    }

    /** First output of each task, and behind them the total width. */
    static int[] offsets(List<Task> tasks) {
        int[] offsets = new int[tasks.size() + 1];
        for (int i = 0; i < tasks.size(); i++) {
            offsets[i + 1] = offsets[i] + tasks.get(i).width();
        }
        return offsets;
    }

    /** By column, the tasks' labels beside each other. */
    static List<String> labelColumns(List<Task> tasks) {
        return tasks.stream().flatMap(task -> task.labelColumns().stream()).toList();
    }

    /** Sum of the tasks' losses. */
    static Tensor loss(List<Task> tasks, Tensor outputs, Tensor labels) {
        Tensor sum = Tensor.scalar(0);
        int out = 0;
        int label = 0;
        for (Task task : tasks) {
            int labels1 = task.labelColumns().size();
            sum = sum.add(task.loss(outputs.slice(1, out, task.width()), labels.slice(1, label, labels1)));
            out += task.width();
            label += labels1;
        }
        return sum;
    }

    /** What each task reports, beside each other. */
    static Tensor answer(List<Task> tasks, Tensor outputs) {
        Tensor[] parts = new Tensor[tasks.size()];
        int out = 0;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = tasks.get(i).answer(outputs.slice(1, out, tasks.get(i).width()));
            out += tasks.get(i).width();
        }
        return Tensor.concat(1, parts);
    }

    /** For the model file, in insertion order. */
    static List<Map<String, Object>> toMaps(List<Task> tasks) {
        return tasks.stream()
                .map(task -> (Map<String, Object>) new LinkedHashMap<>(task.toMap()))
                .toList();
    }
}
