package hoag.engine.nn;

import hoag.engine.Variable;
import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.kernels.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How a file's weights become a model's. Each weight goes by its key; what is missing, left over, or of another shape is named, all of it, in one
 * error before anything is changed.
 *
 * @param stem fit the first convolution to another number of channels, see {@link #channels}
 * @param heads leave weights that differ in the number of outputs alone (their first axis) as they are, freshly made: another task's classifier
 * @param ignored beginnings of keys that the file may have and the model not
 */
public record Loading(boolean stem, boolean heads, List<String> ignored) {
    /** All weights of the model, and no others but counters that only training in PyTorch uses. */
    public static final Loading EXACT = new Loading(false, false, List.of());

    /** A backbone out of a whole classifier: the stem may have other channels, and the classifier is left out. */
    public static final Loading BACKBONE =
            new Loading(true, false, List.of("classifier.", "fc.", "head.", "head_dist.", "pre_logits.", "mask_token"));

    private static final String COUNTER = "num_batches_tracked";
    private static final int SHOWN = 3;

    /** Copies the list. */
    public Loading {
        ignored = List.copyOf(ignored);
    }

    /** Weights that did not come as they stand in the file: fitted to other channels, or left fresh. */
    public record Report(List<String> fitted, List<String> fresh) {}

    /**
     * Sets a model's variables.
     *
     * @param model by key, see {@link Modules#variables}
     * @param file named in errors
     * @throws FormatException naming missing, unexpected and misshapen weights, with both shapes; then nothing has been changed
     */
    public Report into(Map<String, Variable> model, Weights weights, Object file) {
        var values = new LinkedHashMap<String, Consumer<Variable>>();
        var report = new Report(new ArrayList<>(), new ArrayList<>());
        var wrong = new ArrayList<String>();
        String first = stem ? firstFilter(model) : null;
        model.forEach((key, variable) -> {
            TensorData found = weights.find(key).orElse(null);
            if (found == null) {
                wrong.add(weights.prefix() + key + " " + variable.shape() + " is missing");
            } else if (Arrays.equals(found.shape(), sizes(variable))) {
                TensorData whole = found.readable();
                values.put(key, weight -> weight.set(whole));
            } else if (key.equals(first) && differsOnlyAt(1, found, variable)) {
                float[] channels = channels(found, variable.shape().dim(1));
                values.put(key, weight -> weight.set(channels));
                report.fitted.add(key);
            } else if (heads && differsOnlyAt(0, found, variable)) {
                report.fresh.add(key);
            } else {
                wrong.add("%s is %s, the model wants %s"
                        .formatted(weights.prefix() + key, Arrays.toString(found.shape()), variable.shape()));
            }
        });
        for (String key : unexpected(model.keySet(), weights))
            wrong.add("%s %s is not in the model"
                    .formatted(
                            weights.prefix() + key,
                            Arrays.toString(weights.get(key).shape())));
        if (!wrong.isEmpty()) throw misfit(wrong, file);
        values.forEach((key, from) -> from.accept(model.get(key)));
        return report;
    }

    private static FormatException misfit(List<String> wrong, Object file) {
        int more = wrong.size() - SHOWN;
        return new FormatException("%s: does not fit the architecture: %s%s; name the right --architecture"
                .formatted(
                        file,
                        String.join("; ", wrong.subList(0, Math.min(SHOWN, wrong.size()))),
                        more > 0 ? "; and " + more + " more" : ""));
    }

    private Set<String> unexpected(Set<String> model, Weights weights) {
        var left = new LinkedHashSet<>(weights.names());
        left.removeAll(model);
        left.removeIf(key -> key.endsWith(COUNTER) || ignored.stream().anyMatch(key::startsWith));
        return left;
    }

    private static String firstFilter(Map<String, Variable> model) {
        return model.entrySet().stream()
                .filter(entry -> entry.getValue().shape().rank() == 4)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static long[] sizes(Variable variable) {
        return Arrays.stream(variable.shape().toArray()).asLongStream().toArray();
    }

    private static boolean differsOnlyAt(int axis, TensorData found, Variable variable) {
        long[] wanted = sizes(variable);
        if (found.shape().length != wanted.length || wanted.length <= axis) return false;
        wanted[axis] = found.shape()[axis];
        return Arrays.equals(found.shape(), wanted);
    }

    /**
     * A filter (k, from, r, s) for pictures of another number of channels, so that grey pictures give what they gave in colour, three equal
     * channels: one channel gets the sum over all; several get those there are, in turn, times {@code from / to}. timm's rule.
     *
     * @return (k, to, r, s), row-major
     * @see <a href="https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/_manipulate.py">adapt_input_conv</a>
     */
    public static float[] channels(TensorData filter, int to) {
        float[] values = filter.floats();
        int k = (int) filter.shape()[0];
        int from = (int) filter.shape()[1];
        int plane = (int) (filter.shape()[2] * filter.shape()[3]);
        float[] fitted = new float[k * to * plane];
        for (int filterIndex = 0; filterIndex < k; filterIndex++)
            for (int channel = 0; channel < Math.max(from, to); channel++)
                for (int i = 0; i < plane; i++) {
                    float value = values[(filterIndex * from + channel % from) * plane + i];
                    int at = (filterIndex * to + channel % to) * plane + i;
                    if (to == 1) fitted[at] += value;
                    else if (channel < to) fitted[at] = value * ((float) from / to);
                }
        return fitted;
    }
}
