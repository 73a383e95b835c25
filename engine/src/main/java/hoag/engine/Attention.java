package hoag.engine;

import hoag.kernels.Binary;
import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import java.util.List;

/** Scaled dot-product attention (Vaswani et al. 2017) and the shapes around it. */
public final class Attention {
    private Attention() {}

    /**
     * softmax(scale q k' + mask) v over the last two axes.
     *
     * @param q (..., rows, width)
     * @param k (..., columns, width)
     * @param v (..., columns, out)
     * @param mask added to the scores, broadcast to (..., rows, columns): a relative position bias, {@link #causal}, {@link #allowed}; or null
     * @param scale usually 1 / sqrt(width)
     * @return (..., rows, out)
     */
    public static Tensor of(Tensor q, Tensor k, Tensor v, Tensor mask, double scale) {
        Tensor scores = q.matmulTransposed(k).mul(scale);
        return (mask == null ? scores : scores.add(mask)).softmax(-1).matmul(v);
    }

    /** (rows, columns), to be added to scores: 0 where the column is not after the row, -infinity elsewhere. */
    public static Tensor causal(int rows, int columns) {
        Expr after = Expr.in(0).apply(Binary.LT, Expr.in(1));
        return Tensor.range(rows)
                .reshape(rows, 1)
                .map(Expr.where(after, Expr.of(Double.NEGATIVE_INFINITY), Expr.of(0)), Tensor.range(columns));
    }

    /** To be added to scores: 0 where {@code mask} is not 0, -infinity elsewhere. */
    public static Tensor allowed(Tensor mask) {
        return mask.map(Expr.where(Expr.in(0), Expr.of(0), Expr.of(Double.NEGATIVE_INFINITY)));
    }

    /** q, k and v: (n, tokens, 3 heads width) -> three of (n, heads, tokens, width); the last axis is (q|k|v) x heads x width, as in timm's ViT. */
    public static List<Tensor> split(Tensor qkv, int heads) {
        Shape s = checked(qkv, heads);
        return parts(
                qkv.reshape(s.dim(0), s.dim(1), 3, heads, s.dim(2) / 3 / heads).permute(2, 0, 3, 1, 4));
    }

    /** The same where the last axis is heads x (q|k|v) x width, as in some of timm's MaxViTs ("head first"). */
    public static List<Tensor> splitHeadFirst(Tensor qkv, int heads) {
        Shape s = checked(qkv, heads);
        return parts(
                qkv.reshape(s.dim(0), s.dim(1), heads, 3, s.dim(2) / 3 / heads).permute(3, 0, 2, 1, 4));
    }

    private static Shape checked(Tensor qkv, int heads) {
        Shape s = qkv.shape();
        if (s.rank() != 3 || heads < 1 || s.dim(2) % (3 * heads) != 0) {
            throw new ConfigException("attention: " + heads + " heads of queries, keys and values do not divide " + s
                    + ", which must be (n, tokens, 3 heads width)");
        }
        return s;
    }

    private static List<Tensor> parts(Tensor all) {
        Shape each = Shape.of(
                all.shape().dim(1),
                all.shape().dim(2),
                all.shape().dim(3),
                all.shape().dim(4));
        return List.of(
                all.slice(0, 0, 1).reshape(each),
                all.slice(0, 1, 1).reshape(each),
                all.slice(0, 2, 1).reshape(each));
    }

    /** (n, heads, tokens, width) -> (n, tokens, heads width). */
    public static Tensor join(Tensor y) {
        Shape s = y.shape();
        return y.permute(0, 2, 1, 3).reshape(s.dim(0), s.dim(2), s.dim(1) * s.dim(3));
    }
}
