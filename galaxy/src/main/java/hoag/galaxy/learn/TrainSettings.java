package hoag.galaxy.learn;

import hoag.kernels.ConfigException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model learns.
 *
 * @param epochs passes over the training galaxies, at most
 * @param batch galaxies in a step, or {@link Room#AUTO}
 * @param rate highest learning rate
 * @param weightDecay as the optimizer has it: decoupled for AdamW, Lion and LAMB, else part of the gradient
 * @param warmup share of the steps over which the rate rises from near 0
 * @param clip largest global gradient norm; 0 for no clipping
 * @param ema decay of the moving average of weights that is validated and kept; 0 for none
 * @param patience epochs without a better validation loss before it stops; 0 never stops early
 * @param layerDecay factor of the learning rate from each group of layers to the one below it (1: none)
 * @param mode what is trained
 * @param norm what BatchNorm goes by while weights are trained
 * @param seed of weights, order, augmentation and dropout
 * @param rule how weights move, and how the rate falls
 * @param batches how galaxies are put before the model
 */
public record TrainSettings(
        int epochs,
        int batch,
        double rate,
        double weightDecay,
        double warmup,
        double clip,
        double ema,
        int patience,
        double layerDecay,
        Mode mode,
        Norm norm,
        long seed,
        Rule rule,
        Batches batches) {

    /** What BatchNorm goes by while weights are trained. */
    public enum Norm {
        /** Each batch's own mean and variance; the running ones follow. For training from the start. */
        BATCH,
        /** The running mean and variance that the model came with, which stay. For finetuning on few galaxies. */
        FROZEN
    }

    /** 20 epochs of 32 galaxies a step, rate 1e-3, weight decay 0.05, a tenth of the steps to warm up, clipped at 1, patience of 8 epochs, everything trained, seed 42. */
    public static final TrainSettings DEFAULT = new TrainSettings(
            20, 32, 1e-3, 0.05, 0.1, 1, 0, 8, 1, Mode.FULL, Norm.BATCH, 42, Rule.USUAL, Batches.PLAIN);

    /** With AdamW and a cosine. */
    public TrainSettings(
            int epochs,
            int batch,
            double rate,
            double weightDecay,
            double warmup,
            double clip,
            double ema,
            int patience,
            double layerDecay,
            Mode mode,
            Norm norm,
            long seed) {
        this(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                Rule.USUAL,
                Batches.PLAIN);
    }

    /** @throws ConfigException naming the value and its range when one is out of it */
    public TrainSettings {
        check("epochs", epochs, epochs >= 1, "1 or more");
        check("batch", batch, batch == Room.AUTO || batch >= 1 && batch <= 65536, "1..65536, or auto");
        check("learning rate", rate, rate > 0 && Double.isFinite(rate), "above 0");
        check("weight decay", weightDecay, weightDecay >= 0 && Double.isFinite(weightDecay), "0 or more");
        check("warm-up", warmup, warmup >= 0 && warmup < 1, "0 <= share < 1");
        check("clip", clip, clip >= 0, "0 (off) or more");
        check("ema", ema, ema >= 0 && ema < 1, "0 (off) <= decay < 1");
        check("patience", patience, patience >= 0, "0 (off) or more");
        check("layer decay", layerDecay, layerDecay > 0 && layerDecay <= 1, "0 < decay <= 1");
    }

    private static void check(String name, double value, boolean good, String range) {
        if (!good) {
            throw new ConfigException(
                    name + " " + (value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value))
                            + " is not allowed; it must be " + range);
        }
    }

    /** The same with another {@link #epochs}. */
    public TrainSettings epochs(int epochs) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #batch}. */
    public TrainSettings batch(int batch) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #rate}. */
    public TrainSettings rate(double rate) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #weightDecay}. */
    public TrainSettings weightDecay(double weightDecay) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #warmup}. */
    public TrainSettings warmup(double warmup) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #clip}. */
    public TrainSettings clip(double clip) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #ema}. */
    public TrainSettings ema(double ema) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #patience}. */
    public TrainSettings patience(int patience) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #layerDecay}. */
    public TrainSettings layerDecay(double layerDecay) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #norm}. */
    public TrainSettings norm(Norm norm) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #mode}. */
    public TrainSettings mode(Mode mode) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #seed}. */
    public TrainSettings seed(long seed) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with another {@link #rule}. */
    public TrainSettings rule(Rule rule) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** The same with other {@link #batches}. */
    public TrainSettings batches(Batches batches) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                layerDecay,
                mode,
                norm,
                seed,
                rule,
                batches);
    }

    /** For the model file. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("epochs", epochs);
        map.put("batch", batch == Room.AUTO ? "auto" : batch);
        map.put("rate", rate);
        map.put("weight_decay", weightDecay);
        map.put("warmup", warmup);
        map.put("clip", clip);
        map.put("ema", ema);
        map.put("patience", patience);
        map.put("layer_decay", layerDecay);
        map.put("mode", mode.text());
        if (!mode.freeze().isEmpty()) {
            map.put("freeze", mode.freeze());
        }
        map.put("norm", norm.name().toLowerCase(java.util.Locale.ROOT));
        map.put("seed", seed);
        map.putAll(rule.toMap());
        map.putAll(batches.toMap());
        return map;
    }
}
