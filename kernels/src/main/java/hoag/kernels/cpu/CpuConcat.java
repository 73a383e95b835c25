package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Work;
import java.util.List;

/** Tensors behind each other: a phase for each input, a {@link StridedCopy} each. */
final class CpuConcat {
    private CpuConcat() {}

    static Launch prepare(Kernel.Concat kernel) {
        int[] to = kernel.outputs().getFirst().strides();
        var copies = new StridedCopy[kernel.inputs().size()];
        for (int i = 0, start = 0; i < copies.length; i++) {
            Shape part = kernel.inputs().get(i);
            copies[i] = new StridedCopy(part, part.strides(), 0, to, start * to[kernel.axis()]);
            start += part.dim(kernel.axis());
        }
        return new Joined(List.of(copies));
    }

    private record Joined(List<StridedCopy> copies) implements Launch {
        @Override
        public String algorithm() {
            return "copy";
        }

        @Override
        public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
            return new Bound(copies, List.copyOf(operands));
        }
    }

    private record Bound(List<StridedCopy> copies, List<Buffer> operands) implements Work {
        @Override
        public int phases() {
            return copies.size();
        }

        @Override
        public int tasks(int phase) {
            return copies.get(phase).tasks();
        }

        @Override
        public void run(int phase, int task, int worker) {
            Buffer x = operands.get(phase);
            Buffer y = operands.getLast();
            copies.get(phase).run(task, x.floats(), x.offset(), y.floats(), y.offset());
        }
    }
}
