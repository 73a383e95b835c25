package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Uniform;
import hoag.kernels.Work;
import java.util.List;

/** Uniform numbers by counter. */
final class CpuRandom {
    private static final int TASK = 8192;

    private CpuRandom() {}

    static Launch prepare(Kernel.Random kernel) {
        return new Launch() {
            @Override
            public String algorithm() {
                return "splitmix64 by counter";
            }

            @Override
            public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
                return new Bound(operands.getFirst(), kernel.shape().size(), kernel.node(), state);
            }
        };
    }

    private record Bound(Buffer out, int size, long node, RunState state) implements Work {
        @Override
        public int tasks(int phase) {
            return (size + TASK - 1) / TASK;
        }

        @Override
        public void run(int phase, int task, int worker) {
            long key = Uniform.key(state.seed, state.step, node);
            for (int i = task * TASK, end = Math.min(size, i + TASK); i < end; i++) {
                out.floats()[out.offset() + i] = Uniform.at(key, i);
            }
        }
    }
}
