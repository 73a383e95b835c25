package hoag.galaxy.learn;

/**
 * How far a step goes.
 *
 * @param rate highest learning rate
 * @param weightDecay as the optimizer has it: decoupled for AdamW, Lion and LAMB, else part of the gradient
 * @param warmup share of the steps over which the rate rises from near 0
 * @param clip largest global gradient norm; 0 for no clipping
 * @param ema decay of the moving average of weights that is validated and kept; 0 for none
 */
public record Descent(double rate, double weightDecay, double warmup, double clip, double ema) {
    /** Rate 1e-3, weight decay 0.05, a tenth of the steps to warm up, clipped at 1. */
    public static final Descent USUAL = new Descent(1e-3, 0.05, 0.1, 1, 0);

    /** @throws hoag.kernels.ConfigException naming the value and its range when one is out of it */
    public Descent {
        TrainSettings.check("learning rate", rate, rate > 0 && Double.isFinite(rate), "above 0");
        TrainSettings.check("weight decay", weightDecay, weightDecay >= 0 && Double.isFinite(weightDecay), "0 or more");
        TrainSettings.check("warm-up", warmup, warmup >= 0 && warmup < 1, "0 <= share < 1");
        TrainSettings.check("clip", clip, clip >= 0, "0 (off) or more");
        TrainSettings.check("ema", ema, ema >= 0 && ema < 1, "0 (off) <= decay < 1");
    }

    Descent rate(double rate) {
        return new Descent(rate, weightDecay, warmup, clip, ema);
    }

    Descent weightDecay(double weightDecay) {
        return new Descent(rate, weightDecay, warmup, clip, ema);
    }

    Descent warmup(double warmup) {
        return new Descent(rate, weightDecay, warmup, clip, ema);
    }

    Descent clip(double clip) {
        return new Descent(rate, weightDecay, warmup, clip, ema);
    }

    Descent ema(double ema) {
        return new Descent(rate, weightDecay, warmup, clip, ema);
    }
}
