package hoag.galaxy.cli;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Option;

/** One convolution, product or formula to be timed. */
final class KernelOptions {
    /** Formulas of one or two images. */
    enum Formula {
        COPY(1, Expr.in(0)),
        ADD(2, Expr.in(0).plus(Expr.in(1))),
        RELU(1, Expr.in(0).max(Expr.of(0))),
        SILU(1, Expr.in(0).times(Expr.in(0).sigmoid())),
        EXP(1, Expr.in(0).exp());

        private final int inputs;
        private final Expr expr;

        Formula(int inputs, Expr expr) {
            this.inputs = inputs;
            this.expr = expr;
        }
    }

    @Option(
            names = "--n",
            paramLabel = "N",
            defaultValue = "16",
            description = "conv, pointwise: pictures; gemm: columns of the result (default: ${DEFAULT-VALUE})")
    int n;

    @Option(
            names = "--c",
            paramLabel = "N",
            defaultValue = "64",
            description = "conv, pointwise: input channels (default: ${DEFAULT-VALUE})")
    int c;

    @Option(
            names = "--hw",
            paramLabel = "N",
            defaultValue = "56",
            description = "conv, pointwise: pixels of a side (default: ${DEFAULT-VALUE})")
    int hw;

    @Option(
            names = "--k",
            paramLabel = "N",
            defaultValue = "64",
            description = "conv: output channels; gemm: the dimension summed over (default: ${DEFAULT-VALUE})")
    int k;

    @Option(
            names = "--m",
            paramLabel = "N",
            defaultValue = "2048",
            description = "gemm: rows of the result (default: ${DEFAULT-VALUE})")
    int m;

    @Option(names = "--ta", description = "gemm: the left factor lies transposed, as in a weight's gradient")
    boolean transposedA;

    @Option(names = "--tb", description = "gemm: the right factor lies transposed")
    boolean transposedB;

    @Option(names = "--weights", description = "gemm: the right factor is a constant, packed before the run")
    boolean weights;

    @Option(
            names = "--filter",
            paramLabel = "N",
            defaultValue = "3",
            description = "conv: pixels of the filter's side (default: ${DEFAULT-VALUE})")
    int filter;

    @Option(names = "--stride", paramLabel = "N", defaultValue = "1", description = "conv (default: ${DEFAULT-VALUE})")
    int stride;

    @Option(names = "--groups", paramLabel = "N", defaultValue = "1", description = "conv (default: ${DEFAULT-VALUE})")
    int groups;

    @Option(
            names = "--pass",
            paramLabel = "PASS",
            defaultValue = "forward",
            description = "conv: forward, data or filter (default: ${DEFAULT-VALUE})")
    Kernel.Pass pass;

    @Option(
            names = "--formula",
            paramLabel = "NAME",
            defaultValue = "silu",
            description = "pointwise: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    Formula formula;

    Kernel conv() {
        int pad = filter / 2;
        var shape = new Conv2dShape(n, c, hw, hw, k, filter, filter, stride, stride, pad, pad, pad, pad, 1, 1, groups);
        return new Kernel.Conv2d(shape, pass, null);
    }

    Kernel gemm() {
        return new Kernel.Product(1, m, n, k, transposedA, transposedB, true, !weights, null);
    }

    Kernel pointwise() {
        Shape image = Shape.of(n, c, hw, hw);
        return new Kernel.Pointwise(image, Collections.nCopies(formula.inputs, image), List.of(formula.expr));
    }
}
