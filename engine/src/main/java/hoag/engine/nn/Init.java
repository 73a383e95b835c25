package hoag.engine.nn;

import hoag.engine.Variable;
import hoag.kernels.Shape;
import hoag.kernels.Uniform;
import java.util.stream.IntStream;

/** First values of weights: a seeded generator from which each variable draws in the order of construction. */
public final class Init {
    private final long seed;
    private final boolean draws;
    private long variables;

    /** A source of first weights: the same seed and names give the same numbers. */
    public Init(long seed) {
        this(seed, true);
    }

    private Init(long seed, boolean draws) {
        this.seed = seed;
        this.draws = draws;
    }

    /** Zeros instead of draws, for weights that are about to be read from a file. */
    public static Init zeros() {
        return new Init(0, false);
    }

    private long key() {
        return Uniform.key(seed, variables++, 0x696e6974);
    }

    /** Normal with mean 0 (Box-Muller). */
    public Variable normal(String name, Shape shape, double standardDeviation) {
        if (!draws) {
            return Variable.parameter(name, shape);
        }
        long key = key();
        float[] values = new float[shape.size()];
        IntStream.range(0, values.length).parallel().forEach(i -> {
            double radius = Math.sqrt(-2 * Math.log(1 - Uniform.at(key, 2L * i)));
            values[i] = (float) (standardDeviation * radius * Math.cos(2 * Math.PI * Uniform.at(key, 2L * i + 1)));
        });
        return Variable.parameter(name, shape).set(values);
    }

    /** Numbers between two bounds. */
    public Variable uniform(String name, Shape shape, double low, double high) {
        if (!draws) {
            return Variable.parameter(name, shape);
        }
        long key = key();
        float[] values = new float[shape.size()];
        IntStream.range(0, values.length)
                .parallel()
                .forEach(i -> values[i] = (float) (low + (high - low) * Uniform.at(key, i)));
        return Variable.parameter(name, shape).set(values);
    }

    /** The same number everywhere. */
    public Variable constant(String name, Shape shape, double value) {
        float[] values = new float[shape.size()];
        java.util.Arrays.fill(values, (float) value);
        return Variable.parameter(name, shape).set(values);
    }

    /** State that is not trained. */
    public Variable buffer(String name, Shape shape, double value) {
        float[] values = new float[shape.size()];
        java.util.Arrays.fill(values, (float) value);
        return Variable.buffer(name, shape).set(values);
    }
}
