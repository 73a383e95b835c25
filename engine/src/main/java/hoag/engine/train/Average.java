package hoag.engine.train;

import hoag.kernels.ConfigException;

/**
 * A moving average of the weights, kept beside them: average = d average + (1 - d) weight after each step, with the decay d of that step.
 * Names and formulas are timm's (ModelEmaV3); its step counts from 0, {@link #decay} from 1.
 */
public sealed interface Average {
    /** No average. */
    Average NONE = new None();

    /** The factor of the old average at step 1, 2, ... */
    double decay(long step);

    /** No average is kept. */
    record None() implements Average {
        @Override
        public double decay(long step) {
            return 0;
        }
    }

    /** One decay from the first step on: the average starts at the weights as they are before it. */
    record Constant(double decay) implements Average {
        /** Checks that every value is in its range. */
        public Constant {
            checked(decay, 0);
        }

        @Override
        public double decay(long step) {
            return decay;
        }
    }

    /** The weights themselves for the first {@code after + 2} steps, then one decay. */
    record Delayed(double decay, long after) implements Average {
        /** Checks that every value is in its range. */
        public Delayed {
            checked(decay, after);
        }

        @Override
        public double decay(long step) {
            return counted(step, after) == 0 ? 0 : decay;
        }
    }

    /** As {@link Delayed}, with a decay of 1 - (1 + t / gamma)^-power between {@code low} and {@code decay}, t counted from the delay's end. */
    record Rising(double decay, long after, double gamma, double power, double low) implements Average {
        /** Checks that every value is in its range. */
        public Rising {
            checked(decay, after);
            if (!(gamma > 0 && power > 0 && low >= 0 && low <= decay)) {
                throw new ConfigException("average of weights: gamma " + gamma + " and power " + power
                        + " must be above 0, low " + low + " in 0 <= low <= decay " + decay);
            }
        }

        /** timm's defaults: gamma 1, power 2/3, no lower bound. */
        public Rising(double decay) {
            this(decay, 0, 1, 2.0 / 3, 0);
        }

        @Override
        public double decay(long step) {
            long t = counted(step, after);
            return t == 0 ? 0 : Math.max(low, Math.min(decay, 1 - Math.pow(1 + t / gamma, -power)));
        }
    }

    private static long counted(long step, long after) {
        return Math.max(0, step - after - 2);
    }

    private static void checked(double decay, long after) {
        if (!(decay >= 0 && decay < 1 && after >= 0)) {
            throw new ConfigException(
                    "average of weights: decay " + decay + " must be in 0 <= decay < 1, after " + after + " 0 or more");
        }
    }
}
