package hoag.engine.onnx;

import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.Shape;
import java.util.Arrays;

/** What a name stands for while a file is read: something to compute, or numbers that are known. */
sealed interface OnnxValue {
    /** Known when the program runs. */
    record Node(Tensor tensor) implements OnnxValue {}

    /** A weight, by its name in the file. */
    record Weight(Variable variable) implements OnnxValue {}

    /** Known now: shapes, axes, small constants. */
    record Known(int[] dims, double[] numbers) implements OnnxValue {
        static Known of(double... numbers) {
            return new Known(new int[] {numbers.length}, numbers);
        }

        static Known of(int... numbers) {
            return of(Arrays.stream(numbers).asDoubleStream().toArray());
        }
    }

    default Tensor tensor() {
        return switch (this) {
            case Node(Tensor tensor) -> tensor;
            case Weight(Variable variable) -> variable.tensor();
            case Known(int[] dims, double[] numbers) -> {
                float[] values = new float[numbers.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) numbers[i];
                }
                yield Tensor.constant(Shape.of(dims), values);
            }
        };
    }

    default int[] dims() {
        return switch (this) {
            case Node(Tensor tensor) -> tensor.shape().toArray();
            case Weight(Variable variable) -> variable.shape().toArray();
            case Known(int[] dims, double[] ignored) -> dims;
        };
    }

    /** The numbers, or null where they are known only when the program runs. */
    default double[] numbers() {
        return switch (this) {
            case Node ignored -> null;
            case Weight(Variable variable) -> {
                float[] values = variable.values();
                double[] numbers = new double[values.length];
                Arrays.setAll(numbers, i -> values[i]);
                yield numbers;
            }
            case Known(int[] ignored, double[] numbers) -> numbers;
        };
    }
}
