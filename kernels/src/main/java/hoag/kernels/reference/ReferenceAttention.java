package hoag.kernels.reference;

import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Slice;

/** softmax(scores(q k')) v, a query at a time. */
final class ReferenceAttention {
    private ReferenceAttention() {}

    static Loops loops(Kernel.Attention kernel) {
        return (in, out, state) -> {
            for (int b = 0; b < kernel.batch(); b++) {
                for (int h = 0; h < kernel.heads(); h++) {
                    for (int query = 0; query < kernel.queries(); query++) {
                        double[] weights = weights(kernel, in.get(0), in.get(1), b, h, query);
                        int row = ((b * kernel.queries() + query) * kernel.heads() + h) * kernel.out();
                        for (int i = 0; i < kernel.out(); i++) {
                            double sum = 0;
                            for (int key = 0; key < kernel.keys(); key++) {
                                sum += weights[key] * in.get(2).get(at(kernel.v(), b, h, key) + i);
                            }
                            out.get(0).set(row + i, sum);
                        }
                    }
                }
            }
        };
    }

    private static int at(Slice slice, int b, int h, int token) {
        return slice.offset() + b * slice.batch() + h * slice.head() + token * slice.token();
    }

    private static double[] weights(Kernel.Attention kernel, Doubles q, Doubles k, int b, int h, int query) {
        double[] weights = new double[kernel.keys()];
        double top = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < weights.length; key++) {
            double score = 0;
            for (int i = 0; i < kernel.width(); i++) {
                score += q.get(at(kernel.q(), b, h, query) + i) * k.get(at(kernel.k(), b, h, key) + i);
            }
            double product = score;
            weights[key] = kernel.scores().evaluate(operand -> product);
            top = Math.max(top, weights[key]);
        }
        double sum = 0;
        for (int key = 0; key < weights.length; key++) {
            weights[key] = Math.exp(weights[key] - top);
            sum += weights[key];
        }
        for (int key = 0; key < weights.length; key++) {
            weights[key] /= sum;
        }
        return weights;
    }
}
