package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.DataException;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Rows of a table by index, and the gradient: rows added back. The gradient is cut along the width, so that repeated indices add up in
 * order whatever the number of threads.
 */
final class CpuGather {
    private static final int FLOATS_OF_TASK = 1 << 14;
    private static final int COLUMNS_OF_TASK = 64;

    private CpuGather() {}

    static Launch prepare(Kernel.Gather kernel) {
        return kernel.gradient()
                ? new Rows(
                        "rows added",
                        operands -> new Backward(kernel, operands.get(0), operands.get(1), operands.get(2)))
                : new Rows(
                        "rows copied",
                        operands -> new Forward(kernel, operands.get(0), operands.get(1), operands.get(2)));
    }

    private record Rows(String algorithm, Function<List<Buffer>, Work> binder) implements Launch {
        @Override
        public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
            return binder.apply(operands);
        }
    }

    private record Forward(Kernel.Gather kernel, Buffer table, Buffer indices, Buffer out) implements Work {
        private int rowsOfTask() {
            return Math.max(1, FLOATS_OF_TASK / Math.max(1, kernel.width()));
        }

        @Override
        public int tasks(int phase) {
            return (kernel.count() + rowsOfTask() - 1) / rowsOfTask();
        }

        @Override
        public void run(int phase, int task, int worker) {
            int width = kernel.width();
            for (int i = task * rowsOfTask(), end = Math.min(kernel.count(), i + rowsOfTask()); i < end; i++) {
                int row = row(kernel, indices, i);
                System.arraycopy(
                        table.floats(), table.offset() + row * width, out.floats(), out.offset() + i * width, width);
            }
        }
    }

    private record Backward(Kernel.Gather kernel, Buffer indices, Buffer dy, Buffer table) implements Work {
        @Override
        public int tasks(int phase) {
            return (kernel.width() + COLUMNS_OF_TASK - 1) / COLUMNS_OF_TASK;
        }

        @Override
        public void run(int phase, int task, int worker) {
            int width = kernel.width();
            int first = task * COLUMNS_OF_TASK;
            int columns = Math.min(COLUMNS_OF_TASK, width - first);
            for (int row = 0, to = table.offset() + first; row < kernel.rows(); row++, to += width) {
                Arrays.fill(table.floats(), to, to + columns, 0);
            }
            for (int i = 0; i < kernel.count(); i++) {
                int row = row(kernel, indices, i);
                add(
                        dy.floats(),
                        dy.offset() + i * width + first,
                        table.floats(),
                        table.offset() + row * width + first,
                        columns);
            }
        }

        private static void add(float[] x, int xo, float[] y, int yo, int count) {
            for (int i = 0; i < count; i++) {
                y[yo + i] += x[xo + i];
            }
        }
    }

    private static int row(Kernel.Gather kernel, Buffer indices, int i) {
        float index = indices.floats()[indices.offset() + i];
        if (!(index >= 0 && index < kernel.rows())) {
            throw new DataException("gather: index " + index + " at place " + i + " is outside 0.."
                    + (kernel.rows() - 1) + ", the rows of the table");
        }
        return (int) index;
    }
}
