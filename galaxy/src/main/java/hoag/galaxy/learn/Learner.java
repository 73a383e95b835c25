package hoag.galaxy.learn;

import hoag.engine.Gradients;
import hoag.engine.NotFinite;
import hoag.engine.Program;
import hoag.engine.Replicas;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.nn.Trace;
import hoag.engine.train.Accumulate;
import hoag.engine.train.Clip;
import hoag.engine.train.Optimizer;
import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Deferred;
import hoag.galaxy.image.Loader;
import hoag.galaxy.image.Transform;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trains the weights of a model, all that are not frozen. What happens in a step is a function of (seed, epoch, step), never of the clock or of threads, so a run that
 * was interrupted and resumed ends with the same bits as one that was not.
 */
public final class Learner implements AutoCloseable {
    /** More galaxies in a step are never chosen for somebody: the learning rate would have to follow. */
    private static final int MOST = 256;

    private final GalaxyModel model;
    private final Examples train;
    private final Examples valid;
    private final TrainSettings settings;
    private final List<Backend> sharing;
    private final int devices;
    private final int batch;
    private final int accumulate;
    private final int stepsPerEpoch;
    private final Deferred deferred;
    private final Transform augmented;
    private final int threads;
    private final Rates rates;
    private final Optimizer optimizer;
    private final Traced traced;
    private final Optional<Room> room;
    private final Workspace step;
    private final Workspace apply;
    private final Replicas replicas;
    private final Blend blend;
    private final int[] classes;
    private final Validation validation;
    private final Checkpoint checkpoint;
    private final Lost lost;
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
        this(backend, model, train, valid, settings, augment, checkpoint, threads, Lost.ENDS);
    }

    /**
     * The same, with a say in what becomes of pictures that go while it trains.
     *
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
            int threads,
            Lost lost) {
        this.lost = lost;
        if (train.size() == 0) {
            throw new DataException(
                    "no galaxy to train on: every row lacks a label or belongs to another part of the split");
        }
        this.model = model;
        this.train = train;
        this.valid = valid;
        this.settings = sized(backend, model, train, settings);
        sharing = Stream.concat(Stream.of(backend), backend.peers().stream()).toList();
        devices = sharing.size();
        this.checkpoint = checkpoint;
        this.threads = threads;
        batch = share(this.settings.batch(), train.size(), devices);
        accumulate = Math.min(settings.batches().accumulate(), train.size() / (batch * devices)) * devices;
        stepsPerEpoch = train.size() / (batch * accumulate);
        classes = settings.batches().balanced() ? classes(model.tasks(), train) : null;
        blend = new Blend(settings.batches(), model.preprocess(), settings.seed());
        deferred = deferred(backend, model, augment, settings);
        augmented = deferred == null ? augment.with(model.preprocess(), settings.seed()) : deferred;
        int total = settings.epochs() * stepsPerEpoch;
        rates = Rates.of(settings, total);
        optimizer = settings.rule().optimizer().make(settings.weightDecay());
        traced = trace(backend, model, settings, batch, accumulate, train.columns());
        checkpoint.watch(model, traced.state());
        room = Room.of(backend, batch, traced.programs());
        validation = valid.size() == 0 ? null : new Validation(backend, model, valid, batch, threads, lost);
        step = traced.program().workspace(validation);
        apply = traced.apply() == null ? null : traced.apply().workspace(step);
        replicas = devices == 1 ? null : replicas(backend);
        images = new float[deferred == null ? batch * augmented.length() : deferred.most(batch)];
        labels = new float[batch * train.columns()];
    }

    /** Views that devices compute; null where the host does: pictures that are mixed or blotted out afterwards, or not of three colours. */
    private static Deferred deferred(Backend backend, GalaxyModel model, Augment augment, TrainSettings settings) {
        return backend.samples()
                        && !settings.batches().mixes()
                        && settings.batches().erase() == 0
                ? augment.deferred(model.preprocess(), settings.seed())
                : null;
    }

    /** Galaxies that each device computes at once: together they are the batch. */
    private static int share(int batch, int galaxies, int devices) {
        if (batch % devices != 0) {
            throw new ConfigException("--batch " + batch + ": " + devices
                    + " devices cannot share it evenly; make it a multiple of " + devices);
        }
        int share = Math.min(batch, galaxies) / devices;
        if (share == 0) {
            throw new DataException(
                    galaxies + " galaxies to train on and " + devices + " devices; name fewer devices (--device cuda)");
        }
        return share;
    }

    private Replicas replicas(Backend backend) {
        try {
            var made = new Replicas(traced.program(), step, backend.peers());
            made.later().feed(Accumulate.CARRY, 1);
            return made;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * The settings with a number of galaxies where they say {@link Room#AUTO}: as many as a step of so many still fits for.
     *
     * @param train what there is to train on: no more than these
     */
    public static TrainSettings sized(Backend backend, GalaxyModel model, Examples train, TrainSettings settings) {
        if (settings.batch() != Room.AUTO) {
            return settings;
        }
        int devices = 1 + backend.peers().size();
        return settings.batch(devices
                * Room.choose(
                        backend,
                        Math.max(1, Math.min(MOST, train.size()) / devices),
                        batch -> trace(
                                        backend,
                                        model,
                                        settings,
                                        batch,
                                        Math.max(
                                                devices,
                                                Math.min(settings.batches().accumulate(), train.size() / batch)),
                                        train.columns())
                                .programs()));
    }

    /**
     * The step, and which part of the model made a node of it.
     *
     * @param apply moves the weights where the step only adds gradients up; else null
     * @param state of the optimizer
     */
    private record Traced(
            Program program, Program apply, Map<String, Variable> state, Function<Tensor, String> places) {
        Program[] programs() {
            return apply == null ? new Program[] {program} : new Program[] {program, apply};
        }
    }

    private static Traced trace(
            Backend backend, GalaxyModel model, TrainSettings settings, int batch, int accumulate, int columns) {
        int side = model.preprocess().size();
        Frozen frozen = Frozen.of(model, settings.mode());
        Optimizer optimizer = settings.rule().optimizer().make(settings.weightDecay());
        Trace trace = settings.norm() == TrainSettings.Norm.FROZEN ? Trace.sample() : Trace.train(frozen.variables());
        Tensor picture =
                Tensor.input("image", Shape.of(batch, model.preprocess().channels(), side, side));
        Tensor loss = loss(model.tasks(), model.net().apply(picture, trace), settings, batch, columns);
        List<Optimizer.Group> groups = Layering.of(model.net(), settings, frozen);
        var options = new Optimizer.Options(settings.clip(), settings.ema());
        Function<Tensor, String> places = trace.places(model.net());
        if (accumulate == 1) {
            var minimizer = optimizer.minimize(loss, groups, options);
            Map<String, Tensor> outputs = Map.of("loss", loss, "norm", minimizer.gradientNorm());
            return new Traced(
                    compiled(backend, outputs, both(minimizer.updates(), trace), settings),
                    null,
                    minimizer.state(),
                    places);
        }
        List<Tensor> gradients = Gradients.of(loss, Optimizer.nodes(groups));
        var sum = Accumulate.of(gradients, accumulate);
        var minimizer = optimizer.apply(sum.means(), groups, options);
        Map<String, Tensor> outputs = Map.of("loss", loss, "norm", Clip.norm(gradients, 2));
        return new Traced(
                compiled(backend, outputs, both(sum.updates(), trace), settings),
                Program.compile(backend, Map.of("norm", minimizer.gradientNorm()), minimizer.updates()),
                minimizer.state(),
                places);
    }

    private static Program compiled(
            Backend backend, Map<String, Tensor> outputs, List<Tensor> updates, TrainSettings settings) {
        return Program.compile(backend, outputs, updates, settings.recompute().policy());
    }

    private static List<Tensor> both(List<Tensor> updates, Trace trace) {
        List<Tensor> all = new ArrayList<>(updates);
        all.addAll(trace.updates());
        return all;
    }

    /** Where pictures are mixed, their labels' losses are mixed by the same share. */
    private static Tensor loss(List<Task> tasks, Tensor outputs, TrainSettings settings, int batch, int columns) {
        Tensor loss = Task.loss(tasks, outputs, Tensor.input("label", Shape.of(batch, columns)));
        if (!settings.batches().mixes()) {
            return loss;
        }
        Tensor other = Task.loss(tasks, outputs, Tensor.input("other label", Shape.of(batch, columns)));
        Tensor share = Tensor.input("share", Shape.SCALAR);
        return loss.mul(share).add(other.map(Expr.in(0).times(Expr.of(1).minus(Expr.in(1))), share));
    }

    private static int[] classes(List<Task> tasks, Examples train) {
        int[] classes = Draw.classes(tasks, train);
        if (classes == null) {
            throw new ConfigException("--balanced wants a label of classes, or of yes and no; there is none");
        }
        return classes;
    }

    /** How a run ended. */
    public record Result(int epochs, double validLoss, boolean finished) {}

    /** Trains to the end, to early stopping, or until the progress says to stop; resumes where the checkpoint stands. */
    public Result fit(Progress progress) {
        room.ifPresent(size -> progress.say(size.toString()));
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
        int epoch = at.epoch();
        int[] rows = rows(epoch, at.step() * batch * accumulate, stepsPerEpoch * batch * accumulate);
        Transform views = Shuffle.inEpoch(augmented, epoch);
        try (Loader loader = new Loader(
                        train.images(),
                        views,
                        ignored -> rows,
                        new Loader.Settings(batch, 1, threads, 2, false),
                        failure -> lost.picture(train.ids().get(failure.row()), epoch + 1, failure.error()),
                        this::other);
                Ahead batches = new Ahead(loader, deferred, sharing, images)) {
            double sum = 0;
            int part = 0;
            for (Ahead.Ready next = next(batches, now);
                    next != null && (part > 0 || !progress.stopping());
                    next = next(batches, now)) {
                feed(next, now, part);
                for (double loss : computed(next.batch(), now, part++)) {
                    sum += loss;
                }
                if (part == accumulate) {
                    move(now);
                    now = now.after(sum / accumulate);
                    sum = part = 0;
                    progress.at(
                            "epoch " + (epoch + 1) + "/" + settings.epochs(),
                            (long) now.step() * batch * accumulate,
                            (long) stepsPerEpoch * batch * accumulate,
                            String.format(Locale.ROOT, "loss %.4f", now.lossSum() / now.step()));
                }
            }
        }
        return now;
    }

    /** The next galaxy of the list, of the same class where classes are drawn. */
    private int other(int row) {
        int next = (row + 1) % train.size();
        while (classes != null && classes[next] != classes[row]) {
            next = (next + 1) % train.size();
        }
        return next;
    }

    /** Where pictures can no longer be read and their loss ends the run, that costs nothing of it. */
    private Ahead.Ready next(Ahead batches, Position at) {
        try {
            Ahead.Ready next = batches.next();
            if (next != null && next.batch().count() < batch) {
                throw new DataException("none of many pictures can be read any more");
            }
            return next;
        } catch (DataException e) {
            throw saved(at, e);
        }
    }

    private DataException saved(Position at, DataException e) {
        checkpoint.save(at);
        return new DataException(
                e.getMessage() + "; epoch " + (at.epoch() + 1) + " is saved up to step " + at.step()
                        + ": mend what is missing, and the same command goes on from here",
                e);
    }

    private int[] rows(int epoch, int from, int to) {
        return classes == null
                ? Shuffle.rows(train.size(), settings.seed(), epoch, from, to)
                : Shuffle.balanced(classes, settings.seed(), epoch, from, to);
    }

    private long number(Position at) {
        return (long) at.epoch() * stepsPerEpoch + at.step();
    }

    /** Feeds a batch to the device whose turn it is. */
    private void feed(Ahead.Ready ready, Position at, int part) {
        Loader.Batch next = ready.batch();
        Workspace step = replicas == null ? this.step : replicas.at(part % devices);
        for (int i = 0; i < batch; i++) {
            train.labels(next.rows()[i], labels, i * train.columns());
        }
        step.feed("label", labels);
        if (deferred != null) {
            step.feed("image", ready.pictures());
        } else {
            blended(step, next, number(at) * accumulate + part);
        }
        if (apply == null) {
            feed(step, at);
        } else if (step == this.step) {
            step.feed(Accumulate.CARRY, part == 0 ? 0 : 1);
        }
    }

    private void blended(Workspace step, Loader.Batch next, long number) {
        System.arraycopy(next.images(), 0, images, 0, images.length);
        float share = (float) blend.apply(images, batch, number);
        step.feed("image", images);
        if (settings.batches().mixes()) {
            step.feed("other label", partners()).feed("share", share);
        }
    }

    /**
     * Runs what was fed, when every device has its batch; where a step has but one, the weights move too.
     *
     * @return the losses; none while devices wait for theirs
     */
    private double[] computed(Loader.Batch next, Position at, int part) {
        long number = number(at) * accumulate + part;
        if (replicas == null) {
            if (!step.runIfFinite(settings.seed(), number, "loss", "norm")) {
                throw new DataException(
                        notFinite(step, traced.program().check(step, traced.places()), at, "galaxies " + names(next)));
            }
            return new double[] {step.scalar("loss")};
        }
        if (part % devices < devices - 1) {
            return new double[0];
        }
        replicas.runIfFinite(settings.seed(), number - devices + 1, "loss", "norm")
                .ifPresent(device -> {
                    throw new DataException(notFinite(
                            replicas.at(device),
                            replicas.check(device, traced.places()),
                            at,
                            "the galaxies of device " + (device + 1) + " of " + devices));
                });
        return IntStream.range(0, devices)
                .mapToDouble(device -> replicas.at(device).scalar("loss"))
                .toArray();
    }

    private float[] partners() {
        float[] others = new float[labels.length];
        for (int i = 0; i < batch; i++) {
            System.arraycopy(
                    labels, Blend.partner(i, batch) * train.columns(), others, i * train.columns(), train.columns());
        }
        return others;
    }

    private void feed(Workspace to, Position at) {
        long number = number(at);
        to.feed(Optimizer.RATE, (float) rates.rate(number, at.losses()));
        optimizer.feed(number + 1, (name, value) -> to.feed(name, (float) value));
    }

    /** Where a step has several batches: moves the weights by the mean of their gradients. */
    private void move(Position at) {
        if (apply != null) {
            feed(apply, at);
            apply.run(settings.seed(), number(at));
        }
    }

    /** The step that went wrong has changed no weight, so running it again node by node finds where. */
    private String notFinite(Workspace step, Optional<NotFinite> where, Position at, String galaxies) {
        double loss = step.scalar("loss");
        String what =
                Double.isFinite(loss) ? "norm of the gradient became " + step.scalar("norm") : "loss became " + loss;
        String first = where.map(found -> "the first that is not finite is " + found)
                .orElse("node by node everything is finite");
        return "the " + what + " in epoch " + (at.epoch() + 1) + ", step " + (at.step() + 1) + ", " + galaxies + "; "
                + first + "; the last good weights are kept; try a lower --rate";
    }

    private String names(Loader.Batch next) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Math.min(4, next.count()); i++) {
            names.add(train.ids().get(next.rows()[i]));
        }
        return String.join(", ", names) + (next.count() > 4 ? ", ..." : "");
    }

    private double validLoss(Position at, Progress progress) {
        try {
            return validation.loss(at.epoch() + 1, progress);
        } catch (DataException e) {
            checkpoint.swapAverages();
            throw saved(at, e);
        }
    }

    private Position close(Position at, double seconds, int steps, Progress progress) {
        double trainLoss = at.lossSum() / at.step();
        double validLoss = Double.NaN;
        boolean better = validation == null;
        if (validation != null) {
            checkpoint.swapAverages();
            validLoss = validLoss(at, progress);
            better = validLoss < at.best();
            if (better) {
                checkpoint.saveBest();
            }
            checkpoint.keep(at.losses(), validLoss);
            checkpoint.swapAverages();
        }
        List<Double> losses = new ArrayList<>(at.losses());
        losses.add(validation == null ? trainLoss : validLoss);
        Position next =
                new Position(at.epoch() + 1, 0, 0, better ? validLoss : at.best(), better ? 0 : at.worse() + 1, losses);
        double speed = steps * batch * accumulate / seconds;
        double rate = rates.rate((double) (at.epoch() + 1) * stepsPerEpoch - 1, at.losses());
        double accuracy = validation == null ? Double.NaN : validation.accuracy();
        checkpoint.row(next.epoch(), seconds, speed, rate, trainLoss, validLoss, accuracy);
        checkpoint.save(next);
        progress.say(String.format(
                Locale.ROOT,
                "epoch %d/%d  train loss %.4f  valid loss %s%s  %.0f img/s",
                next.epoch(),
                settings.epochs(),
                trainLoss,
                validation == null ? "-" : String.format(Locale.ROOT, "%.4f", validLoss),
                validation != null && better ? " (best)" : "",
                speed));
        return next;
    }

    @Override
    public void close() {
        if (replicas != null) {
            replicas.close();
        }
        step.close();
        if (apply != null) {
            apply.close();
        }
        if (validation != null) {
            validation.close();
        }
    }
}
