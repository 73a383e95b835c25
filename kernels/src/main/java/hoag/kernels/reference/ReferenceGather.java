package hoag.kernels.reference;

import hoag.kernels.DataException;
import hoag.kernels.Kernel;

/** out[i] = table[indices[i]]; its gradient adds row i of dy to row indices[i]. */
final class ReferenceGather {
    private ReferenceGather() {}

    static Loops loops(Kernel.Gather kernel) {
        return kernel.gradient()
                ? (in, out, state) -> backward(kernel, in.get(0), in.get(1), out.get(0))
                : (in, out, state) -> forward(kernel, in.get(0), in.get(1), out.get(0));
    }

    private static void forward(Kernel.Gather kernel, Doubles table, Doubles indices, Doubles out) {
        for (int i = 0; i < kernel.count(); i++) {
            int row = row(kernel, indices, i);
            for (int j = 0; j < kernel.width(); j++) {
                out.set(i * kernel.width() + j, table.get(row * kernel.width() + j));
            }
        }
    }

    private static void backward(Kernel.Gather kernel, Doubles indices, Doubles dy, Doubles dtable) {
        dtable.fill(kernel.rows() * kernel.width(), 0);
        for (int i = 0; i < kernel.count(); i++) {
            int row = row(kernel, indices, i);
            for (int j = 0; j < kernel.width(); j++) {
                dtable.add(row * kernel.width() + j, dy.get(i * kernel.width() + j));
            }
        }
    }

    private static int row(Kernel.Gather kernel, Doubles indices, int i) {
        double index = indices.get(i);
        if (!(index >= 0 && index < kernel.rows())) {
            throw new DataException("gather: index " + index + " at place " + i + " is outside 0.."
                    + (kernel.rows() - 1) + ", the rows of the table");
        }
        return (int) index;
    }
}
