package hoag.cuda;

import hoag.kernels.Backend;
import hoag.kernels.RunState;
import java.util.List;
import java.util.Optional;
import jcuda.driver.CUgraphExec;

/** A list of calls that is captured at its first run, and is one launch from then on. */
final class Graph implements Backend.Recorded {
    private final Device device;
    private final List<Call> calls;
    private final Optional<RunState> random;
    private final boolean faulting;
    private CUgraphExec recorded;

    Graph(Device device, List<Call> calls, Optional<RunState> random, boolean faulting) {
        this.device = device;
        this.calls = calls;
        this.random = random;
        this.faulting = faulting;
    }

    @Override
    public void run() {
        if (calls.isEmpty()) {
            return;
        }
        if (recorded == null) {
            recorded = device.capture(calls, random.isPresent(), faulting);
        }
        device.run(recorded, random, faulting);
    }

    @Override
    public void close() {
        if (recorded != null) {
            device.drop(recorded);
            recorded = null;
        }
    }
}
