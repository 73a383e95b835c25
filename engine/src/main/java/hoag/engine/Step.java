package hoag.engine;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import java.util.List;

/**
 * One launch of a {@link Plan}. With {@code kernel} null it is a view: its output is its input's memory from element {@code offset} on,
 * seen with another shape.
 */
record Step(Kernel kernel, List<Value> in, List<Value> out, int offset) {
    Step {
        in = List.copyOf(in);
        out = List.copyOf(out);
    }

    Step(Kernel kernel, List<Value> in, List<Value> out) {
        this(kernel, in, out, 0);
    }

    static Step view(Value in, Value out, int offset) {
        return new Step(null, List.of(in), List.of(out), offset);
    }

    boolean isView() {
        return kernel == null;
    }

    /** True if this writes variables in place. */
    boolean isUpdate() {
        return out.getFirst().source instanceof Value.Held;
    }

    /** The formulas of a pointwise step or the maps of a reduction: what another formula can be substituted into; else empty. */
    List<Expr> formulas() {
        return switch (kernel) {
            case Kernel.Pointwise pointwise -> pointwise.formulas();
            case Kernel.Reduce reduce -> reduce.maps();
            case null, default -> List.of();
        };
    }

    Step withFormulas(List<Value> operands, List<Expr> formulas) {
        var shapes = operands.stream().map(value -> value.shape).toList();
        return switch (kernel) {
            case Kernel.Pointwise pointwise ->
                new Step(new Kernel.Pointwise(pointwise.space(), shapes, formulas), operands, out);
            case Kernel.Reduce reduce ->
                new Step(
                        new Kernel.Reduce(reduce.space(), shapes, formulas, reduce.fold(), reduce.axes()),
                        operands,
                        out);
            default -> throw new IllegalStateException("no formulas in " + kernel);
        };
    }

    /** The shape that formulas run over; null for other steps. */
    hoag.kernels.Shape space() {
        return switch (kernel) {
            case Kernel.Pointwise pointwise -> pointwise.space();
            case Kernel.Reduce reduce -> reduce.space();
            case null, default -> null;
        };
    }

    /** What it does, in words and formulas. */
    @Override
    public String toString() {
        return switch (kernel) {
            case null -> "view" + (offset == 0 ? "" : " from " + offset);
            case Kernel.Pointwise pointwise -> "pointwise " + lines(pointwise.formulas());
            case Kernel.Reduce reduce ->
                reduce.fold().name().toLowerCase(java.util.Locale.ROOT) + " over axes "
                        + java.util.Arrays.toString(reduce.axes()) + " of " + lines(reduce.maps());
            default -> kernel.toString();
        };
    }

    private static String lines(List<Expr> formulas) {
        return formulas.stream().map(Expr::toString).collect(java.util.stream.Collectors.joining(" | "));
    }
}
