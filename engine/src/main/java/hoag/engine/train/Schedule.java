package hoag.engine.train;

import hoag.kernels.ConfigException;

/** The learning rate by step (or epoch), 0, 1, 2, ... */
public sealed interface Schedule {
    double rate(double step);

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
}
