package hoag.engine.onnx;

import hoag.engine.Variable;
import hoag.kernels.FormatException;
import hoag.kernels.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** TensorProto: numbers in a file, as raw bytes or one by one. */
final class OnnxTensors {
    /** Floating-point tensors from this size on are weights. */
    private static final int WEIGHT = 2;

    private OnnxTensors() {}

    /** A tensor and its name; {@code real} if its numbers are floating-point. */
    record Named(String name, OnnxValue value, boolean real) {}

    static Named read(Object source, ProtoReader reader) {
        List<Integer> dims = new ArrayList<>();
        List<Double> single = new ArrayList<>();
        int[] type = {0};
        String[] name = {""};
        ByteBuffer[] raw = new ByteBuffer[1];
        boolean[] outside = {false};
        reader.each((tensor, field) -> {
            switch (field) {
                case 1 -> wholes(source, tensor, dims);
                case 2 -> type[0] = (int) tensor.whole();
                case 4 -> numbers(source, tensor, single, 4);
                case 5, 7 -> numbers(source, tensor, single, 0);
                case 8 -> name[0] = tensor.text();
                case 9 -> raw[0] = tensor.part();
                case 10 -> numbers(source, tensor, single, 8);
                case 14 -> outside[0] = tensor.whole() == 1;
                default -> {}
            }
        });
        if (outside[0]) {
            throw new FormatException(source + ": " + name[0]
                    + " stands in another file, which is not supported; save the model as one file");
        }
        int[] shape = dims.stream().mapToInt(dim -> dim).toArray();
        long count = Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
        if (raw[0] != null && type[0] == 1 && count >= WEIGHT) {
            return new Named(name[0], weight(name[0], shape, floats(source, name[0], raw[0], count)), true);
        }
        double[] numbers = raw[0] != null
                ? decoded(source, name[0], type[0], raw[0], count)
                : single.stream().mapToDouble(number -> number).toArray();
        if (numbers.length != count) {
            throw new FormatException(source + ": " + name[0] + " has " + numbers.length + " numbers, its shape "
                    + Arrays.toString(shape) + " wants " + count);
        }
        return new Named(
                name[0],
                isReal(type[0]) && count >= WEIGHT
                        ? weight(name[0], shape, single(numbers))
                        : new OnnxValue.Known(shape, numbers),
                isReal(type[0]));
    }

    private static boolean isReal(int type) {
        return type == 1 || type == 10 || type == 11 || type == 16;
    }

    private static float[] single(double[] numbers) {
        float[] values = new float[numbers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers[i];
        }
        return values;
    }

    private static OnnxValue weight(String name, int[] dims, float[] values) {
        Variable variable = Variable.buffer(name, Shape.of(dims));
        variable.set(values);
        return new OnnxValue.Weight(variable);
    }

    private static void wholes(Object source, ProtoReader reader, List<Integer> to) {
        List<Double> numbers = new ArrayList<>();
        numbers(source, reader, numbers, 0);
        numbers.forEach(number -> to.add(number.intValue()));
    }

    /** @param width bytes of a floating-point number, 0 for whole ones */
    private static void numbers(Object source, ProtoReader reader, List<Double> to, int width) {
        boolean packed = reader.isPacked();
        ProtoReader from = packed ? new ProtoReader(source, reader.part()) : reader;
        do {
            if (packed && !from.hasMore()) {
                return;
            }
            to.add(width == 4 ? from.real() : width == 8 ? from.wide() : (double) from.whole());
        } while (packed);
    }

    private static double[] decoded(Object source, String name, int type, ByteBuffer raw, long count) {
        int width = switch (type) {
            case 2, 3, 9 -> 1;
            case 10, 16 -> 2;
            case 1, 6 -> 4;
            case 7, 11 -> 8;
            default ->
                throw new FormatException(source + ": " + name + " is of data type " + type
                        + "; Hoag reads float, double, float16, bfloat16, int32, int64, int8, uint8 and bool");
        };
        ByteBuffer bytes = sized(source, name, raw, count * width);
        double[] numbers = new double[(int) count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (type) {
                case 1 -> bytes.getFloat(4 * i);
                case 6 -> bytes.getInt(4 * i);
                case 7 -> bytes.getLong(8 * i);
                case 11 -> bytes.getDouble(8 * i);
                case 10 -> Float.float16ToFloat(bytes.getShort(2 * i));
                case 16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
                case 3 -> bytes.get(i);
                default -> bytes.get(i) & 255;
            };
        }
        return numbers;
    }

    /** float32 as it is: the weights of a network are not held twice as wide. */
    private static float[] floats(Object source, String name, ByteBuffer raw, long count) {
        float[] numbers = new float[sized(source, name, raw, count * 4).remaining() / 4];
        raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
        return numbers;
    }

    private static ByteBuffer sized(Object source, String name, ByteBuffer raw, long bytes) {
        if (raw.remaining() != bytes) {
            throw new FormatException(
                    source + ": " + name + " has " + raw.remaining() + " bytes, its shape wants " + bytes);
        }
        return raw.order(ByteOrder.LITTLE_ENDIAN);
    }
}
