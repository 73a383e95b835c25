package hoag.kernels.reference;

import hoag.kernels.RunState;
import java.util.List;

/** One kernel written out. Outputs hold anything before the call. */
@FunctionalInterface
interface Loops {
    void run(List<Doubles> inputs, List<Doubles> outputs, RunState state);
}
