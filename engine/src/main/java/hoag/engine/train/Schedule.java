package hoag.engine.train;

import hoag.kernels.ConfigException;

/** The learning rate by step (or epoch), 0, 1, 2, ...; see {@link Plateau} for one that follows the losses. */
public sealed interface Schedule {
    /** The learning rate of a step, from 0. */
    double rate(double step);

    /** The same rate always. */
    record Constant(double rate) implements Schedule {
        @Override
        public double rate(double step) {
            return rate;
        }
    }

    /**
     * Half a cosine from {@code rate} to {@code low} over {@code length} steps, after a linear rise from {@code start} over {@code warmup}
     * steps that are part of the length (Loshchilov and Hutter 2017; timm's prefix off).
     */
    record Cosine(double rate, double low, double start, double warmup, double length) implements Schedule {
        /** Checks that every value is in its range. */
        public Cosine {
            if (!(rate > 0 && low >= 0 && warmup >= 0 && length > 0)) {
                throw new ConfigException("cosine schedule: rate " + rate + " and length " + length
                        + " must be above 0, low " + low + " and warmup " + warmup + " 0 or more");
            }
        }

        @Override
        public double rate(double step) {
            if (step < warmup) {
                return start + (rate - start) * step / warmup;
            }
            return step >= length ? low : low + (rate - low) / 2 * (1 + Math.cos(Math.PI * step / length));
        }
    }

    /**
     * A linear rise from {@code start} to {@code rate} over {@code steps}, then another schedule.
     *
     * @param before if true, the other schedule begins when the rise has ended; if false, the rise hides its first steps (timm's prefix)
     */
    record WarmUp(double rate, double start, double steps, boolean before, Schedule then) implements Schedule {
        /** Checks that every value is in its range. */
        public WarmUp {
            if (!(steps >= 0 && start >= 0)) {
                throw new ConfigException("warm-up: steps " + steps + " and start " + start + " must be 0 or more");
            }
        }

        @Override
        public double rate(double step) {
            return step < steps ? start + (rate - start) * step / steps : then.rate(before ? step - steps : step);
        }
    }

    /**
     * Half cosines that begin again (Loshchilov and Hutter 2017), as timm's CosineLRScheduler: cycle i is {@code length * stretch^i} steps long
     * and falls from {@code rate * decay^i}; after {@code cycles} of them the rate is {@code low}.
     *
     * @param power of the fraction of the cycle that has passed (timm's k_decay): above 1 the fall begins later
     */
    record Cycles(double rate, double low, double length, double stretch, double decay, int cycles, double power)
            implements Schedule {
        /** Checks that every value is in its range. */
        public Cycles {
            if (!(rate > 0 && low >= 0 && length > 0 && stretch >= 1 && decay > 0 && cycles > 0 && power > 0)) {
                throw new ConfigException("cosine cycles: rate " + rate + ", length " + length + ", decay " + decay
                        + ", cycles " + cycles + " and power " + power + " must be above 0, low " + low
                        + " 0 or more, stretch " + stretch + " 1 or more");
            }
        }

        @Override
        public double rate(double step) {
            double begin = 0;
            double now = length;
            for (int cycle = 0; cycle < cycles; cycle++) {
                if (step < begin + now) {
                    return within(Math.pow(decay, cycle) * rate, Math.pow((step - begin) / now, power));
                }
                begin += now;
                now *= stretch;
            }
            return low;
        }

        private double within(double top, double passed) {
            return low + (top - low) / 2 * (1 + Math.cos(Math.PI * passed));
        }
    }

    /** A whole cosine that swings between {@code rate} and {@code low}, down in {@code length} steps and up again (PyTorch's CosineAnnealingLR). */
    record CosineAnnealing(double rate, double low, double length) implements Schedule {
        /** @throws ConfigException when {@code length} is not above 0 */
        public CosineAnnealing {
            positive("cosine annealing: length", length);
        }

        @Override
        public double rate(double step) {
            return low + (rate - low) / 2 * (1 + Math.cos(Math.PI * step / length));
        }
    }

    /** Times {@code factor} after every {@code every} steps (StepLR of PyTorch and timm). */
    record Stairs(double rate, double every, double factor) implements Schedule {
        /** @throws ConfigException when {@code every} or {@code factor} is not above 0 */
        public Stairs {
            positive("stairs: every", every);
            positive("stairs: factor", factor);
        }

        @Override
        public double rate(double step) {
            return rate * Math.pow(factor, Math.floor(step / every));
        }
    }

    /** Times {@code factor} each step (PyTorch's ExponentialLR). */
    record Exponential(double rate, double factor) implements Schedule {
        /** @throws ConfigException when {@code factor} is not above 0 */
        public Exponential {
            positive("exponential: factor", factor);
        }

        @Override
        public double rate(double step) {
            return rate * Math.pow(factor, step);
        }
    }

    /** A straight line from {@code from * rate} to {@code to * rate} over {@code length} steps, then level (PyTorch's LinearLR). */
    record Linear(double rate, double from, double to, double length) implements Schedule {
        /** @throws ConfigException when {@code length} is not above 0 */
        public Linear {
            positive("linear: length", length);
        }

        @Override
        public double rate(double step) {
            return rate * (from + (to - from) * Math.min(step, length) / length);
        }
    }

    /**
     * Half a cosine from {@code rate / divisor} up to {@code rate}, then one down to {@code rate / divisor / finalDivisor} (Smith 2018), as
     * PyTorch's OneCycleLR with two phases; {@code rising} is the share of the {@code length} that the first takes.
     */
    record OneCycle(double rate, double length, double rising, double divisor, double finalDivisor)
            implements Schedule {
        /** Checks that every value is in its range. */
        public OneCycle {
            if (!(length > 1 && rising > 0 && rising < 1 && divisor > 0 && finalDivisor > 0)) {
                throw new ConfigException("one cycle: length " + length + " must be above 1, rising " + rising
                        + " in 0 < rising < 1, divisors " + divisor + " and " + finalDivisor + " above 0");
            }
        }

        /** PyTorch's defaults: 30% rising, divisors 25 and 10,000. */
        public OneCycle(double rate, double length) {
            this(rate, length, 0.3, 25, 1e4);
        }

        @Override
        public double rate(double step) {
            double start = rate / divisor;
            double top = rising * length - 1;
            return step <= top
                    ? eased(start, rate, step / top)
                    : eased(rate, start / finalDivisor, Math.min(1, (step - top) / (length - 1 - top)));
        }

        private static double eased(double from, double to, double passed) {
            return to + (from - to) / 2 * (1 + Math.cos(Math.PI * passed));
        }
    }

    private static void positive(String what, double value) {
        if (!(value > 0)) {
            throw new ConfigException(what + " " + value + " must be above 0");
        }
    }
}
