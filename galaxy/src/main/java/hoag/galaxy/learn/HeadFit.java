package hoag.galaxy.learn;

import hoag.engine.Variable;
import hoag.engine.nn.Linear;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** Fits the head of a model to frozen representations; the penalty is chosen on the validation galaxies. Seconds, not minutes. */
public final class HeadFit {
    private static final double[] PENALTIES = {3, 1, 0.3, 0.1, 0.03, 0.01};

    private HeadFit() {}

    /** How a fit ended: the penalty that was chosen for each task, and the loss on the validation galaxies (NaN if there are none). */
    public record Result(Map<String, Double> penalties, double validLoss) {}

    /**
     * @param valid may be empty: then the penalty is 0.1
     * @throws hoag.kernels.DataException if a picture cannot be read
     * @throws CancellationException if the progress says to stop before every galaxy is represented
     */
    public static Result fit(
            Backend backend,
            GalaxyModel model,
            Examples train,
            Examples valid,
            int batch,
            int threads,
            Progress progress) {
        float[] trainFeatures;
        float[] validFeatures;
        try (Predictor predictor = new Predictor(backend, model, batch, false)) {
            trainFeatures = features(predictor, train, threads, progress);
            validFeatures = features(predictor, valid, threads, progress);
        }
        double sum = 0;
        Map<String, Double> penalties = new LinkedHashMap<>();
        int label = 0;
        for (int i = 0; i < model.tasks().size(); i++) {
            Task task = model.tasks().get(i);
            var data = new Data(
                    trainFeatures,
                    column(train, label, task),
                    validFeatures,
                    column(valid, label, task),
                    train.size(),
                    valid.size());
            Result fitted =
                    fit(backend, task, data, model.net().head().linear(), Task.offsets(model.tasks())[i], progress);
            penalties.putAll(fitted.penalties);
            sum += fitted.validLoss;
            label += task.labelColumns().size();
        }
        return new Result(penalties, sum);
    }

    private record Data(
            float[] trainFeatures,
            float[] trainLabels,
            float[] validFeatures,
            float[] validLabels,
            int train,
            int valid) {}

    /** The outputs of one task are rows of the layer that no other task shares: each finds its own penalty. */
    private static Result fit(Backend backend, Task task, Data data, Linear head, int row, Progress progress) {
        Result best = null;
        Linear found = null;
        int worse = 0;
        for (double penalty : data.valid == 0 ? new double[] {0.1} : PENALTIES) {
            Linear part = rows(head, row, task.width());
            LinearFit.fit(backend, List.of(task), data.trainFeatures, data.trainLabels, data.train, penalty, part);
            double loss = data.valid == 0
                    ? Double.NaN
                    : LinearFit.loss(backend, List.of(task), part, data.validFeatures, data.validLabels, data.valid);
            progress.say(String.format(Locale.ROOT, "%s: penalty %-5s valid loss %.4f", task.name(), penalty, loss));
            if (best == null || loss < best.validLoss) {
                best = new Result(Map.of(task.name(), penalty), loss);
                found = part;
                worse = 0;
            } else if (++worse == 2) {
                break; // the loss has one valley
            }
        }
        copy(found, head, row);
        return best;
    }

    private static Linear rows(Linear head, int row, int count) {
        int width = head.weight().shape().dim(1);
        Variable weight = Variable.parameter("weight", Shape.of(count, width))
                .set(Arrays.copyOfRange(head.weight().values(), row * width, (row + count) * width));
        return new Linear(
                weight,
                Variable.parameter("bias", Shape.of(count))
                        .set(Arrays.copyOfRange(head.bias().values(), row, row + count)));
    }

    private static void copy(Linear part, Linear head, int row) {
        float[] weight = head.weight().values();
        float[] bias = head.bias().values();
        System.arraycopy(
                part.weight().values(),
                0,
                weight,
                row * head.weight().shape().dim(1),
                part.weight().shape().size());
        System.arraycopy(part.bias().values(), 0, bias, row, part.bias().shape().size());
        head.weight().set(weight);
        head.bias().set(bias);
    }

    private static float[] column(Examples examples, int from, Task task) {
        int count = task.labelColumns().size();
        float[] labels = new float[examples.size() * count];
        for (int i = 0; i < examples.size(); i++) {
            System.arraycopy(examples.labels(), i * examples.columns() + from, labels, i * count, count);
        }
        return labels;
    }

    private static float[] features(Predictor predictor, Examples examples, int threads, Progress progress) {
        List<Predictor.Represented> all = predictor.represent(
                examples.images(), predictor.model().preprocess(), threads, true, failure -> {}, progress);
        if (all.size() < examples.size()) {
            throw new CancellationException("stopped while representing galaxies");
        }
        int width = predictor.model().net().encoder().features();
        float[] features = new float[all.size() * width];
        for (int i = 0; i < all.size(); i++) {
            System.arraycopy(all.get(i).features(), 0, features, i * width, width);
        }
        return features;
    }
}
