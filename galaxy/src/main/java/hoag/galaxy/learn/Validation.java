package hoag.galaxy.learn;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.kernels.Backend;
import hoag.kernels.DataException;
import hoag.kernels.Shape;
import java.util.List;
import java.util.Map;

/** The loss of a model on a set of galaxies, without dropout or augmentation. */
final class Validation implements AutoCloseable {
    private final Backend backend;
    private final Examples all;
    private final Predictor predictor;
    private final int threads;
    private final Lost lost;
    private Examples judged;
    private Workspace loss;
    private float[] outputs;

    Validation(Backend backend, GalaxyModel model, Examples examples, int batch, int threads, Lost lost) {
        this.backend = backend;
        this.all = examples;
        this.threads = threads;
        this.lost = lost;
        predictor = new Predictor(backend, model, Math.min(batch, examples.size()), false);
        judge(examples);
    }

    private void judge(Examples examples) {
        if (loss != null) {
            loss.close();
        }
        int n = examples.size();
        GalaxyModel model = predictor.model();
        Tensor out = Tensor.input("outputs", Shape.of(n, model.width()));
        Tensor labels = Tensor.input("labels", Shape.of(n, examples.columns()));
        Program program = Program.compile(backend, Map.of("loss", Task.loss(model.tasks(), out, labels)));
        loss = program.workspace(predictor);
        loss.feed("labels", examples.labels());
        outputs = new float[n * model.width()];
        judged = examples;
    }

    /** Of the galaxies whose pictures can be read; usually all. */
    double loss(int epoch, Progress progress) {
        int width = predictor.model().width();
        int side = predictor.batch();
        var seen = predictor.represent(
                all.images(),
                predictor.model().preprocess(),
                threads,
                false,
                failure -> lost.picture(all.ids().get(failure.row()), epoch, failure.error()),
                new Progress() {
                    @Override
                    public void at(String what, long done, long total, String note) {
                        progress.at("validating", done, total, "");
                    }
                });
        if (seen.isEmpty()) {
            throw new DataException("no picture of the galaxies to validate on can be read any more");
        }
        Examples there =
                all.rows(seen.stream().mapToInt(Predictor.Represented::row).toArray());
        if (!there.ids().equals(judged.ids())) {
            judge(there);
        }
        int features = seen.getFirst().features().length;
        float[] block = new float[side * features];
        for (int from = 0; from < seen.size(); from += side) {
            int count = Math.min(side, seen.size() - from);
            for (int i = 0; i < count; i++) {
                System.arraycopy(seen.get(from + i).features(), 0, block, i * features, features);
            }
            System.arraycopy(predictor.outputs(block), 0, outputs, from * width, count * width);
        }
        return loss.feed("outputs", outputs).run().scalar("loss");
    }

    /** Share of right answers to the first task that has classes, or yes and no, by what {@link #loss} last saw; NaN where there is none. */
    double accuracy() {
        List<Task> tasks = predictor.model().tasks();
        int[] truth = Draw.classes(tasks, judged);
        if (truth == null) {
            return Double.NaN;
        }
        int first = 0;
        while (!(tasks.get(first) instanceof Task.Classes || tasks.get(first) instanceof Task.Flag)) {
            first++;
        }
        int from = Task.offsets(tasks)[first];
        int known = 0;
        int right = 0;
        for (int i = 0; i < truth.length; i++) {
            known += truth[i] >= 0 ? 1 : 0;
            right += truth[i] >= 0 && said(i, from, tasks.get(first).width()) == truth[i] ? 1 : 0;
        }
        return known == 0 ? Double.NaN : (double) right / known;
    }

    private int said(int row, int from, int width) {
        int at = row * predictor.model().width() + from;
        if (width == 1) {
            return outputs[at] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int k = 1; k < width; k++) {
            best = outputs[at + k] > outputs[at + best] ? k : best;
        }
        return best;
    }

    @Override
    public void close() {
        predictor.close();
        loss.close();
    }
}
