package hoag.kernels.cpu;

/** Offsets that each worker changes for itself; a worker's are made when it first comes. */
final class PerWorker {
    private static final int MOST = 1024;

    private final int[][] arrays = new int[MOST][];
    private final int size;

    PerWorker(int size) {
        this.size = size;
    }

    int[] of(int worker) {
        int[] mine = arrays[worker];
        return mine != null ? mine : (arrays[worker] = new int[size + 32]); // apart from the neighbour's cache line
    }
}
