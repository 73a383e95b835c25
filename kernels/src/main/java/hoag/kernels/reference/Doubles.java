package hoag.kernels.reference;

import hoag.kernels.Buffer;

/** One operand: a stretch of float64 numbers in row-major order, counted from 0. */
record Doubles(double[] data, int offset) {
    static Doubles of(Buffer buffer) {
        return new Doubles(buffer.doubles(), buffer.offset());
    }

    double get(int i) {
        return data[offset + i];
    }

    void set(int i, double value) {
        data[offset + i] = value;
    }

    void add(int i, double value) {
        data[offset + i] += value;
    }

    void fill(int count, double value) {
        java.util.Arrays.fill(data, offset, offset + count, value);
    }
}
