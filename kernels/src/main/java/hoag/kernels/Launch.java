package hoag.kernels;

import java.util.List;

/** A compiled kernel: immutable, shared by threads. */
public interface Launch {
    /** For {@code explain()}: such as "tile 12x2", "depthwise 14", "winograd 4x4". */
    String algorithm();

    /** Elements of scratch memory wanted for one run with this many workers. */
    default long scratch(int workers) {
        return 0;
    }

    /**
     * Ties the kernel to its operands (inputs, then outputs). All objects a run needs are made here, so that running allocates nothing.
     *
     * @param operands of the kernel's shapes in the layouts it was prepared for
     * @param scratch of at least {@link #scratch} elements; null if none are wanted
     * @param state read at every run
     */
    Work bind(List<Buffer> operands, Buffer scratch, RunState state);
}
