package hoag.engine;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;

/** A formula applied element by element over {@code space}, to which the inputs broadcast. */
public record Pointwise(Expr formula, Shape space) implements Op {
    /** The node, without the operands that the formula does not use; its shape is that of all operands together. */
    static Tensor of(Expr formula, List<Tensor> operands) {
        Shape full = common(operands.stream().map(Tensor::shape).toList());
        return of(formula, operands, full);
    }

    static Tensor of(Expr formula, List<Tensor> operands, Shape full) {
        if (formula instanceof Expr.In(int index) && operands.get(index).shape().equals(full)) {
            return operands.get(index);
        }
        List<Tensor> used = new ArrayList<>();
        Expr renumbered = formula.substitute(i -> {
            int at = used.indexOf(operands.get(i));
            if (at < 0) {
                at = used.size();
                used.add(operands.get(i));
            }
            return Expr.in(at);
        });
        return new Tensor(new Pointwise(renumbered, full), used);
    }

    private static Shape common(List<Shape> shapes) {
        return shapes.stream().reduce(Shape.SCALAR, Shape::broadcast);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        for (Shape input : inputs) {
            if (!input.broadcastsTo(space)) {
                throw new hoag.kernels.ShapeException("operand " + input + " does not broadcast to " + space);
            }
        }
        return space;
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        List<Tensor> operands = new ArrayList<>(node.inputs());
        operands.add(up);
        Expr upstream = Expr.in(operands.size() - 1);
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Expr slope = formula.derivative(i);
            gradients.add(
                    slope.is(0)
                            ? null
                            : of(upstream.times(slope), operands, space)
                                    .sumTo(node.inputs().get(i).shape()));
        }
        return gradients;
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return new Kernel.Pointwise(shape, inputs, List.of(formula));
    }
}
