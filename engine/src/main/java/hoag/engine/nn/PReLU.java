package hoag.engine.nn;

import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import java.util.Arrays;

/** x where above 0, else weight x, with one weight or one for each channel (n, c, ...) (He et al. 2015). */
public record PReLU(Variable weight) implements Module {
    private static final Expr X = Expr.in(0);

    /** PyTorch's first slope, 0.25, for each of {@code channels}, or 1 for all. */
    public static PReLU of(Init init, int channels) {
        return new PReLU(init.constant("weight", Shape.of(channels), 0.25));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        int[] dims = new int[Math.max(2, x.shape().rank())];
        Arrays.fill(dims, 1);
        dims[1] = weight.shape().size();
        Expr formula = Expr.where(Expr.of(0).apply(Binary.LT, X), X, X.times(Expr.in(1)));
        return x.map(formula, weight.tensor().reshape(dims));
    }
}
