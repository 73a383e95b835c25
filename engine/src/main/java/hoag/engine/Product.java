package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.List;

/** (batch, m, n) = op(A) op(B), where op transposes the last two axes if asked. An operand of batch 1 serves all. */
public record Product(boolean transA, boolean transB) implements Op {
    static Tensor of(Tensor a, boolean transA, Tensor b, boolean transB) {
        return new Tensor(new Product(transA, transB), List.of(a, b));
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        var kernel = sizes(inputs.get(0), inputs.get(1));
        return Shape.of(kernel.batch(), kernel.m(), kernel.n());
    }

    private Kernel.Product sizes(Shape a, Shape b) {
        if (a.rank() != 3 || b.rank() != 3) {
            throw new ShapeException("product: " + a + " and " + b + " must have 3 axes (batch, rows, columns)");
        }
        int k = a.dim(transA ? 1 : 2);
        if (k != b.dim(transB ? 2 : 1)) {
            throw new ShapeException("product: left " + a + (transA ? " transposed" : "") + " has " + k
                    + " columns, right " + b + (transB ? " transposed" : "") + " has " + b.dim(transB ? 2 : 1)
                    + " rows; they must be equal");
        }
        int batch = Math.max(a.dim(0), b.dim(0));
        if (a.dim(0) != batch && a.dim(0) != 1 || b.dim(0) != batch && b.dim(0) != 1) {
            throw new ShapeException(
                    "product: batches " + a.dim(0) + " and " + b.dim(0) + " must be equal, or one of them 1");
        }
        return new Kernel.Product(
                batch,
                a.dim(transA ? 2 : 1),
                b.dim(transB ? 1 : 2),
                k,
                transA,
                transB,
                a.dim(0) == batch,
                b.dim(0) == batch,
                null);
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        Tensor a = node.inputs().get(0);
        Tensor b = node.inputs().get(1);
        Tensor da = transA ? of(b, transB, up, true) : of(up, false, b, !transB);
        Tensor db = transB ? of(up, true, a, transA) : of(a, !transA, up, false);
        return List.of(da.sumTo(a.shape()), db.sumTo(b.shape()));
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return sizes(inputs.get(0), inputs.get(1));
    }
}
