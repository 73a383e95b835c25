package hoag.kernels.cpu;

import hoag.kernels.Machine;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The limits of this machine for some threads at once, in some 0.4 s: multiply-adds between registers, and the triad x = a * y + z (three
 * arrays of 8 MB for each thread, and three of 256 KB that stay in its cache; 12 bytes an element). Each thread counts its best stretch of
 * 1 ms while the others run; the best of three such rounds, for a host may take its cores away for a while.
 */
final class Peak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final long MEASURE = 40_000_000;
    private static final int ACCUMULATORS = 12;
    private static final int ROUNDS = 2000;
    private static final int FLOATS = 1 << 21;
    private static final int FEW = 1 << 16;
    private static final int STRETCH = 1 << 13;

    private static volatile float sink;

    private Peak() {}

    static Machine measure(int threads) {
        awaitCompiler(2.0 * ACCUMULATORS * LANES * 16, () -> spin(16));
        float[] few = new float[3 * FEW];
        awaitCompiler(2.0 * 16 * LANES, () -> triad(few, FEW, 0, 16 * LANES));
        double flops = together(
                threads,
                () -> best(() -> {
                    spin(ROUNDS);
                    return 2.0 * ACCUMULATORS * LANES * ROUNDS;
                }));
        return new Machine(flops, bandwidth(threads, FLOATS), bandwidth(threads, FEW), 12L * FEW * threads);
    }

    /** Bytes per nanosecond over three arrays of so many floats for each thread. */
    private static double bandwidth(int threads, int floats) {
        return together(threads, () -> {
            float[] arrays = new float[3 * floats];
            int[] at = {0};
            return best(() -> {
                triad(arrays, floats, at[0], at[0] + STRETCH);
                at[0] = (at[0] + STRETCH) % floats;
                return 12.0 * STRETCH;
            });
        });
    }

    private static void awaitCompiler(double flops, Runnable trial) {
        var hot = new CountDownLatch(1);
        Warmup.submit(flops, trial, hot::countDown);
        try {
            hot.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sum over threads that run at once, the best of some rounds. */
    private static double together(int threads, DoubleSupplier rate) {
        double best = 0;
        for (int round = 0; round < 3; round++) {
            best = Math.max(best, once(threads, rate));
        }
        return best;
    }

    private static double once(int threads, DoubleSupplier rate) {
        double[] rates = new double[threads];
        var team = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int mine = t;
            team[t] = Thread.ofPlatform().daemon().start(() -> rates[mine] = rate.getAsDouble());
        }
        try {
            for (Thread thread : team) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return java.util.Arrays.stream(rates).sum();
    }

    /** Units of work per nanosecond in the best stretch of 1 ms. */
    private static double best(DoubleSupplier work) {
        double best = 0;
        long begin = System.nanoTime();
        for (long start = begin, now = begin; now - begin < MEASURE; start = now) {
            double done = 0;
            for (; now - start < 1_000_000; now = System.nanoTime()) {
                done += work.getAsDouble();
            }
            best = Math.max(best, done / (now - start));
        }
        return best;
    }

    private static void spin(int n) {
        FloatVector a = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (int i = 0; i < n; i++) {
            c0 = c0.fma(a, a);
            c1 = c1.fma(a, a);
            c2 = c2.fma(a, a);
            c3 = c3.fma(a, a);
            c4 = c4.fma(a, a);
            c5 = c5.fma(a, a);
            c6 = c6.fma(a, a);
            c7 = c7.fma(a, a);
            c8 = c8.fma(a, a);
            c9 = c9.fma(a, a);
            c10 = c10.fma(a, a);
            c11 = c11.fma(a, a);
        }
        sink = c0.add(c1)
                .add(c2)
                .add(c3)
                .add(c4)
                .add(c5)
                .add(c6)
                .add(c7)
                .add(c8)
                .add(c9)
                .add(c10)
                .add(c11)
                .reduceLanes(VectorOperators.ADD);
    }

    private static void triad(float[] arrays, int floats, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector y = FloatVector.fromArray(SPECIES, arrays, floats + i);
            y.mul(0.5f)
                    .add(FloatVector.fromArray(SPECIES, arrays, 2 * floats + i))
                    .intoArray(arrays, i);
        }
    }
}
