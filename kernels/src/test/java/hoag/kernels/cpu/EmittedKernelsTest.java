package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Emitted kernels for every vector width give the bits of their plain twins. */
class EmittedKernelsTest {
    private final Random random = new Random(2);

    private float[] random(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    private List<DepthwiseAxis> axes() {
        return List.of(
                DepthwiseAxis.forward(30, 30, 3, 1, 1, 1),
                DepthwiseAxis.forward(28, 14, 5, 2, 1, 2),
                DepthwiseAxis.forward(9, 9, 7, 1, 1, 3),
                DepthwiseAxis.forward(11, 5, 2, 3, 2, 4),
                DepthwiseAxis.backward(14, 28, 5, 2, 1, 2, false),
                DepthwiseAxis.backward(6, 16, 3, 3, 2, 1, false),
                DepthwiseAxis.backward(9, 9, 3, 1, 1, 1, true));
    }

    @Test
    void depthwiseRows() {
        for (int lanes = 4; lanes <= Lanes.count(); lanes *= 2) {
            for (var axis : axes()) {
                float[] x = random(axis.in() * axis.in() * 16);
                float[] w = random(axis.taps() * axis.taps() * 16);
                int[] table = axis.table(axis.in() * 16, axis.taps() * 16);
                for (var chunk : axis.chunks(DepthwiseKernels.pixels(axis.taps(), lanes))) {
                    float[] emitted = random(axis.out() * axis.out() * 16);
                    float[] plain = emitted.clone();
                    for (var kernel : List.of(
                            DepthwiseKernels.emitRows(chunk.pattern(), lanes),
                            new PlainDepthwise.Rows(chunk.pattern(), lanes))) {
                        float[] y = kernel instanceof PlainDepthwise.Rows ? plain : emitted;
                        kernel.run(
                                x,
                                chunk.source() * 16,
                                axis.sourceStep() * axis.in() * 16,
                                table,
                                1,
                                axis.out(),
                                w,
                                0,
                                axis.tapStep() * axis.taps() * 16,
                                y,
                                chunk.first() * 16,
                                axis.out() * 16);
                    }
                    assertArrayEquals(plain, emitted, lanes + " lanes, " + axis);
                }
            }
        }
    }

    @Test
    void depthwiseSums() {
        for (int lanes = 4; lanes <= Lanes.count(); lanes *= 2) {
            for (var axis : axes().subList(0, 4)) {
                float[] x = random(3 * axis.in() * 16);
                float[] dy = random(3 * axis.out() * 16);
                for (var chunk : axis.chunks(DepthwiseKernels.pixels(axis.taps(), lanes))) {
                    float[] emitted = random(axis.taps() * 16);
                    float[] plain = emitted.clone();
                    DepthwiseKernels.emitSums(chunk.pattern(), lanes)
                            .run(
                                    x,
                                    chunk.source() * 16,
                                    axis.in() * 16,
                                    dy,
                                    chunk.first() * 16,
                                    axis.out() * 16,
                                    0,
                                    3,
                                    emitted,
                                    0);
                    new PlainDepthwise.Sums(chunk.pattern(), lanes)
                            .run(
                                    x,
                                    chunk.source() * 16,
                                    axis.in() * 16,
                                    dy,
                                    chunk.first() * 16,
                                    axis.out() * 16,
                                    0,
                                    3,
                                    plain,
                                    0);
                    assertArrayEquals(plain, emitted, lanes + " lanes, " + axis);
                }
            }
        }
    }

    @Test
    void filterTiles() {
        for (int lanes = 4; lanes <= Lanes.count(); lanes *= 2) {
            for (int blocks = 1; blocks <= 3; blocks++) {
                for (var offsets : List.of(
                        IntStream.range(0, FilterTiles.channels(blocks, lanes))
                                .boxed()
                                .toList(),
                        List.of(0, 1, 2, 40, 41, 42))) {
                    float[] v = random(9 * blocks * 16);
                    float[] b = random(9 * 16 + 50);
                    int[] pairs = IntStream.range(0, 18)
                            .map(i -> i / 2 * 16 % (i % 2 == 0 ? 96 : 144))
                            .toArray();
                    float[] emitted = random(offsets.size() * blocks * 16);
                    float[] plain = emitted.clone();
                    FilterTiles.emit(offsets, blocks, lanes)
                            .run(v, 0, 3 * 16, b, 1, pairs, 2, 12, emitted, 0, blocks * 16);
                    new PlainFilterTile(offsets, blocks).run(v, 0, 3 * 16, b, 1, pairs, 2, 12, plain, 0, blocks * 16);
                    assertArrayEquals(plain, emitted, lanes + " lanes, " + blocks + " blocks");
                }
            }
        }
    }
}
