package hoag.kernels.cpu;

import hoag.kernels.DeviceException;
import hoag.kernels.Work;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Persistent threads that spin while a program runs and park after it. The caller is worker 0. A run takes tasks from a shared counter;
 * what a task computes does not depend on who takes it. If two threads run programs at once, the second works alone, without the pool.
 *
 * <p>Handing work to a spinning thread costs about 0.2 us, to a parked one 26 us (AMD Zen 4); hence the spinning between launches.
 */
final class Workers implements AutoCloseable {
    /** Spins before a worker parks: some 50 us of waiting for the next run. */
    private static final int SPINS = 20_000;

    /** Spins before a waiting thread yields: some 0.1 ms, longer than the phases of a small launch differ. */
    private static final int PATIENCE = 4_000;

    private final Thread[] threads;
    private final int patience;
    private final ReentrantLock pool = new ReentrantLock();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger working = new AtomicInteger();
    private Work work;
    private int phase;
    private int tasks;
    private volatile int turn;
    private volatile boolean running;
    private volatile boolean closed;
    private volatile Throwable failure;

    Workers(int count) {
        patience = count > Runtime.getRuntime().availableProcessors() ? 50 : PATIENCE;
        threads = new Thread[count - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] =
                    Thread.ofPlatform().daemon().name("hoag-worker-" + worker).unstarted(() -> serve(worker));
        }
    }

    int count() {
        return threads.length + 1;
    }

    void run(List<Work> works) {
        if (closed) {
            throw new DeviceException("cpu: this device was closed; open it again");
        }
        if (threads.length == 0 || !pool.tryLock()) {
            alone(works);
            return;
        }
        try {
            running = true;
            wake();
            for (int i = 0; i < works.size(); i++) {
                Work each = works.get(i);
                for (int p = 0, phases = each.phases(); p < phases; p++) {
                    together(each, p);
                }
            }
        } finally {
            running = false;
            pool.unlock();
        }
    }

    /** Threads start with the first run: a backend that only answers questions costs none. */
    private void wake() {
        for (Thread thread : threads) {
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
            LockSupport.unpark(thread);
        }
    }

    private static void alone(List<Work> works) {
        for (int i = 0; i < works.size(); i++) {
            Work each = works.get(i);
            for (int p = 0, phases = each.phases(); p < phases; p++) {
                for (int task = 0, n = each.tasks(p); task < n; task++) {
                    each.run(p, task, 0);
                }
            }
        }
    }

    private void together(Work each, int p) {
        int n = each.tasks(p);
        if (n <= 1) {
            if (n == 1) {
                each.run(p, 0, 0);
            }
            return;
        }
        work = each;
        phase = p;
        tasks = n;
        next.setRelease(0);
        working.setRelease(threads.length);
        turn++; // publishes the fields above
        Throwable mine = null;
        try {
            take(0);
        } catch (Throwable e) {
            mine = e;
            next.set(n);
        }
        for (int waited = 0; working.getAcquire() != 0; waited++) {
            pause(waited);
        }
        Throwable theirs = failure;
        failure = null;
        if (mine != null || theirs != null) {
            sneak(mine != null ? mine : theirs);
        }
    }

    private void take(int worker) {
        Work each = work;
        int p = phase;
        int n = tasks;
        for (int task = next.getAndIncrement(); task < n; task = next.getAndIncrement()) {
            each.run(p, task, worker);
        }
    }

    private void serve(int worker) {
        int seen = 0;
        while (!closed) {
            int idle = 0;
            for (int waited = 0; turn == seen && !closed; waited++) {
                pause(waited);
                if (!running && ++idle > SPINS) {
                    idle = 0;
                    LockSupport.park(this);
                }
            }
            if (closed) {
                return;
            }
            seen = turn;
            try {
                take(worker);
            } catch (Throwable e) {
                failure = e;
                next.set(tasks);
            } finally {
                working.decrementAndGet();
            }
        }
    }

    /** Spins while that is likely to be short, then lets others have the core: at once where threads outnumber the cores. */
    private void pause(int waited) {
        if (waited < patience) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    @SuppressWarnings("unchecked") // a task's own exception goes on unchanged
    private static <T extends Throwable> void sneak(Throwable e) throws T {
        throw (T) e;
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }
}
