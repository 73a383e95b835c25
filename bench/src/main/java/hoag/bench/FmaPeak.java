package hoag.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What the multiply-add units of this machine do when nothing but registers is touched. */
final class FmaPeak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int ROUNDS = 1_000_000;
    private static volatile float sink;

    private FmaPeak() {}

    /** GFLOP/s of this many threads at once; best of some 0.3 s. */
    static double measure(int threads) throws InterruptedException {
        double best = 0;
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            var team = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                team[t] = Thread.ofPlatform().start(() -> spin(ROUNDS));
            }
            for (Thread thread : team) {
                thread.join();
            }
            best = Math.max(best, threads * (double) ROUNDS * 24 * SPECIES.length() / (System.nanoTime() - start));
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
}
