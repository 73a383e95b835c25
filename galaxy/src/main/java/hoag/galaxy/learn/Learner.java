package hoag.galaxy.learn;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import hoag.engine.train.Optimizer;
import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Loader;
import hoag.galaxy.image.Transform;
import hoag.kernels.Backend;
import hoag.kernels.DataException;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Trains the weights of a model, all that are not frozen. What happens in a step is a function of (seed, epoch, step), never of the clock or of threads, so a run that
 * was interrupted and resumed ends with the same bits as one that was not.
 */
public final class Learner implements AutoCloseable {
    private final GalaxyModel model;
    private final Examples train;
    private final Examples valid;
    private final TrainSettings settings;
    private final int batch;
    private final int stepsPerEpoch;
    private final Transform augmented;
    private final int threads;
    private final Rates rates;
    private final Optimizer optimizer;
    private final Frozen frozen;
    private final Traced traced;
    private final Workspace step;
    private final Validation validation;
    private final Checkpoint checkpoint;
    private final float[] images;
    private final float[] labels;

    /** How far a run came; {@code losses}: one for each epoch that is over, of validation where there is some. */
    record Position(int epoch, int step, double lossSum, double best, int worse, List<Double> losses) {
        Position {
            losses = List.copyOf(losses);
        }

        static final Position START = new Position(0, 0, 0, Double.POSITIVE_INFINITY, 0, List.of());

        Position after(double loss) {
            return new Position(epoch, step + 1, lossSum + loss, best, worse, losses);
        }
    }

    /**
     * @param valid galaxies that decide when to stop and which weights to keep; may be empty: then the last are kept
     * @param checkpoint where the run is kept
     * @throws DataException if there is nothing to train on
     */
    public Learner(
            Backend backend,
            GalaxyModel model,
            Examples train,
            Examples valid,
            TrainSettings settings,
            Augment augment,
            Checkpoint checkpoint,
            int threads) {
        if (train.size() == 0) {
            throw new DataException(
                    "no galaxy to train on: every row lacks a label or belongs to another part of the split");
        }
        this.model = model;
        this.train = train;
        this.valid = valid;
        this.settings = settings;
        this.checkpoint = checkpoint;
        this.threads = threads;
        batch = Math.min(settings.batch(), train.size());
        stepsPerEpoch = train.size() / batch;
        augmented = augment.with(model.preprocess(), settings.seed());
        int total = settings.epochs() * stepsPerEpoch;
        rates = Rates.of(settings, total);
        optimizer = settings.rule().optimizer().make(settings.weightDecay());
        frozen = Frozen.of(model, settings.mode());
        traced = trace(backend);
        validation = valid.size() == 0 ? null : new Validation(backend, model, valid, batch, threads);
        step = traced.program().workspace(validation);
        images = new float[batch * augmented.length()];
        labels = new float[batch * train.columns()];
    }

    /** The step, and which part of the model made a node of it. */
    private record Traced(Program program, Function<Tensor, String> places) {}

    private Traced trace(Backend backend) {
        int side = model.preprocess().size();
        Trace trace = settings.norm() == TrainSettings.Norm.FROZEN ? Trace.sample() : Trace.train(frozen.variables());
        Tensor picture =
                Tensor.input("image", Shape.of(batch, model.preprocess().channels(), side, side));
        Tensor label = Tensor.input("label", Shape.of(batch, train.columns()));
        Tensor loss = Task.loss(model.tasks(), model.net().apply(picture, trace), label);
        var minimizer = optimizer.minimize(loss, groups(), new Optimizer.Options(settings.clip(), settings.ema()));
        checkpoint.watch(model, minimizer.state());
        List<Tensor> updates = new ArrayList<>(minimizer.updates());
        updates.addAll(trace.updates());
        return new Traced(
                Program.compile(backend, Map.of("loss", loss, "norm", minimizer.gradientNorm()), updates),
                trace.places(model.net()));
    }

