package hoag.engine;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Unary;

/** Activation functions by PyTorch's names, as formulas. */
public enum Activation {
    /** x. */
    IDENTITY(x()),
    /** max(x, 0), slope 0 at 0; NaN stays NaN. */
    RELU(Expr.where(x().apply(Binary.LE, Expr.of(0)), Expr.of(0), x())),
    /** min(max(x, 0), 6); slope 0 at both ends. */
    RELU6(Expr.where(
            x().apply(Binary.LE, Expr.of(0)),
            Expr.of(0),
            Expr.where(Expr.of(6).apply(Binary.LE, x()), Expr.of(6), x()))),
    /** x sigmoid(x) (Elfwing et al. 2018). */
    SILU(x().times(x().sigmoid())),
    /** x Phi(x). */
    GELU(x().times(x().apply(Unary.NORMAL_CDF))),
    /** x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), the approximation of {@link #GELU} by Hendrycks and Gimpel 2016. */
    GELU_TANH(x().times(0.5)
            .times(x().plus(x().square().times(x()).times(0.044715))
                    .times(Math.sqrt(2 / Math.PI))
                    .apply(Unary.TANH)
                    .plus(1))),
    /** 1 / (1 + exp(-x)). */
    SIGMOID(x().sigmoid()),
    /** The hyperbolic tangent. */
    TANH(x().apply(Unary.TANH));

    private final Expr formula;

    Activation(Expr formula) {
        this.formula = formula;
    }

    private static Expr x() {
        return Expr.in(0);
    }

    /** The formula, of operand 0. */
    public Expr formula() {
        return formula;
    }

    /** The activation of every element. */
    public Tensor of(Tensor x) {
        return this == IDENTITY ? x : x.map(formula);
    }
}
