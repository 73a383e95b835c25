package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Backend;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AttentionsTest {
    private static final Tensor QKV = Tensor.input("x", Shape.of(2, 21, 3 * 4 * 12));

    private static Tensor attend(List<Tensor> qkv) {
        return Attention.of(qkv.get(0), qkv.get(1), qkv.get(2), null, 0.3);
    }

    /** Negative if none of them is an attention. */
    private static int launches(Map<String, Tensor> outputs) {
        try (Backend cpu = new CpuBackend(2)) {
            List<Kernel> kernels = new ArrayList<>();
            Program.compile(cpu, outputs).plan.steps().stream()
                    .filter(step -> !step.isView())
                    .forEach(step -> kernels.add(step.kernel()));
            return kernels.stream().anyMatch(Kernel.Attention.class::isInstance) ? kernels.size() : -kernels.size();
        }
    }

    private static float[] run(Backend backend, Tensor y) {
        Random random = new Random(5);
        try (backend;
                Workspace workspace = Program.compile(backend, Map.of("y", y)).workspace()) {
            float[] x = new float[QKV.shape().size()];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian();
            }
            return workspace.feed("x", x).run().output("y");
        }
    }

    private static void oneLaunch(Tensor y, int launches) {
        assertEquals(launches, launches(Map.of("y", y)));
        float[] two = run(new CpuBackend(2), y);
        assertArrayEquals(run(new ReferenceBackend(), y), two, 1e-5f);
        assertArrayEquals(two, run(new CpuBackend(5), y), 0, "the bits depend on the threads");
    }

    @Test
    void headsThatAreSplitFromOneTensorAndJoinedAgainAreOneLaunch() {
        oneLaunch(Attention.join(attend(Attention.split(QKV, 4))), 1);
        oneLaunch(Attention.join(attend(Attention.splitHeadFirst(QKV, 4))), 1);
    }

    @Test
    void headsThatStayApartAreOneLaunchBesideTheSplit() {
        oneLaunch(attend(Attention.split(QKV, 4)), 2);
    }

    @Test
    void aResultThatIsCutInOtherWaysThanIntoHeadsStaysAsItIs() {
        Tensor heads = attend(Attention.split(QKV, 4));
        oneLaunch(heads.reshape(2, 4, 7, 36).permute(0, 2, 1, 3), 3);
        oneLaunch(heads.reshape(4, 6, 7, 12).permute(0, 2, 1, 3), 3);
    }

    @Test
    void keysAndValuesOfTheirOwnWillDo() {
        Tensor q = QKV.reshape(2, 7, 36, 12);
        Tensor k = QKV.slice(1, 0, 7).reshape(2, 7, 12, 12);
        oneLaunch(Attention.of(q, k, k.mul(2), null, 1), 3);
    }

    private static Tensor biased(Shape of) {
        List<Tensor> qkv = Attention.split(QKV, 4);
        Tensor bias = Tensor.range(of.size())
                .mul(0.37)
                .map(hoag.kernels.Expr.in(0).apply(hoag.kernels.Unary.TANH))
                .reshape(of);
        return Attention.join(Attention.of(qkv.get(0), qkv.get(1), qkv.get(2), bias, 0.3));
    }

    @Test
    void aBiasOfTheScoresIsPartOfTheLaunch() {
        oneLaunch(biased(Shape.of(4, 21, 21)), 1);
        oneLaunch(biased(Shape.of(1, 4, 21, 21)), 1);
        oneLaunch(biased(Shape.of(2, 4, 21, 21)), 1);
        oneLaunch(biased(Shape.of(21, 21)), 1);
    }

    @Test
    void aBiasThatIsNotMadeOfWholeMatricesInTurnIsAddedToTheScores() {
        for (Shape shape : List.of(Shape.of(2, 1, 21, 21), Shape.of(4, 1, 21), Shape.of(4, 21, 1))) {
            assertTrue(launches(Map.of("y", biased(shape))) < 0, shape.toString());
            assertArrayEquals(run(new ReferenceBackend(), biased(shape)), run(new CpuBackend(2), biased(shape)), 1e-5f);
        }
    }

    @Test
    void maskedKeysCountNothing() {
        List<Tensor> qkv = Attention.split(QKV, 4);
        oneLaunch(Attention.join(Attention.of(qkv.get(0), qkv.get(1), qkv.get(2), Attention.causal(21, 21), 0.3)), 1);
    }

    @Test
    void scoresAndWeightsThatAreReadElsewhereAreWritten() {
        List<Tensor> qkv = Attention.split(QKV, 4);
        Tensor weights = qkv.get(0).matmulTransposed(qkv.get(1)).softmax(-1);
        assertTrue(launches(Map.of("y", weights.matmul(qkv.get(2)), "weights", weights)) < 0);
        assertTrue(launches(Map.of("weights", weights)) < 0);
    }

    /** Reshapes may stand between; what they mean for the softmax must not change. */
    @Test
    void aSoftmaxOverAnythingButTheKeysIsNoAttention() {
        Tensor q = QKV.reshape(2, 7, 36, 12);
        Tensor k = QKV.slice(1, 0, 14).reshape(2, 7, 24, 12);
        Tensor scores = q.mul(0.3).matmulTransposed(k);
        agrees(scores.reshape(2, 7, 72, 12).softmax(-1).reshape(2, 7, 36, 24).matmul(k));
        Tensor bias = Tensor.range(2 * 24).reshape(2, 24).mul(0.1);
        agrees(scores.reshape(2, 7 * 18, 2, 24)
                .add(bias)
                .softmax(-1)
                .reshape(2, 7, 36, 24)
                .matmul(k));
        agrees(scores.reshape(2, 7, 36 * 24).softmax(-1).reshape(2, 7, 36, 24).matmul(k));
    }

    @Test
    void weightsThatAreOneMatrixForOneSetOfValuesAgree() {
        Tensor q = QKV.reshape(2, 7, 36, 12);
        Tensor k = QKV.slice(1, 0, 14).reshape(2, 7, 24, 12);
        Tensor weights = q.matmulTransposed(k).mul(0.3).softmax(-1);
        Tensor one = k.slice(0, 1, 1).slice(1, 3, 1).reshape(1, 24, 12);
        agrees(weights.reshape(1, 2 * 7 * 36, 24).matmul(one));
        agrees(weights.reshape(2 * 7 * 2, 18, 24).matmul(Tensor.concat(0, k, k).reshape(2 * 7 * 2, 24, 12)));
        agrees(weights.slice(0, 1, 1).matmul(k.slice(0, 1, 1)));
    }

    private static void agrees(Tensor y) {
        agree(run(new ReferenceBackend(), y), run(new CpuBackend(2), y));
    }

    /** To a few roundings of the largest. */
    private static void agree(float[] truth, float[] found) {
        float largest = 1;
        for (float value : truth) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(truth, found, 1e-5f * largest);
    }

    private static Tensor gradient(Tensor y, Tensor of) {
        return Gradients.of(y.square().sum(), List.of(of)).getFirst();
    }

    private static long gradients(Map<String, Tensor> outputs) {
        try (Backend cpu = new CpuBackend(2)) {
            return Program.compile(cpu, outputs).plan.steps().stream()
                    .filter(step -> step.kernel() instanceof Kernel.AttentionGradient)
                    .count();
        }
    }

    /** The gradient is one launch too, and the result is not made of other weights than it. */
    private static void oneGradient(Tensor y, int launches) {
        Tensor gradient = gradient(y, QKV);
        assertEquals(1, gradients(Map.of("y", y, "gradient", gradient)));
        assertEquals(launches, launches(Map.of("y", y, "gradient", gradient)));
        float[] two = run(new CpuBackend(2), gradient);
        agree(run(new ReferenceBackend(), gradient), two);
        assertArrayEquals(two, run(new CpuBackend(5), gradient), 0, "the bits depend on the threads");
    }

    @Test
    void theGradientOfHeadsThatWereSplitIsOneLaunch() {
        oneGradient(Attention.join(attend(Attention.split(QKV, 4))), 3); // with that of the square
        oneGradient(Attention.join(attend(Attention.splitHeadFirst(QKV, 4))), 3);
        oneGradient(biased(Shape.of(4, 21, 21)), 3);
    }

    @Test
    void theGradientsOfHeadsThatStayApartAreOneLaunchBeforeTheyAreJoined() {
        Tensor q = QKV.reshape(2, 7, 36, 12);
        Tensor k = QKV.slice(1, 0, 7).reshape(2, 7, 12, 12);
        Tensor y = Attention.of(q, k, k.mul(2), null, 1);
        assertEquals(1, gradients(Map.of("gradient", gradient(y, QKV))));
        agrees(gradient(y, QKV));
        Tensor heads = attend(Attention.split(QKV, 4)).reshape(4, 6, 7, 12).permute(0, 2, 1, 3);
        assertEquals(1, gradients(Map.of("gradient", gradient(heads, QKV))));
        agrees(gradient(heads, QKV));
    }

    @Test
    void aBiasWithAGradientOfItsOwnLeavesTheGradientInSteps() {
        List<Tensor> qkv = Attention.split(QKV, 4);
        Tensor bias = QKV.slice(2, 0, 21).reshape(2, 1, 21, 21);
        Tensor y = Attention.of(qkv.get(0), qkv.get(1), qkv.get(2), bias, 0.3);
        assertEquals(0, gradients(Map.of("gradient", gradient(y, QKV))));
        agrees(gradient(y, QKV));
    }

    @Test
    void weightsThatAreReadBesideTheirGradientAreWritten() {
        List<Tensor> qkv = Attention.split(QKV, 4);
        Tensor weights = qkv.get(0).matmulTransposed(qkv.get(1)).softmax(-1);
        Tensor y = weights.matmul(qkv.get(2));
        assertEquals(0, gradients(Map.of("weights", weights, "gradient", gradient(y, QKV))));
        assertEquals(0, gradients(Map.of("spread", weights.square().sum(-1), "gradient", gradient(y, QKV))));
        Tensor both = y.square().sum().add(weights.square().sum());
        Tensor gradient = Gradients.of(both, List.of(QKV)).getFirst();
        assertEquals(0, gradients(Map.of("gradient", gradient)));
        agrees(gradient);
    }

    /** Square weights behind another factor of their size multiply no values. */
    @Test
    void weightsThatAreARightFactorAreNoAttention() {
        Tensor q = QKV.reshape(2, 7, 36, 12);
        Tensor k = QKV.mul(0.5).reshape(2, 7, 36, 12);
        Tensor weights = q.mul(0.3).matmulTransposed(k).softmax(-1);
        Tensor left = q.slice(3, 0, 1).mul(k.slice(3, 1, 1).permute(0, 1, 3, 2));
        Tensor y = left.matmul(weights);
        assertTrue(launches(Map.of("y", y)) < 0);
        agrees(y);
        agrees(gradient(y, QKV));
    }

    @Test
    void theGradientOfOnlyTheValuesStaysAsItIs() {
        Tensor v = QKV.mul(1.5).reshape(2, 7, 36, 12);
        Tensor q = QKV.reshape(2, 7, 36, 12).stopGradient();
        Tensor y = Attention.of(q, q.mul(0.2), v, null, 0.3);
        assertEquals(0, gradients(Map.of("gradient", gradient(y, QKV))));
        agrees(gradient(y, QKV));
    }
}
