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

/**
 * Fits the head of a model to frozen representations; the penalty is chosen on the validation galaxies. Seconds, not minutes. A probe does the same
 * to convergence, over a wider range of penalties, and may see each galaxy in several views.
 */
public final class HeadFit {
    private static final double[] PENALTIES = {3, 1, 0.3, 0.1, 0.03, 0.01};

    private static final double UNJUDGED = 0.1;

    /** What few galaxies may want that the strongest penalty of the list is too weak for. */
    private static final double[] STRONGER = {10, 30, 100, 300, 1000};

    private static final double[] PROBED = {10, 3, 1, 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4};

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
        return fit(backend, model, train, valid, batch, Probe.ONE, false, threads, progress);
    }

    /** The same to convergence, see {@link Mode#PROBE}. */
    public static Result probe(
            Backend backend,
            GalaxyModel model,
            Examples train,
            Examples valid,
            int batch,
            Probe probe,
            int threads,
            Progress progress) {
        return fit(backend, model, train, valid, batch, probe, true, threads, progress);
    }

    private static Result fit(
            Backend backend,
            GalaxyModel model,
            Examples train,
            Examples valid,
            int batch,
            Probe probe,
            boolean converge,
            int threads,
            Progress progress) {
        float[] trainFeatures;
        float[] validFeatures;
        try (Predictor predictor = new Predictor(backend, model, batch, false)) {
            trainFeatures = Representations.of(predictor, train, probe, threads, progress);
            validFeatures = Representations.of(predictor, valid, probe.views(1), threads, progress);
        }
        return fit(backend, model, train, trainFeatures, valid, validFeatures, converge, progress);
    }

    /** Fits to representations that are there: of one view of each validation galaxy, of one or more of each training galaxy. */
    public static Result fit(
            Backend backend,
            GalaxyModel model,
            Examples train,
            float[] trainFeatures,
            Examples valid,
            float[] validFeatures,
            boolean converge,
            Progress progress) {
        int width = model.net().encoder().features();
        int views = trainFeatures.length / width / train.size();
        double sum = 0;
        Map<String, Double> penalties = new LinkedHashMap<>();
        int label = 0;
        for (int i = 0; i < model.tasks().size(); i++) {
            Task task = model.tasks().get(i);
            var data = new Data(
                    backend,
                    task,
                    trainFeatures,
                    Representations.repeated(column(train, label, task), views),
                    validFeatures,
                    column(valid, label, task),
                    train.size() * views,
                    valid.size());
            int row = Task.offsets(model.tasks())[i];
            Linear head = model.net().head().linear();
            Result fitted = converge ? converged(data, head, row, progress) : fit(data, head, row, progress);
            penalties.putAll(fitted.penalties);
            sum += fitted.validLoss;
            label += task.labelColumns().size();
        }
        return new Result(penalties, sum);
    }

    private record Data(
            Backend backend,
            Task task,
            float[] trainFeatures,
            float[] trainLabels,
            float[] validFeatures,
            float[] validLabels,
            int train,
            int valid) {
        /** Without a galaxy that has this label there is nothing to choose by: one penalty, no loss. */
        double[] penalties(double[] tried) {
            return judged() ? tried : new double[] {UNJUDGED};
        }

        double validLoss(Linear part) {
            return judged()
                    ? LinearFit.loss(backend, List.of(task), part, validFeatures, validLabels, valid)
                    : Double.NaN;
        }

        private boolean judged() {
            return Labels.known(List.of(task), validLabels, valid).length > 0;
        }
    }

    /** Solves for a penalty and writes into the layer; says how. */
    private interface Solver extends AutoCloseable {
        String solve(double penalty, Linear head);

        @Override
        default void close() {}
    }

    /** From strong to weak penalties, each fit beginning where the last ended. */
    private static Result converged(Data data, Linear head, int row, Progress progress) {
        try (Solver solver = solver(data, rows(head, row, data.task.width()))) {
            return new Search(data, solver, head, row, progress).best(PROBED);
        }
    }

    private static Result fit(Data data, Linear head, int row, Progress progress) {
        Solver solver = (penalty, part) -> {
            LinearFit.fit(
                    data.backend, List.of(data.task), data.trainFeatures, data.trainLabels, data.train, penalty, part);
            return "";
        };
        return new Search(data, solver, head, row, progress).best(PENALTIES);
    }

    private record Tried(double penalty, double loss, Linear part) {}

    /** The outputs of one task are rows of the layer that no other task shares: each finds its own penalty. */
    private record Search(Data data, Solver solver, Linear head, int row, Progress progress) {
        /** Of penalties from strong to weak; where the strongest does best, still stronger ones are tried. */
        Result best(double[] penalties) {
            Tried best = valley(data.penalties(penalties), 2, null);
            if (data.judged() && best.penalty == penalties[0]) {
                best = valley(
                        Arrays.stream(STRONGER).filter(p -> p > penalties[0]).toArray(), 1, best);
            }
            copy(best.part, head, row);
            return new Result(Map.of(data.task.name(), best.penalty), best.loss);
        }

        /** The loss has one valley: it ends when so many penalties in turn were no better than the best, or than the one before. */
        private Tried valley(double[] penalties, int patience, Tried before) {
            Tried best = before;
            int worse = 0;
            for (double penalty : penalties) {
                Tried next = attempt(penalty);
                if (best == null || next.loss < best.loss) {
                    best = next;
                    worse = 0;
                } else if (++worse == patience) {
                    break;
                }
            }
            return best;
        }

        private Tried attempt(double penalty) {
            Linear part = rows(head, row, data.task.width());
            String how = solver.solve(penalty, part);
            double loss = data.validLoss(part);
            progress.say(String.format(
                            Locale.ROOT,
                            "%s: penalty %-6s valid loss %s  %s",
                            data.task.name(),
                            penalty,
                            text(loss),
                            how)
                    .stripTrailing());
            return new Tried(penalty, loss, part);
        }
    }

    private static Solver solver(Data data, Linear start) {
        return data.task instanceof Task.Number number
                ? closed(number, data)
                : iterated(new LinearFit(
                        data.backend, List.of(data.task), data.trainFeatures, data.trainLabels, data.train, start));
    }

    private static Solver iterated(LinearFit problem) {
        return new Solver() {
            @Override
            public String solve(double penalty, Linear head) {
                LinearFit.Fit fit = problem.solve(penalty, true, head);
                return String.format(Locale.ROOT, "(%d steps, gradient %.0e)", fit.iterations(), fit.slope());
            }

            @Override
            public void close() {
                problem.close();
            }
        };
    }

    private static Solver closed(Task.Number task, Data data) {
        Standard standard = new Standard(data.trainFeatures, data.train);
        double[] targets = new double[data.train];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = (data.trainLabels[i] - task.mean()) / task.deviation();
        }
        Ridge ridge = new Ridge(standard.values(), targets);
        return (penalty, head) -> {
            ridge.solve(penalty, head);
            standard.unfold(head.weight().values(), head.bias().values(), head);
            return "(closed form)";
        };
    }

    private static String text(double loss) {
        return Double.isNaN(loss) ? "-" : String.format(Locale.ROOT, "%.4f", loss);
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
}
