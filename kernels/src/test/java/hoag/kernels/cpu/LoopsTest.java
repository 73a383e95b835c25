package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Unary;
import hoag.kernels.cpu.Loops.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Emitted loops: every width gives the bits of the plain twin, and these are near the formula in float64. */
class LoopsTest {
    private static final List<Binary> OPERATIONS = List.of(
            Binary.ADD,
            Binary.ADD,
            Binary.SUB,
            Binary.MUL,
            Binary.MUL,
            Binary.DIV,
            Binary.MAX,
            Binary.MIN,
            Binary.LT,
            Binary.LE,
            Binary.EQ,
            Binary.NE);
    private static final List<Unary> FUNCTIONS = Arrays.stream(Unary.values())
            .filter(op -> Loops.vectorised(List.of(Expr.in(0).apply(op))))
            .toList();

    private final Random random = new Random(11);

    private Expr formula(int operands, int depth) {
        if (depth == 0) {
            return random.nextInt(4) == 0 ? Expr.of(random.nextInt(5) / 2.0 - 1) : Expr.in(random.nextInt(operands));
        }
        return switch (random.nextInt(6)) {
            case 0, 1 -> formula(operands, depth - 1).apply(FUNCTIONS.get(random.nextInt(FUNCTIONS.size())));
            case 2 ->
                Expr.where(formula(operands, depth - 1), formula(operands, depth - 1), formula(operands, depth - 1));
            default ->
                formula(operands, depth - 1)
                        .apply(OPERATIONS.get(random.nextInt(OPERATIONS.size())), formula(operands, depth - 1));
        };
    }

    /** Operand arrays with some odd values, each starting at its own offset; results filled with 7. */
    private float[][] arrays(int inputs, int results, int length) {
        float[][] arrays = new float[inputs + results][length + 64];
        for (int i = 0; i < arrays.length; i++) {
            for (int j = 0; j < arrays[i].length; j++) {
                arrays[i][j] = i >= inputs ? 7 : odd(random.nextInt(60)) * (float) random.nextGaussian();
            }
        }
        return arrays;
    }

    private static float odd(int kind) {
        return switch (kind) {
            case 0 -> 0;
            case 1 -> Float.NaN;
            case 2 -> Float.POSITIVE_INFINITY;
            case 3 -> 1e30f;
            case 4 -> 1e-30f;
            case 5 -> 50;
            default -> 1;
        };
    }

    private static float[][] copy(float[][] arrays) {
        return Arrays.stream(arrays).map(float[]::clone).toArray(float[][]::new);
    }

    private List<Kind> kinds(int inputs) {
        List<Kind> kinds = new ArrayList<>(List.of(Kind.STREAM));
        while (kinds.size() < inputs) {
            kinds.add(Kind.values()[random.nextInt(3)]);
        }
        return kinds;
    }

    private int length(List<Kind> kinds) {
        return kinds.contains(Kind.LANES) ? 16 * random.nextInt(1, 6) : random.nextInt(1, 80);
    }

