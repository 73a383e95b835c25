package hoag.engine.train;

import hoag.kernels.Binary;
import hoag.kernels.Expr;

/** The trust ratio of layer-wise rates. */
final class Trust {
    private Trust() {}

    /** {@code ratio} where both norms are above 0, else 1. */
    static Expr or1(Expr weight, Expr step, Expr ratio) {
        Expr zero = Expr.of(0);
        Expr stepped = Expr.where(zero.apply(Binary.LT, step), ratio, Expr.of(1));
        return Expr.where(zero.apply(Binary.LT, weight), stepped, Expr.of(1));
    }
}
