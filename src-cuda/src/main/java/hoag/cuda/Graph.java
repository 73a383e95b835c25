package hoag.cuda;

import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.driver.CUgraphExec;

/** Work that is captured at its first run, and is one launch from then on. */
final class Graph implements Backend.Recorded {
    private final Device device;
    private final List<CudaLaunch.Bound> bound;
    private final List<Buffer> tables = new ArrayList<>();
    private final Optional<RunState> random;
    private final boolean faulting;
    private CUgraphExec recorded;

    Graph(Device device, List<CudaLaunch.Bound> bound, Optional<RunState> random, boolean faulting) {
        this.device = device;
        this.bound = bound;
        this.random = random;
        this.faulting = faulting;
    }

    @Override
    public void run() {
        if (bound.stream().allMatch(work -> work.calls().isEmpty())) {
            return;
        }
        if (recorded == null) {
            recorded = device.capture(Together.calls(device, bound, tables), random.isPresent(), faulting);
        }
        device.run(recorded, random, faulting);
    }

    @Override
    public void close() {
        if (recorded != null) {
            device.drop(recorded);
            recorded = null;
        }
        tables.forEach(device::release);
        tables.clear();
    }
}