    /** Layer decay: the head learns at the full rate, each group of the backbone below it at the rate of the one above times the factor. Vectors, tokens and positions do not decay. */
    private List<Optimizer.Group> groups() {
        var backbone = model.net().encoder();
        int count = backbone.groups().size();
        List<Optimizer.Group> groups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Variable> weights = new LinkedHashMap<>();
            int number = i;
            Modules.parameters(backbone).forEach((key, variable) -> {
                if (backbone.group(key) == number && frozen.moves(variable)) {
                    weights.put("encoder." + key, variable);
                }
            });
            add(groups, weights, Math.pow(settings.layerDecay(), count - i));
        }
        Map<String, Variable> head = new LinkedHashMap<>();
        Modules.parameters(model.net().head()).forEach((key, variable) -> {
            if (frozen.moves(variable)) {
                head.put("head." + key, variable);
            }
        });
        add(groups, head, 1);
        return groups;
    }

    private void add(List<Optimizer.Group> groups, Map<String, Variable> weights, double rateScale) {
        Map<String, Variable> matrices = new LinkedHashMap<>(weights);
        matrices.entrySet().removeIf(weight -> !LayerDecay.decays(weight.getKey(), weight.getValue()));
        Map<String, Variable> vectors = new LinkedHashMap<>(weights);
        vectors.keySet().removeAll(matrices.keySet());
        groups.add(new Optimizer.Group(matrices, rateScale, settings.weightDecay()));
        groups.add(new Optimizer.Group(vectors, rateScale, 0));
    }

    /** How a run ended. */
    public record Result(int epochs, double validLoss, boolean finished) {}

    /** Trains to the end, to early stopping, or until the progress says to stop; resumes where the checkpoint stands. */
    public Result fit(Progress progress) {
        Position at = checkpoint.resume();
        if (at.epoch() > 0 || at.step() > 0) {
            progress.say(
                    "resuming at epoch " + (at.epoch() + 1) + ", step " + (at.step() + 1) + " of " + stepsPerEpoch);
        }
        while (at.epoch() < settings.epochs() && !(settings.patience() > 0 && at.worse() >= settings.patience())) {
            long began = System.nanoTime();
            int first = at.step();
            at = epoch(at, progress);
            if (at.step() < stepsPerEpoch) {
                checkpoint.save(at);
                progress.say("stopped in epoch " + (at.epoch() + 1) + " after step " + at.step()
                        + "; saved, the same command goes on from here");
                return new Result(at.epoch(), at.best(), false);
            }
            at = close(at, (System.nanoTime() - began) / 1e9, stepsPerEpoch - first, progress);
        }
        if (valid.size() == 0) {
            checkpoint.swapAverages();
            checkpoint.saveBest();
            checkpoint.swapAverages();
        }
        return new Result(at.epoch(), at.best(), true);
    }

    private Position epoch(Position at, Progress progress) {
        Position now = at;
        int from = at.step() * batch;
        int[] rows = Shuffle.rows(train.size(), settings.seed(), at.epoch(), from, stepsPerEpoch * batch);
        int epoch = at.epoch();
        Transform views = Shuffle.inEpoch(augmented, epoch);
        try (Loader loader = new Loader(
                train.images(),
                views,
                ignored -> rows,
                new Loader.Settings(batch, 1, threads, 2, true),
                failure -> {})) {
            for (Loader.Batch next = loader.next(); next != null && !progress.stopping(); next = loader.next()) {
                double loss = step(next, now);
                now = now.after(loss);
                progress.at(
                        "epoch " + (epoch + 1) + "/" + settings.epochs(),
                        (long) now.step() * batch,
                        (long) stepsPerEpoch * batch,
                        String.format(Locale.ROOT, "loss %.4f", now.lossSum() / now.step()));
            }
        }
        return now;
    }

    private double step(Loader.Batch next, Position at) {
        for (int i = 0; i < batch; i++) {
            train.labels(next.rows()[i], labels, i * train.columns());
        }
        System.arraycopy(next.images(), 0, images, 0, images.length);
        long number = (long) at.epoch() * stepsPerEpoch + at.step();
        step.feed("image", images).feed("label", labels).feed(Optimizer.RATE, (float) rates.rate(number, at.losses()));
        optimizer.feed(number + 1, (name, value) -> step.feed(name, (float) value));
        if (!step.runIfFinite(settings.seed(), number, "loss", "norm")) {
            throw new DataException(notFinite(next, at));
        }
        return step.scalar("loss");
    }

    /** The step that went wrong has changed no weight, so running it again node by node finds where. */
    private String notFinite(Loader.Batch next, Position at) {
        double loss = step.scalar("loss");
        String what =
                Double.isFinite(loss) ? "norm of the gradient became " + step.scalar("norm") : "loss became " + loss;
        String first = traced.program()
                .check(step, traced.places())
                .map(found -> "the first that is not finite is " + found)
                .orElse("node by node everything is finite");
        return "the " + what + " in epoch " + (at.epoch() + 1) + ", step " + (at.step() + 1) + ", galaxies "
                + names(next) + "; " + first + "; the last good weights are kept; try a lower --rate";
    }

    private String names(Loader.Batch next) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Math.min(4, next.count()); i++) {
            names.add(train.ids().get(next.rows()[i]));
        }
        return String.join(", ", names) + (next.count() > 4 ? ", ..." : "");
    }

    private Position close(Position at, double seconds, int steps, Progress progress) {
        double trainLoss = at.lossSum() / at.step();
        double validLoss = Double.NaN;
        boolean better = validation == null;
        if (validation != null) {
            checkpoint.swapAverages();
            validLoss = validation.loss(progress);
            better = validLoss < at.best();
            if (better) {
                checkpoint.saveBest();
            }
            checkpoint.swapAverages();
        }
        List<Double> losses = new ArrayList<>(at.losses());
        losses.add(validation == null ? trainLoss : validLoss);
        Position next =
                new Position(at.epoch() + 1, 0, 0, better ? validLoss : at.best(), better ? 0 : at.worse() + 1, losses);
        double rate = rates.rate((double) (at.epoch() + 1) * stepsPerEpoch - 1, at.losses());
        checkpoint.row(next.epoch(), seconds, steps * batch / seconds, rate, trainLoss, validLoss);
        checkpoint.save(next);
        progress.say(String.format(
                Locale.ROOT,
                "epoch %d/%d  train loss %.4f  valid loss %s%s  %.0f img/s",
                next.epoch(),
                settings.epochs(),
                trainLoss,
                validation == null ? "-" : String.format(Locale.ROOT, "%.4f", validLoss),
                validation != null && better ? " (best)" : "",
                steps * batch / seconds));
        return next;
    }

    @Override
    public void close() {
        step.close();
        if (validation != null) {
            validation.close();
        }
    }
}
