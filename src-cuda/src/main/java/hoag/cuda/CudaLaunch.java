package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.driver.CUfunction;

/** A kernel of the sealed list as kernels of the device, one after the other. Built by {@link #with}. */
final class CudaLaunch implements Launch {
    private final Device device;
    private final String algorithm;
    private final long scratch;
    private final List<Stage> stages = new ArrayList<>();
    private boolean random;
    private boolean faulting;
    private Kernel.Pointwise pointwise;

    CudaLaunch(Device device, String algorithm) {
        this(device, algorithm, 0);
    }

    /** @param scratch floats of memory for partial results */
    CudaLaunch(Device device, String algorithm, long scratch) {
        this.device = device;
        this.algorithm = algorithm;
        this.scratch = scratch;
    }

    /** What a kernel is given: its operands (inputs, then results) and its scratch. */
    interface Arguments {
        Struct of(List<Buffer> operands, Buffer scratch);
    }

    /** A call of a library: what it starts with these operands. */
    interface Foreign {
        Call.Start of(List<Buffer> operands, Buffer scratch);
    }

    private interface Stage {
        Call call(List<Buffer> operands, Buffer scratch);
    }

    /** One kernel more; none if there is nothing for it to do. */
    CudaLaunch with(String entry, Slot slot, Grid grid, Arguments arguments) {
        return with(entry, slot, grid, 0, arguments);
    }

    /**
     * The same.
     *
     * @param shared bytes of shared memory beside what the kernel names
     */
    CudaLaunch with(String entry, Slot slot, Grid grid, int shared, Arguments arguments) {
        if (grid.x() > 0 && grid.y() > 0 && grid.z() > 0) {
            String text = Ptx.module(entry, slot);
            int bytes = Ptx.argument(text, entry);
            CUfunction function = device.function(entry, text);
            stages.add((operands, scratch) -> Call.kernel(
                    device.who(),
                    entry,
                    function,
                    grid,
                    shared,
                    arguments.of(operands, scratch).argument(bytes)));
        }
        return this;
    }

    /** One call of a library more. */
    CudaLaunch with(String name, Foreign call) {
        stages.add((operands, scratch) -> new Call(name, call.of(operands, scratch)));
        return this;
    }

    /** The same under another name. */
    CudaLaunch called(String name) {
        var named = new CudaLaunch(device, name, scratch);
        named.stages.addAll(stages);
        return named;
    }

    /** May be one launch with its neighbours. */
    CudaLaunch together(Kernel.Pointwise kernel) {
        pointwise = kernel;
        return this;
    }

    /** Reads seed and step. */
    CudaLaunch random() {
        random = true;
        return this;
    }

    /** May report an index that is not in its table. */
    CudaLaunch faulting() {
        faulting = true;
        return this;
    }

    @Override
    public String algorithm() {
        return algorithm;
    }

    @Override
    public long scratch(int workers) {
        return scratch;
    }

    @Override
    public Bound bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(
                stages.stream().map(stage -> stage.call(operands, scratch)).toList(),
                random ? Optional.of(state) : Optional.empty(),
                faulting,
                pointwise == null ? null : Together.Part.of(pointwise, operands));
    }

    /**
     * Calls for the device; a run hands them over, it has no tasks of its own.
     *
     * @param part what could be one launch with its neighbours; else null
     */
    record Bound(List<Call> calls, Optional<RunState> random, boolean faulting, Together.Part part) implements Work {
        @Override
        public int tasks(int phase) {
            return 0;
        }

        @Override
        public void run(int phase, int task, int worker) {
            throw new IllegalStateException("the device runs this");
        }
    }
}
