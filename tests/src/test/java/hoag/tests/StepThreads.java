package hoag.tests;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What steps put on the heap: this thread and the workers, all of which must have started. Not the thread that calls vector kernels until C2 has
 * compiled them, and boxes vectors until then, some dozens of megabytes for each kernel that has earned its vectors.
 */
final class StepThreads {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long[] ids = Thread.getAllStackTraces().keySet().stream()
            .filter(thread ->
                    thread == Thread.currentThread() || thread.getName().startsWith("hoag-worker"))
            .mapToLong(Thread::threadId)
            .toArray();

    private long before = allocated();
    private long allBefore = THREADS.getTotalThreadAllocatedBytes();

    /** Since this was made, or asked last. */
    long bytes() {
        long now = allocated();
        long bytes = now - before;
        before = now;
        return bytes;
    }

    /** By all threads of the process, since this was made, or asked last. */
    long allBytes() {
        long now = THREADS.getTotalThreadAllocatedBytes();
        long bytes = now - allBefore;
        allBefore = now;
        return bytes;
    }

    private long allocated() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(ids)) {
            sum += Math.max(0, bytes); // -1 for a thread that has ended
        }
        return sum;
    }
}
