package hoag.galaxy.learn;

import hoag.kernels.ConfigException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model learns. What a group holds can be asked for and changed here as well: {@code TrainSettings.DEFAULT.epochs(5).rate(2e-3)}.
 *
 * @param descent how far a step goes
 * @param rule how weights move, and how the rate falls
 * @param trained which weights move
 * @param stopping when it is over
 * @param batch galaxies in a step, or {@link Room#AUTO}
 * @param batches how galaxies are put before the model
 * @param recompute whether activations are kept for the gradients or made again; the weights are the same to the bit
 * @param seed of weights, order, augmentation and dropout
 */
public record TrainSettings(
        Descent descent,
        Rule rule,
        Trained trained,
        Stopping stopping,
        int batch,
        Batches batches,
        Remaking recompute,
        long seed) {

    /** What BatchNorm goes by while weights are trained. */
    public enum Norm {
        /** Each batch's own mean and variance; the running ones follow. For training from the start. */
        BATCH,
        /** The running mean and variance that the model came with, which stay. For finetuning on few galaxies. */
        FROZEN
    }

    /** 20 epochs of 32 galaxies a step, rate 1e-3, weight decay 0.05, a tenth of the steps to warm up, clipped at 1, patience of 8 epochs, everything trained, seed 42. */
    public static final TrainSettings DEFAULT = new TrainSettings(
            Descent.USUAL, Rule.USUAL, Trained.ALL, Stopping.USUAL, 32, Batches.PLAIN, Remaking.LARGE, 42);

    /** @throws ConfigException naming the value and its range when one is out of it */
    public TrainSettings {
        check("batch", batch, batch == Room.AUTO || batch >= 1 && batch <= 65536, "1..65536, or auto");
    }

    static void check(String name, double value, boolean good, String range) {
        if (!good) {
            throw new ConfigException(
                    name + " " + (value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value))
                            + " is not allowed; it must be " + range);
        }
    }

    /** The same with another {@link #descent}. */
    public TrainSettings descent(Descent descent) {
        return new TrainSettings(descent, rule, trained, stopping, batch, batches, recompute, seed);
    }

    /** The same with another {@link #rule}. */
    public TrainSettings rule(Rule rule) {
        return new TrainSettings(descent, rule, trained, stopping, batch, batches, recompute, seed);
    }

    /** The same with another {@link #trained}. */
    public TrainSettings trained(Trained trained) {
        return new TrainSettings(descent, rule, trained, stopping, batch, batches, recompute, seed);
    }

    /** The same with another {@link #stopping}. */
    public TrainSettings stopping(Stopping stopping) {
        return new TrainSettings(descent, rule, trained, stopping, batch, batches, recompute, seed);
    }

    /** The same with another {@link #batch}. */
    public TrainSettings batch(int batch) {
        return new TrainSettings(descent, rule, trained, stopping, batch, batches, recompute, seed);
    }

    /** The same with another {@link #batches}. */
    public TrainSettings batches(Batches batches) {
        return new TrainSettings(descent, rule, trained, stopping, batch, batches, recompute, seed);
    }

    /** The same with another {@link #recompute}. */
    public TrainSettings recompute(Remaking recompute) {
        return new TrainSettings(descent, rule, trained, stopping, batch, batches, recompute, seed);
    }

    /** The same with another {@link #seed}. */
    public TrainSettings seed(long seed) {
        return new TrainSettings(descent, rule, trained, stopping, batch, batches, recompute, seed);
    }

    /** {@link Stopping#epochs}. */
    public int epochs() {
        return stopping.epochs();
    }

    /** The same with another {@link Stopping#epochs}. */
    public TrainSettings epochs(int epochs) {
        return stopping(stopping.epochs(epochs));
    }

    /** {@link Stopping#patience}. */
    public int patience() {
        return stopping.patience();
    }

    /** The same with another {@link Stopping#patience}. */
    public TrainSettings patience(int patience) {
        return stopping(stopping.patience(patience));
    }

    /** {@link Descent#rate}. */
    public double rate() {
        return descent.rate();
    }

    /** The same with another {@link Descent#rate}. */
    public TrainSettings rate(double rate) {
        return descent(descent.rate(rate));
    }

    /** {@link Descent#weightDecay}. */
    public double weightDecay() {
        return descent.weightDecay();
    }

    /** The same with another {@link Descent#weightDecay}. */
    public TrainSettings weightDecay(double weightDecay) {
        return descent(descent.weightDecay(weightDecay));
    }

    /** {@link Descent#warmup}. */
    public double warmup() {
        return descent.warmup();
    }

    /** The same with another {@link Descent#warmup}. */
    public TrainSettings warmup(double warmup) {
        return descent(descent.warmup(warmup));
    }

    /** {@link Descent#clip}. */
    public double clip() {
        return descent.clip();
    }

    /** The same with another {@link Descent#clip}. */
    public TrainSettings clip(double clip) {
        return descent(descent.clip(clip));
    }

    /** {@link Descent#ema}. */
    public double ema() {
        return descent.ema();
    }

    /** The same with another {@link Descent#ema}. */
    public TrainSettings ema(double ema) {
        return descent(descent.ema(ema));
    }

    /** {@link Trained#mode}. */
    public Mode mode() {
        return trained.mode();
    }

    /** The same with another {@link Trained#mode}. */
    public TrainSettings mode(Mode mode) {
        return trained(trained.mode(mode));
    }

    /** {@link Trained#norm}. */
    public Norm norm() {
        return trained.norm();
    }

    /** The same with another {@link Trained#norm}. */
    public TrainSettings norm(Norm norm) {
        return trained(trained.norm(norm));
    }

    /** {@link Trained#layerDecay}. */
    public double layerDecay() {
        return trained.layerDecay();
    }

    /** The same with another {@link Trained#layerDecay}. */
    public TrainSettings layerDecay(double layerDecay) {
        return trained(trained.layerDecay(layerDecay));
    }

    /** All that the weights depend on: what differs in memory alone is said alike. */
    public String fingerprint() {
        return recompute(Remaking.LARGE).toString();
    }

    /** For the model file. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("epochs", epochs());
        map.put("batch", batch == Room.AUTO ? "auto" : batch);
        map.put("rate", rate());
        map.put("weight_decay", weightDecay());
        map.put("warmup", warmup());
        map.put("clip", clip());
        map.put("ema", ema());
        map.put("patience", patience());
        map.put("layer_decay", layerDecay());
        map.put("mode", mode().text());
        if (!mode().freeze().isEmpty()) {
            map.put("freeze", mode().freeze());
        }
        map.put("norm", norm().name().toLowerCase(java.util.Locale.ROOT));
        map.put("seed", seed);
        map.putAll(rule.toMap());
        map.putAll(batches.toMap());
        return map;
    }
}
