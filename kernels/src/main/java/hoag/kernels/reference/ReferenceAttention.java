package hoag.kernels.reference;

import hoag.kernels.Kernel;
import java.util.List;

/** softmax(scores(q k')) v, a query at a time. */
final class ReferenceAttention {
    private ReferenceAttention() {}

    static Loops loops(Kernel.Attention kernel) {
        return (in, out, state) -> {
            for (int b = 0; b < kernel.batch(); b++) {
                for (int h = 0; h < kernel.heads(); h++) {
                    for (int query = 0; query < kernel.queries(); query++) {
                        double[] weights = weights(kernel, in, b, h, query);
                        int row = ((b * kernel.queries() + query) * kernel.heads() + h) * kernel.out();
                        for (int i = 0; i < kernel.out(); i++) {
                            double sum = 0;
                            for (int key = 0; key < kernel.keys(); key++) {
                                sum += weights[key]
                                        * in.get(2)
                                                .get(kernel.v().at(b, h)
                                                        + key * kernel.v().token()
                                                        + i);
                            }
                            out.get(0).set(row + i, sum);
                        }
                    }
                }
            }
        };
    }

    /** Of one query, a number for each key. */
    static double[] weights(Kernel.Attention kernel, List<Doubles> in, int b, int h, int query) {
        Doubles q = in.get(0);
        Doubles k = in.get(1);
        int bias = kernel.biased()
                ? ((b * kernel.heads() + h) % kernel.inputs().get(3).dim(0) * kernel.queries() + query) * kernel.keys()
                : 0;
        double[] weights = new double[kernel.keys()];
        double top = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < weights.length; key++) {
            double score = 0;
            for (int i = 0; i < kernel.width(); i++) {
                score += q.get(kernel.q().at(b, h) + query * kernel.q().token() + i)
                        * k.get(kernel.k().at(b, h) + key * kernel.k().token() + i);
            }
            double product = score;
            int at = bias + key;
            weights[key] = kernel.scores()
                    .evaluate(operand -> operand == 0 ? product : in.get(3).get(at));
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
