package hoag.galaxy.learn;

import hoag.engine.Workspace;
import hoag.engine.train.Optimizer;
import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Loader;
import hoag.kernels.Backend;
import hoag.kernels.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Trains the weights of a model, all that are not frozen. What happens in a step is a function of (seed, epoch, step), never of the clock or of threads, so a run that
 * was interrupted and resumed ends with the same bits as one that was not.
 */
public final class Learner implements AutoCloseable {
    /** More galaxies in a step are never chosen for somebody: the learning rate would have to follow. */
    private static final int MOST = 256;

    private final Examples train;
    private final Examples valid;
    private final TrainSettings settings;
    private final int batch;
    private final int accumulate;
    private final int stepsPerEpoch;
    private final Rates rates;
    private final Optimizer optimizer;
    private final Optional<Room> room;
    private final Sharing sharing;
    private final Feed feed;
    private final Validation validation;
    private final Checkpoint checkpoint;
    private String latest = "";

    /**
     * How far a run came.
     *
     * @param best validation loss of the model that is kept, perhaps of that before the first epoch
     * @param worse epochs since the best of them
     * @param losses one for each epoch that is over, of validation where there is some
     */
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
        if (train.size() == 0) {
            throw new DataException(
                    "no galaxy to train on: every row lacks a label or belongs to another part of the split");
        }
        this.train = train;
        this.valid = valid;
        this.settings = sized(backend, model, train, settings);
        this.checkpoint = checkpoint;
        List<Backend> devices = Sharing.devices(backend);
        batch = Sharing.share(this.settings.batch(), train.size(), devices.size());
        accumulate =
                Math.min(settings.batches().accumulate(), train.size() / (batch * devices.size())) * devices.size();
        stepsPerEpoch = train.size() / (batch * accumulate);
        feed = new Feed(devices, model, train, settings, augment, batch, threads, lost);
        rates = Rates.of(settings, settings.epochs() * stepsPerEpoch);
        optimizer = settings.rule().optimizer().make(settings.weightDecay());
        Step step = Step.of(backend, model, settings, batch, accumulate, train.columns());
        checkpoint.watch(model, step.state());
        room = Room.of(backend, batch, step.programs());
        validation = valid.size() == 0 ? null : new Validation(backend, model, valid, batch, threads, lost);
        sharing = shared(step, devices);
    }

    private Sharing shared(Step step, List<Backend> devices) {
        try {
            return new Sharing(step, devices);
        } catch (RuntimeException | Error e) {
            closeValidation();
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
                        batch -> Step.of(
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

    /** How a run ended. */
    public record Result(int epochs, double validLoss, boolean finished) {}

    /** Trains to the end, to early stopping, or until the progress says to stop; resumes where the checkpoint stands. */
    public Result fit(Progress progress) {
        return fit(progress, false);
    }

    /**
     * The same.
     *
     * @param able whether the model answers already: then it stays the best until an epoch is better on the validation galaxies
     */
    public Result fit(Progress progress, boolean able) {
        room.ifPresent(size -> progress.say(size.toString()));
        Position at = checkpoint.resume();
        if (able && validation != null && at.epoch() == 0 && at.step() == 0) {
            at = begin(progress);
        }
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

    private Position begin(Progress progress) {
        double loss = validation.loss(1, progress);
        checkpoint.saveBest();
        progress.say(String.format(Locale.ROOT, "before the first epoch: valid loss %.4f", loss));
        return new Position(0, 0, 0, Double.isFinite(loss) ? loss : Double.POSITIVE_INFINITY, 0, List.of());
    }

    private Position epoch(Position at, Progress progress) {
        Position now = at;
        int epoch = at.epoch();
        try (Ahead batches = feed.open(epoch, at.step() * batch * accumulate, stepsPerEpoch * batch * accumulate)) {
            double sum = 0;
            int part = 0;
            for (Ahead.Ready next = next(batches, now);
                    next != null && (part > 0 || !progress.stopping());
                    next = next(batches, now)) {
                for (double loss : computed(next, now, part++)) {
                    sum += loss;
                }
                if (part == accumulate) {
                    latest = now.step() + 1 < stepsPerEpoch ? "" : names(next.batch());
                    sharing.move(settings.seed(), number(now), optimizer(now));
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

    private long number(Position at) {
        return (long) at.epoch() * stepsPerEpoch + at.step();
    }

    /**
     * Feeds a batch to the device whose turn it is, and computes once every device has one.
     *
     * @return the losses; none while devices wait for theirs
     */
    private double[] computed(Ahead.Ready next, Position at, int part) {
        long number = number(at) * accumulate + part;
        feed.feed(sharing.at(part), next, number);
        sharing.begin(part, optimizer(at));
        if (!sharing.ready(part)) {
            return new double[0];
        }
        sharing.run(settings.seed(), number).ifPresent(wrong -> {
            throw new DataException(notFinite(wrong, at, next.batch()));
        });
        return sharing.losses();
    }

    private Consumer<Workspace> optimizer(Position at) {
        long number = number(at);
        return to -> {
            to.feed(Optimizer.RATE, (float) rates.rate(number, at.losses()));
            optimizer.feed(number + 1, (name, value) -> to.feed(name, (float) value));
        };
    }

    private String notFinite(Sharing.Wrong wrong, Position at, Loader.Batch last) {
        String galaxies = sharing.count() == 1
                ? "galaxies " + names(last)
                : "the galaxies of device " + (wrong.device() + 1) + " of " + sharing.count();
        return "the " + wrong.what() + " in epoch " + (at.epoch() + 1) + ", step " + (at.step() + 1) + ", " + galaxies
                + "; " + wrong.first() + "; the last good weights are kept; try a lower --rate";
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
            if (!Double.isFinite(validLoss)) {
                String largest = checkpoint.largest();
                checkpoint.swapAverages();
                throw new DataException("the loss of validation became " + validLoss + " after epoch "
                        + (at.epoch() + 1) + ", whose last step was that of galaxies " + latest + "; " + largest
                        + "; the last good weights are kept; try a lower --rate");
            }
            better = validLoss < at.best();
            if (better) {
                checkpoint.saveBest();
            }
            checkpoint.keep(at.losses(), validLoss);
            checkpoint.swapAverages();
        }
        List<Double> losses = new ArrayList<>(at.losses());
        losses.add(validation == null ? trainLoss : validLoss);
        boolean hopeful = better || at.losses().stream().allMatch(earlier -> losses.getLast() < earlier);
        Position next = new Position(
                at.epoch() + 1, 0, 0, better ? validLoss : at.best(), hopeful ? 0 : at.worse() + 1, losses);
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
        sharing.close();
        closeValidation();
    }

    private void closeValidation() {
        if (validation != null) {
            validation.close();
        }
    }
}