    private int[] offsets(int operands) {
        return random.ints(operands, 0, 20).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 8, 4})
    void everyWidthGivesTheTwinsBits(int lanes) {
        for (int i = 0; i < 150; i++) {
            int inputs = random.nextInt(1, 4);
            List<Kind> kinds = kinds(inputs);
            Fold fold = i % 3 == 0
                    ? List.of(Fold.SUM, Fold.MAX, Fold.MIN, Fold.PROD).get(random.nextInt(4))
                    : null;
            var key = new Loops.Key(
                    List.of(formula(inputs, 3), formula(inputs, 2)), kinds, fold, random.nextBoolean(), lanes);
            var program = Lowering.of(key.formulas()).orElseThrow();
            int length = length(kinds);
            float[][] twin = arrays(inputs, 2, length);
            float[][] vectors = copy(twin);
            int[] offsets = offsets(inputs + 2);
            Loops.plain(key, program).run(twin, offsets, length);
            Loops.vectors(key, program).run(vectors, offsets, length);
            for (int f = inputs; f < inputs + 2; f++) {
                assertArrayEquals(twin[f], vectors[f], key + ", length " + length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Unary.class)
    void functionsAreNearFloat64(Unary op) {
        Expr formula = Expr.in(0).apply(op);
        Loop loop = Loops.made(new Loops.Key(List.of(formula), List.of(Kind.STREAM), null, 16));
        float[] x = new float[4096];
        float[] y = new float[4096];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 2048) / 128f;
        }
        loop.run(new float[][] {x, y}, new int[2], 4000);
        for (int i = 0; i < 4000; i++) {
            double truth = op.evaluate(x[i]);
            if (Double.isFinite(truth)) {
                assertEquals(truth, y[i], 6e-7 * Math.abs(truth) + 1e-38, op + " at " + x[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 8, 4})
    void resultsMayLieOnInputs(int lanes) {
        var formulas = List.of(Expr.in(0).plus(Expr.in(1)), Expr.in(0).minus(Expr.in(1)));
        var key = new Loops.Key(formulas, List.of(Kind.STREAM, Kind.STREAM), null, lanes);
        float[] a = new float[64];
        float[] b = new float[64];
        Arrays.fill(a, 5);
        Arrays.fill(b, 3);
        Loops.vectors(key, Lowering.of(formulas).orElseThrow()).run(new float[][] {a, b, a, b}, new int[4], 37);
        assertEquals(8, a[36]);
        assertEquals(2, b[36]);
        assertEquals(5, a[37], "what lies behind the run stays");
    }

    /** Where vectors take over from the twin, nothing changes. */
    @Test
    void aLongRunKeepsItsBits() {
        Expr x = Expr.in(0);
        Loop loop = Loops.map(List.of(x.times(x.sigmoid()).plus(x.apply(Unary.TANH))), List.of(Kind.STREAM));
        float[][] arrays = {new float[40_016], new float[40_016]};
        for (int i = 0; i < 40_000; i++) {
            arrays[0][i] = (float) random.nextGaussian();
        }
        loop.run(arrays, new int[2], 40_000);
        float[] first = arrays[1].clone();
        for (int i = 0; i < 200; i++) {
            loop.run(arrays, new int[2], 40_000);
            assertArrayEquals(first, arrays[1]);
        }
    }

    @Test
    void formulasOfAnyLengthAreComputed() {
        Expr sum = Expr.in(0);
        for (int i = 1; i <= 100; i++) {
            sum = sum.plus(Expr.in(0).times(i).apply(Unary.ERF));
        }
        float[] y = new float[40];
        float[] x = new float[40];
        Arrays.fill(x, 0.02f);
        Loops.map(List.of(sum), List.of(Kind.STREAM)).run(new float[][] {x, y}, new int[2], 20);
        assertEquals(sum.evaluate(o -> 0.02f), y[19], 1e-5);
    }

    @Test
    void aFusedProductIsRoundedOnce() {
        Expr formula = Expr.in(0).times(Expr.in(0)).plus(-1);
        float x = 1 + 0x1p-12f;
        float[] y = new float[17];
        Loops.map(List.of(formula), List.of(Kind.SCALAR)).run(new float[][] {{x}, y}, new int[2], 1);
        assertEquals(Math.fma(x, x, -1), y[0]);
    }

    @Test
    void derivativesAreFiniteDifferences() {
        var settings = Collections.unmodifiableList(OPERATIONS.subList(0, 6));
        int checked = 0;
        for (int i = 0; i < 400; i++) {
            Expr inner = Expr.in(0).apply(settings.get(random.nextInt(6)), Expr.of(random.nextInt(1, 4)));
            Unary op = Unary.values()[random.nextInt(Unary.values().length)];
            if (op == Unary.TRIGAMMA) {
                continue;
            }
            Expr formula = inner.apply(op).apply(settings.get(random.nextInt(5)), inner);
            double x = random.nextDouble(0.3, 2.7);
            double h = 1e-5;
            double slope = (formula.evaluate(o -> x + h) - formula.evaluate(o -> x - h)) / (2 * h);
            double bent =
                    (formula.evaluate(o -> x + h) - 2 * formula.evaluate(o -> x) + formula.evaluate(o -> x - h)) / h;
            if (Double.isFinite(slope) && Math.abs(bent) < 1e-2) {
                assertEquals(
                        slope,
                        formula.derivative(0).evaluate(o -> x),
                        1e-4 * Math.max(1, Math.abs(slope)),
                        formula + " at " + x);
                checked++;
            }
        }
        assertTrue(checked > 200, checked + " formulas checked");
    }

    @ParameterizedTest
    @EnumSource(
            value = Binary.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LT", "LE", "EQ", "NE"})
    void derivativesOfTwoAreFiniteDifferences(Binary op) {
        Expr formula = Expr.in(0).apply(op, Expr.in(1));
        for (int i = 0; i < 50; i++) {
            double[] x = {random.nextDouble(0.2, 6), random.nextDouble(0.2, 6)};
            for (int index = 0; index < 2 && Math.abs(x[0] - x[1]) > 1e-3; index++) {
                double h = 1e-5;
                double up = formula.evaluate(moved(x, index, h));
                double down = formula.evaluate(moved(x, index, -h));
                double slope = formula.derivative(index).evaluate(moved(x, index, 0));
                assertEquals(
                        (up - down) / (2 * h),
                        slope,
                        1e-6 * Math.max(1, Math.abs(slope)),
                        op + " by " + index + " at " + Arrays.toString(x));
            }
        }
    }

    private static java.util.function.IntToDoubleFunction moved(double[] x, int index, double by) {
        return operand -> operand == index ? x[operand] + by : x[operand];
    }
}
