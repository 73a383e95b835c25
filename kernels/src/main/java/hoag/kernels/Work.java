package hoag.kernels;

/**
 * A kernel bound to its memory: phases one after the other, each a fixed number of tasks that may run in any order on any worker. What a
 * task computes depends on its number alone, never on the worker, so results are the same for any number of threads.
 */
public interface Work {
    /** Parts that follow one another; within a phase tasks run in any order. */
    default int phases() {
        return 1;
    }

    /** How many tasks the phase has; it does not depend on the threads. */
    int tasks(int phase);

    /**
     * Runs one task; {@code worker} says whose scratch to use.
     *
     * @param phase 0..phases() - 1
     * @param task 0..tasks(phase) - 1
     * @param worker 0..workers - 1; no two tasks of a worker run at once
     */
    void run(int phase, int task, int worker);
}
