package hoag.galaxy.learn;

import hoag.kernels.ConfigException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How galaxies are put before the model.
 *
 * @param accumulate batches whose gradients are averaged before the weights move, 1..1024
 * @param mixup alpha of mixup (Zhang et al. 2018): pictures and losses of two galaxies are mixed, the share drawn from Beta(alpha, alpha); 0: off
 * @param cutmix alpha of cutmix (Yun et al. 2019): a rectangle comes from another galaxy, losses count by area; with mixup each batch takes one of
 *     the two; 0: off
 * @param erase probability that a rectangle of 2% to 33% of a picture is blotted out (Zhong et al. 2020); 0: off
 * @param balanced every class is drawn equally often, rare galaxies several times in an epoch; by the first label of classes or yes and no
 */
public record Batches(int accumulate, double mixup, double cutmix, double erase, boolean balanced) {
    /** Nothing is mixed, every galaxy once in an epoch, a step for each batch. */
    public static final Batches PLAIN = new Batches(1, 0, 0, 0, false);

    private static final double MOST = 100;

    /** @throws ConfigException when a value is out of its range */
    public Batches {
        if (accumulate < 1 || accumulate > 1024) {
            throw new ConfigException("--accumulate " + accumulate + " is not allowed; it must be 1..1024");
        }
        check("--mixup", mixup, MOST);
        check("--cutmix", cutmix, MOST);
        check("--erase", erase, 1);
    }

    private static void check(String name, double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new ConfigException(name + " " + value + " is not allowed; it must be 0 (off) up to " + (long) most);
        }
    }

    /** The same with so many batches a step, {@link #accumulate}. */
    public Batches accumulate(int batches) {
        return new Batches(batches, mixup, cutmix, erase, balanced);
    }

    /** The same with {@link #mixup}. */
    public Batches mixup(double alpha) {
        return new Batches(accumulate, alpha, cutmix, erase, balanced);
    }

    /** The same with {@link #cutmix}. */
    public Batches cutmix(double alpha) {
        return new Batches(accumulate, mixup, alpha, erase, balanced);
    }

    /** The same with {@link #erase}. */
    public Batches erase(double probability) {
        return new Batches(accumulate, mixup, cutmix, probability, balanced);
    }

    /** The same, {@link #balanced} or not. */
    public Batches balanced(boolean balanced) {
        return new Batches(accumulate, mixup, cutmix, erase, balanced);
    }

    /** Whether two galaxies share a picture. */
    boolean mixes() {
        return mixup > 0 || cutmix > 0;
    }

    /** For the model file: what is not off. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        if (accumulate > 1) {
            map.put("accumulate", accumulate);
        }
        if (mixup > 0) {
            map.put("mixup", mixup);
        }
        if (cutmix > 0) {
            map.put("cutmix", cutmix);
        }
        if (erase > 0) {
            map.put("erase", erase);
        }
        if (balanced) {
            map.put("balanced", true);
        }
        return map;
    }
}
