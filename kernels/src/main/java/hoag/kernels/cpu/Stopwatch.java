package hoag.kernels.cpu;

import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.List;

/** Notes the time between pieces of work: a task for the caller alone, so nobody wakes or waits, and caches are as in any other run. */
final class Stopwatch implements Work {
    private final long[] at;
    private int next;

    private Stopwatch(int times) {
        at = new long[times];
    }

    /** One run of all; milliseconds that each took. */
    static double[] times(Workers workers, List<Work> works) {
        var watch = new Stopwatch(works.size() + 1);
        List<Work> watched = new ArrayList<>(List.of(watch));
        for (Work work : works) {
            watched.add(work);
            watched.add(watch);
        }
        workers.run(watched);
        double[] ms = new double[works.size()];
        for (int i = 0; i < ms.length; i++) {
            ms[i] = (watch.at[i + 1] - watch.at[i]) / 1e6;
        }
        return ms;
    }

    @Override
    public int tasks(int phase) {
        return 1;
    }

    @Override
    public void run(int phase, int task, int worker) {
        at[next++] = System.nanoTime();
    }
}
