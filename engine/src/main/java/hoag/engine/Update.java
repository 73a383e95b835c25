package hoag.engine;

import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.List;

/**
 * target[i] = formula[i](inputs), in place, all of one shape. Every read of a variable in the same program sees the value from before the
 * run: updates happen last.
 */
public record Update(List<Variable> targets, List<Expr> formulas) implements Op {
    /** @throws ConfigException when there are no targets, or not as many formulas */
    public Update {
        targets = List.copyOf(targets);
        formulas = List.copyOf(formulas);
        if (targets.isEmpty() || targets.size() != formulas.size()) {
            throw new ConfigException("update: " + targets.size() + " targets and " + formulas.size()
                    + " formulas; there must be as many of each");
        }
    }

    /** A node that writes new values into variables when it runs. */
    public static Tensor of(List<Variable> targets, List<Expr> formulas, Tensor... inputs) {
        return new Tensor(new Update(targets, formulas), List.of(inputs));
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        Shape shape = targets.getFirst().shape();
        for (Variable target : targets) {
            if (!target.shape().equals(shape)) {
                throw new ShapeException("update: targets " + targets + " have different shapes");
            }
        }
        for (Shape input : inputs) {
            if (!input.broadcastsTo(shape)) {
                throw new ShapeException("update: operand " + input + " does not broadcast to " + targets.getFirst());
            }
        }
        return shape;
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        throw new ConfigException("no gradient flows through an update of " + targets);
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return new Kernel.Pointwise(shape, inputs, formulas);
    }
}
