package hoag.kernels.cpu;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Gets vector kernels compiled before they are used. Until C2 has compiled it, a method of Vector API calls runs at 0.03 to 1 GFLOP/s, and one
 * prediction would take a minute; so a kernel comes with a plain twin that C1 does well, its user starts with the twin, and one thread
 * here calls the vector kernel on a few numbers until it is fast, then says so. The two give the same bits.
 *
 * <p>Measured on a Xeon of the Sapphire Rapids class: with short calls (8 steps of k) and small kernels first, 30 to 80 ms for each tile;
 * with calls of 64 steps and a large kernel first 700 ms, since the Vector API's own methods then wait in the queue behind it.
 */
final class Warmup {
    /** A kernel that does this many GFLOP/s has been compiled: nothing else comes near. */
    private static final double HOT = 4;

    private static final int IN_A_ROW = 3;
    /** Where a busy machine keeps C2 waiting, others come first, and then this one again. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private static final int TRIES = 10;

    /** @param trial one short call, {@code flops} multiplications and additions */
    private record Candidate(double flops, Runnable trial, Runnable whenHot, int tries) {}

    /** When vector kernels take over from their twins. */
    private enum Take {
        HOT,
        /** At once, compiled or not. */
        FIRST,
        NEVER
    }

    /** For tests, by {@code -Dhoag.vectors=first} and {@code never}: what else depends on the moment is either the kernels or their twins. */
    private static final Take TAKE = switch (System.getProperty("hoag.vectors", "")) {
        case "first" -> Take.FIRST;
        case "never" -> Take.NEVER;
        default -> Take.HOT;
    };

    private static final Queue<Candidate> WAITING = new ArrayDeque<>();
    private static Thread thread;

    private Warmup() {}

    /** Calls {@code trial} in the background until it is fast, then {@code whenHot}; never, if it stays slow for 10 times 10 s (no C2 in this JVM). */
    static void submit(double flops, Runnable trial, Runnable whenHot) {
        switch (TAKE) {
            case HOT -> queue(flops, trial, whenHot);
            case FIRST -> whenHot.run();
            case NEVER -> {}
        }
    }

    private static synchronized void queue(double flops, Runnable trial, Runnable whenHot) {
        WAITING.add(new Candidate(flops, trial, whenHot, 1));
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("hoag-warmup").start(Warmup::work);
        }
    }

    /** Whether plain twins need not have earned their vectors. */
    static boolean atOnce() {
        return TAKE == Take.FIRST;
    }

    /** Whether something submitted is not yet hot. */
    static synchronized boolean busy() {
        return thread != null;
    }

    private static void work() {
        for (Candidate next = next(); next != null; next = next()) {
            if (becomesHot(next)) {
                next.whenHot.run();
            } else if (next.tries < TRIES) {
                again(next);
            }
        }
    }

    private static synchronized void again(Candidate slow) {
        WAITING.add(new Candidate(slow.flops, slow.trial, slow.whenHot, slow.tries + 1));
    }

    private static synchronized Candidate next() {
        Candidate next = WAITING.poll();
        if (next == null) {
            thread = null;
        }
        return next;
    }

    private static boolean becomesHot(Candidate candidate) {
        long begin = System.nanoTime();
        int fast = 0;
        while (fast < IN_A_ROW) {
            long start = System.nanoTime();
            candidate.trial.run();
            long end = System.nanoTime();
            fast = candidate.flops > HOT * (end - start) ? fast + 1 : 0;
            if (end - begin > PATIENCE) {
                return false;
            }
        }
        return true;
    }
}
