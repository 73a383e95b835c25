package hoag.kernels;

/**
 * A kernel bound to its memory: phases one after the other, each a fixed number of tasks that may run in any order on any worker. What a
 * task computes depends on its number alone, never on the worker, so results are the same for any number of threads.
 */
public interface Work {
    default int phases() {
        return 1;
    }

    int tasks(int phase);

    void run(int phase, int task, int worker);
}
