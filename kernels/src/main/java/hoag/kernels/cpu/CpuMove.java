package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Work;
import java.util.Arrays;
import java.util.List;

/** Permuting, slicing and placing: {@link StridedCopy} with the strides of the two sides; placing clears the target first. */
final class CpuMove {
    private static final int CLEARED_BY_TASK = 1 << 16;

    private CpuMove() {}

    static Launch prepare(Kernel.Move kernel) {
        return new Moved(
                copy(kernel),
                kernel.mover() instanceof Mover.Place
                        ? kernel.outputs().getFirst().size()
                        : 0);
    }

    private static StridedCopy copy(Kernel.Move kernel) {
        Shape input = kernel.input();
        Shape output = kernel.outputs().getFirst();
        int[] from = input.strides();
        int[] to = output.strides();
        return switch (kernel.mover()) {
            case Mover.Permute(List<Integer> order) ->
                new StridedCopy(
                        output, order.stream().mapToInt(axis -> from[axis]).toArray(), 0, to, 0);
            case Mover.Slice(int axis, int start, int step, int ignored) -> {
                int first = start * from[axis];
                from[axis] *= step;
                yield new StridedCopy(output, from, first, to, 0);
            }
            case Mover.Place(int axis, int start, int step, int ignored) -> {
                int first = start * to[axis];
                to[axis] *= step;
                yield new StridedCopy(input, from, 0, to, first);
            }
        };
    }

    /** @param cleared floats of the target to set to zero before the copy */
    private record Moved(StridedCopy copy, int cleared) implements Launch {
        @Override
        public String algorithm() {
            return "copy";
        }

        @Override
        public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
            return new Bound(copy, cleared, operands.get(0), operands.get(1));
        }
    }

    /** The last phase copies; if there is one before, it clears. */
    private record Bound(StridedCopy copy, int cleared, Buffer x, Buffer y) implements Work {
        @Override
        public int phases() {
            return cleared == 0 ? 1 : 2;
        }

        private boolean clears(int phase) {
            return phase < phases() - 1;
        }

        @Override
        public int tasks(int phase) {
            return clears(phase) ? (cleared + CLEARED_BY_TASK - 1) / CLEARED_BY_TASK : copy.tasks();
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (clears(phase)) {
                int from = task * CLEARED_BY_TASK;
                Arrays.fill(y.floats(), y.offset() + from, y.offset() + Math.min(cleared, from + CLEARED_BY_TASK), 0);
            } else {
                copy.run(task, x.floats(), x.offset(), y.floats(), y.offset());
            }
        }
    }
}
