package hoag.bench;

import com.sun.management.ThreadMXBean;
import hoag.kernels.Case;
import hoag.kernels.Cases;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import hoag.kernels.cpu.CpuBackend;
import java.lang.management.ManagementFactory;

/**
 * Whether a run of a kernel puts anything on the heap: {@code Allocations [PART-OF-NAME] [batch=2] [threads=cores]}. Runs every case of
 * {@link Cases} in one process until ten milliseconds pass without a byte from any thread, for 20 s at most: until C2 has compiled a kernel its
 * vectors are boxed. Prints the cases that never get there, with the least bytes a run, and fails if there are any.
 */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long WINDOW = 10_000_000;
    private static final long PATIENCE = 20_000_000_000L;
    private static final int LEAST_RUNS = 5;

    private Allocations() {}

    public static void main(String[] arguments) {
        String part = arguments.length > 0 ? arguments[0] : "";
        int batch = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
        int threads = arguments.length > 2
                ? Integer.parseInt(arguments[2])
                : Runtime.getRuntime().availableProcessors();
        int cases = 0;
        int allocating = 0;
        try (var backend = new CpuBackend(threads)) {
            for (Case each : Cases.all(batch)) {
                if (each.name().contains(part)) {
                    cases++;
                    allocating += allocates(each, backend) ? 1 : 0;
                }
            }
        }
        System.out.println(cases + " cases, of which " + allocating + " allocate");
        if (allocating > 0) {
            System.exit(1);
        }
    }

    private static boolean allocates(Case each, CpuBackend backend) {
        try (var runner =
                new KernelRunner(backend, each.kernel(), KernelRunner.wish(backend, each.kernel(), Layout.BLOCKED))) {
            runner.write(each.inputs());
            runner.run();
            long least = Long.MAX_VALUE;
            for (long start = System.nanoTime(); least > 0 && System.nanoTime() - start < PATIENCE; ) {
                least = Math.min(least, bytes(runner));
            }
            if (least > 0) {
                System.out.printf(
                        "%-60s %8d B  %s%n", each.name(), least, runner.launch().algorithm());
            }
            return least > 0;
        }
    }

    /** Of a run, in one window; less what the measuring itself takes. */
    private static long bytes(KernelRunner runner) {
        long first = THREADS.getTotalThreadAllocatedBytes();
        long before = THREADS.getTotalThreadAllocatedBytes();
        int runs = 0;
        for (long start = System.nanoTime(); runs < LEAST_RUNS || System.nanoTime() - start < WINDOW; runs++) {
            runner.run();
        }
        long after = THREADS.getTotalThreadAllocatedBytes();
        return Math.max(0, after - before - (before - first)) / runs;
    }
}
