package hoag.galaxy.learn;

import hoag.kernels.Backend;
import java.util.List;
import java.util.Locale;

/** Fits the head of a model to frozen representations; the penalty is chosen on the validation galaxies. Seconds, not minutes. */
public final class HeadFit {
    private static final double[] PENALTIES = {3, 1, 0.3, 0.1, 0.03, 0.01};

    private HeadFit() {}

    /** How a fit ended: the penalty that was chosen, and the loss on the validation galaxies (NaN if there are none). */
    public record Result(double penalty, double validLoss) {}

    /**
     * @param valid may be empty: then the penalty is 0.1
     * @throws hoag.kernels.DataException if a picture cannot be read
     */
    public static Result fit(Backend backend, GalaxyModel model, Examples train, Examples valid, int batch, int threads, Progress progress) {
        float[] trainFeatures;
        float[] validFeatures;
        try (Predictor predictor = new Predictor(backend, model, batch, false)) {
            trainFeatures = features(predictor, train, threads, progress);
            validFeatures = features(predictor, valid, threads, progress);
        }
        Result best = null;
        float[] weight = null;
        float[] bias = null;
        var head = model.net().head().linear();
        float[] first = head.bias().values();
        for (double penalty : valid.size() == 0 ? new double[] {0.1} : PENALTIES) {
            head.bias().set(first);
            LinearFit.fit(backend, model.tasks(), trainFeatures, train.labels(), train.size(), penalty, head);
            double loss = valid.size() == 0 ? Double.NaN : LinearFit.loss(backend, model.tasks(), head, validFeatures, valid.labels(), valid.size());
            progress.say(String.format(Locale.ROOT, "penalty %-6s valid loss %.4f", penalty, loss));
            if (best == null || loss < best.validLoss) {
                best = new Result(penalty, loss);
                weight = head.weight().values();
                bias = head.bias().values();
            }
        }
        head.weight().set(weight);
        head.bias().set(bias);
        return best;
    }

    private static float[] features(Predictor predictor, Examples examples, int threads, Progress progress) {
        List<Predictor.Represented> all = predictor.represent(examples.images(), predictor.model().preprocess(), threads, true, failure -> {}, progress);
        int width = predictor.model().net().encoder().features();
        float[] features = new float[all.size() * width];
        for (int i = 0; i < all.size(); i++) {
            System.arraycopy(all.get(i).features(), 0, features, i * width, width);
        }
        return features;
    }
}
