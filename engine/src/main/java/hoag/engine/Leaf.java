package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/** A node without inputs: what is fed, what is constant, what is learnt. */
public sealed interface Leaf extends Op {
    /** Fed by name at each run. */
    record Input(String name, Shape of) implements Leaf {}

    /** Fixed numbers, row-major. */
    record Constant(Shape of, float[] values) implements Leaf {
        @Override
        public boolean equals(Object other) {
            return other instanceof Constant constant
                    && of.equals(constant.of)
                    && Arrays.equals(values, constant.values);
        }

        @Override
        public int hashCode() {
            return of.hashCode() * 31 + Arrays.hashCode(values);
        }
    }

    /** A variable's value before the run's updates. */
    record Of(Variable variable) implements Leaf {}

    @Override
    default Shape shape(List<Shape> inputs) {
        return switch (this) {
            case Input input -> input.of;
            case Constant constant -> constant.of;
            case Of of -> of.variable.shape();
        };
    }

    @Override
    default List<Tensor> gradient(Tensor node, Tensor up) {
        return List.of();
    }

    @Override
    default Kernel kernel(List<Shape> inputs, Shape shape) {
        return null;
    }
}
