package hoag.galaxy.learn;

import hoag.engine.train.Plateau;
import hoag.engine.train.Schedule;
import java.util.List;

/**
 * The learning rate of a step, a function of its number and of the losses of the epochs before: a run that goes on gets the same.
 *
 * @param plateau null where the losses do not count
 */
record Rates(Schedule schedule, Plateau plateau) {
    private static final double START = 1e-2;
    private static final double LOW = 1e-3;
    private static final double FALL = 0.1;
    private static final int STAIRS = 3;
    private static final int PATIENCE = 5;
    private static final double THRESHOLD = 1e-4;

    /** @param total steps of the whole run */
    static Rates of(TrainSettings settings, int total) {
        double rate = settings.rate();
        double warmup = Math.round(settings.warmup() * total);
        return switch (settings.rule().schedule()) {
            case COSINE -> new Rates(new Schedule.Cosine(rate, rate * LOW, rate * START, warmup, total), null);
            case STEP -> new Rates(rising(rate, warmup, stairs(settings, rate, total)), null);
            case CONSTANT -> new Rates(rising(rate, warmup, new Schedule.Constant(rate)), null);
            case PLATEAU ->
                new Rates(
                        rising(rate, warmup, new Schedule.Constant(rate)),
                        new Plateau(rate, FALL, PATIENCE, THRESHOLD, rate * LOW));
        };
    }

    private static Schedule stairs(TrainSettings settings, double rate, int total) {
        int epochs = settings.rule().stepEpochs();
        double every = epochs == 0 ? (double) total / STAIRS : (double) total / settings.epochs() * epochs;
        return new Schedule.Stairs(rate, every, settings.rule().stepFactor());
    }

    private static Schedule rising(double rate, double warmup, Schedule then) {
        return new Schedule.WarmUp(rate, rate * START, warmup, false, then);
    }

    /** @param losses one for each epoch before */
    double rate(double step, List<Double> losses) {
        double rate = schedule.rate(step);
        return plateau == null
                ? rate
                : Math.min(
                        rate,
                        plateau.rate(
                                losses.stream().mapToDouble(Double::doubleValue).toArray()));
    }
}
