package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Unary;
import hoag.kernels.cpu.Loops.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Hard functions and their slopes over the whole float32 range, as the CPU computes them, against 60 digits. The rule: where PyTorch's float32
 * is within 4 units in the last place be within 16; elsewhere within 4 of its errors plus 1e-6.
 */
class NumericTest {
    private static final Golden GOLDEN = new Golden("/golden/numeric.safetensors");
    private static final Expr X = Expr.in(0);
    private static final Map<String, Expr> FUNCTIONS = new LinkedHashMap<>();

    static {
        for (Unary op : List.of(
                Unary.LGAMMA,
                Unary.DIGAMMA,
                Unary.TRIGAMMA,
                Unary.SOFTPLUS,
                Unary.LOG1P,
                Unary.EXPM1,
                Unary.ERF,
                Unary.ERFC,
                Unary.EXP,
                Unary.LOG,
                Unary.SIGMOID,
                Unary.LOG_SIGMOID,
                Unary.TANH,
                Unary.SQRT)) {
            FUNCTIONS.put(op.name().toLowerCase(java.util.Locale.ROOT), X.apply(op));
        }
        FUNCTIONS.put("silu", X.times(X.sigmoid()));
        FUNCTIONS.put("gelu", X.times(X.apply(Unary.NORMAL_CDF)));
        FUNCTIONS.put("rsqrt", Expr.of(1).over(X.sqrt()));
        FUNCTIONS.put("abs", X.apply(Unary.ABS));
        FUNCTIONS.put("clamp01", X.max(Expr.of(0)).min(Expr.of(1)));
        FUNCTIONS.put("floor", X.apply(Unary.FLOOR));
        FUNCTIONS.put("round", X.apply(Unary.ROUND_EVEN));
        FUNCTIONS.put("reciprocal", Expr.of(1).over(X));
        FUNCTIONS.put("relu", X.max(Expr.of(0)));
        FUNCTIONS.put("square", X.square());
    }

    /** The formula in vectors of 16 lanes if it has them, else as it is. */
    private static float[] run(Expr formula, float[]... inputs) {
        var key = new Loops.Key(List.of(formula), Collections.nCopies(inputs.length, Kind.STREAM), null, Lanes.count());
        Loop loop = Lowering.of(key.formulas())
                .map(program -> Loops.vectors(key, program))
                .orElseGet(() -> Loops.made(key));
        var arrays = new ArrayList<float[]>();
        for (float[] input : inputs) {
            arrays.add(java.util.Arrays.copyOf(input, input.length + 16));
        }
        float[] result = new float[inputs[0].length];
        arrays.add(result);
        loop.run(arrays.toArray(float[][]::new), new int[arrays.size()], result.length);
        return result;
    }

    private static void check(String what, float[] x, double[] truth, float[] torch, float[] got) {
        for (int i = 0; i < got.length; i++) {
            double allowed = allowed(truth[i], torch[i]);
            boolean underflow = Math.abs(truth[i]) < 1.2e-38 && Math.abs(got[i]) <= 1.2e-38;
            boolean overflow =
                    Math.abs(truth[i]) > 3.4e38 && got[i] == Math.copySign(Double.POSITIVE_INFINITY, truth[i]);
            if (!underflow && !overflow) {
                assertEquals(truth[i], got[i], allowed, what + " at " + x[i] + ", PyTorch " + torch[i]);
            }
        }
    }

    private static double allowed(double truth, float torch) {
        double ulp = Math.ulp((float) Math.abs(truth));
        return Math.abs(torch - truth) <= 4 * ulp
                ? 16 * ulp
                : 4 * Math.abs(torch - truth) + 1e-6 * Math.max(1, Math.abs(truth));
    }

    /** Of these the file has slopes too. */
    private static final List<String> SLOPED = List.of(
            "lgamma",
            "digamma",
            "softplus",
            "log1p",
            "expm1",
            "erf",
            "erfc",
            "exp",
            "log",
            "sigmoid",
            "log_sigmoid",
            "tanh",
            "silu",
            "gelu",
            "sqrt",
            "rsqrt");

    @TestFactory
    Stream<DynamicTest> values() {
        return Stream.concat(SLOPED.stream(), Stream.of("trigamma"))
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    float[] x = GOLDEN.floats(name + "/in/x");
                    check(
                            name,
                            x,
                            GOLDEN.doubles(name + "/out/y"),
                            GOLDEN.floats(name + "/torch32/y"),
                            run(FUNCTIONS.get(name), x));
                }));
    }

    @TestFactory
    Stream<DynamicTest> slopes() {
        return SLOPED.stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    float[] x = GOLDEN.floats(name + "/in/x");
                    float[] got = run(FUNCTIONS.get(name).derivative(0), x);
                    check(
                            "slope of " + name,
                            x,
                            GOLDEN.doubles(name + "/slope/x"),
                            GOLDEN.floats(name + "/torch32/slope"),
                            got);
                }));
    }

    @TestFactory
    Stream<DynamicTest> ofTwo() {
        Expr pow = X.apply(Binary.POW, Expr.in(1));
        Expr rising = X.apply(Binary.RISING, Expr.in(1));
        return Stream.of(
                DynamicTest.dynamicTest("pow", () -> {
                    float[] x = GOLDEN.floats("pow/in/base");
                    check(
                            "pow",
                            x,
                            GOLDEN.doubles("pow/out/y"),
                            GOLDEN.floats("pow/torch32/y"),
                            run(pow, x, GOLDEN.floats("pow/in/exponent")));
                }),
                DynamicTest.dynamicTest("rising", () -> {
                    float[] a = GOLDEN.floats("rising/in/a");
                    float[] k = GOLDEN.floats("rising/in/k");
                    double[] truth = GOLDEN.doubles("rising/out/y");
                    check("rising", a, truth, rounded(truth), run(rising, a, k));
                    double[] slope = GOLDEN.doubles("rising/slope/a");
                    check("slope of rising", a, slope, rounded(slope), run(rising.derivative(0), a, k));
                }));
    }

    private static float[] rounded(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** NaN, infinities, zeros. */
    @TestFactory
    Stream<DynamicTest> ends() {
        return FUNCTIONS.keySet().stream()
                .filter(name -> !name.equals("trigamma") && !name.equals("log_sigmoid"))
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    float[] x = GOLDEN.floats("special/" + name + "/in/x");
                    double[] truth = GOLDEN.doubles("special/" + name + "/out/y");
                    float[] got = run(FUNCTIONS.get(name), x);
                    for (int i = 0; i < got.length; i++) {
                        float wanted = (float) truth[i];
                        if (Math.abs(truth[i]) > 0 && Math.abs(truth[i]) < 1.2e-38 && got[i] == 0) {
                            continue; // zero is accepted where the truth is denormal
                        }
                        boolean same = Float.isNaN(wanted)
                                ? Float.isNaN(got[i])
                                : wanted == got[i] || Math.abs(wanted - got[i]) <= 4 * Math.ulp(wanted);
                        assertEquals(true, same, name + " at " + x[i] + ": " + got[i] + " instead of " + wanted);
                    }
                }));
    }
}
