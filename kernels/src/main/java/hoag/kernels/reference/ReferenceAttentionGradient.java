package hoag.kernels.reference;

import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Slice;
import java.util.List;

/** The gradient of attention, a query at a time. */
final class ReferenceAttentionGradient {
    private final Kernel.AttentionGradient gradient;
    private final Kernel.Attention kernel;
    private final List<Doubles> in;
    private final List<Doubles> out;

    private ReferenceAttentionGradient(Kernel.AttentionGradient gradient, List<Doubles> in, List<Doubles> out) {
        this.gradient = gradient;
        kernel = gradient.of();
        this.in = in;
        this.out = out;
    }

    static Loops loops(Kernel.AttentionGradient gradient) {
        return (in, out, state) -> new ReferenceAttentionGradient(gradient, in, out).all();
    }

    private void all() {
        for (int i = 0; i < out.size(); i++) {
            out.get(i).fill(gradient.outputs().get(i).size(), 0);
        }
        for (int b = 0; b < kernel.batch(); b++) {
            for (int h = 0; h < kernel.heads(); h++) {
                for (int query = 0; query < kernel.queries(); query++) {
                    query(b, h, query);
                }
            }
        }
    }

    private void query(int b, int h, int query) {
        double[] weights = ReferenceAttention.weights(kernel, in, b, h, query);
        int up = row(gradient.up(), b, h, query);
        double[] ups = new double[kernel.keys()];
        double dot = 0;
        for (int key = 0; key < ups.length; key++) {
            int value = row(kernel.v(), b, h, key);
            for (int i = 0; i < kernel.out(); i++) {
                double dy = in.getLast().get(up + i);
                ups[key] += dy * in.get(2).get(value + i);
                out.getLast().add(row(gradient.dv(), b, h, key) + i, weights[key] * dy);
            }
            dot += weights[key] * ups[key];
        }
        for (int key = 0; key < ups.length; key++) {
            double score = gradient.scale() * weights[key] * (ups[key] - dot);
            for (int i = 0; i < kernel.width(); i++) {
                double k = in.get(1).get(row(kernel.k(), b, h, key) + i);
                double q = in.get(0).get(row(kernel.q(), b, h, query) + i);
                out.getFirst().add(row(gradient.dq(), b, h, query) + i, score * k);
                out.get(out.size() / 2).add(row(gradient.dk(), b, h, key) + i, score * q);
            }
        }
    }

    private static int row(Slice slice, int b, int h, int token) {
        return slice.at(b, h) + token * slice.token();
    }
}
