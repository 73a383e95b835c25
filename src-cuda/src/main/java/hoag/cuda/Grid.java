package hoag.cuda;

import hoag.kernels.DeviceException;

/** How many blocks of {@link #THREADS} threads a kernel is started with. */
record Grid(int x, int y, int z) {
    static final int THREADS = 256;
    private static final int MOST = 65535;

    /** @throws DeviceException if a tensor is so large that its blocks cannot be counted */
    Grid {
        if (y > MOST || z > MOST) {
            throw new DeviceException("cuda: a kernel of " + x + " x " + y + " x " + z + " blocks; " + MOST
                    + " are the most in the last two, use a smaller batch");
        }
    }

    /** A thread for each of so many elements. */
    static Grid each(long elements) {
        return new Grid((int) blocks(elements, THREADS), 1, 1);
    }

    /** Threads that take the elements in turns: enough to fill any device, not more. */
    static Grid turns(long elements) {
        return new Grid((int) Math.min(blocks(elements, THREADS), 4096), 1, 1);
    }

    static long blocks(long elements, int each) {
        return (elements + each - 1) / each;
    }
}
