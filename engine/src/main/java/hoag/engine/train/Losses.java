package hoag.engine.train;

import hoag.engine.Tensor;
import hoag.kernels.Binary;
import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import hoag.kernels.Unary;

/** Losses: what falls as the model learns. Each gives one value for each sample (or element); take {@code mean()} for the scalar. */
public final class Losses {
    private Losses() {}

    /**
     * Cross-entropy in nats, weighted as PyTorch does: the mean divides by the sum of the targets' weights. Samples with a target below 0 do
     * not count.
     *
     * @param logits (n, classes)
     * @param target (n), class numbers
     * @param weights (classes), or null for ones
     * @param smoothing share of the target spread evenly over all classes, from 0 and below 1 (Szegedy et al. 2016)
     * @return scalar
     */
    public static Tensor crossEntropy(Tensor logits, Tensor target, Tensor weights, double smoothing) {
        Tensor counted = weights == null ? counts(target) : hot(logits, target).mul(across(weights));
        return crossEntropyEach(logits, target, weights, smoothing)
                .sum()
                .div(counted.sum().reshape(1))
                .reshape(Shape.SCALAR);
    }

    /** The same for each sample, (n), to be summed or weighted at will; 0 with no gradient where the target is below 0. */
    public static Tensor crossEntropyEach(Tensor logits, Tensor target, Tensor weights, double smoothing) {
        checkSmoothing(smoothing);
        int n = logits.shape().dim(0);
        Tensor negative = weightedSurprise(logits, weights);
        Tensor own = negative.mul(hot(logits, target)).sum(1).reshape(n);
        if (smoothing == 0) {
            return own;
        }
        int classes = logits.shape().dim(1);
        Expr mixed = Expr.in(0)
                .times(1 - smoothing)
                .plus(Expr.in(1).times(Expr.in(2)).times(smoothing / classes));
        return own.map(mixed, negative.sum(1).reshape(n), counts(target));
    }

    /**
     * Cross-entropy in nats with a distribution over the classes as the target, for each sample.
     *
     * @param logits (n, classes)
     * @param target (n, classes), probabilities
     * @return (n); PyTorch's mean is the mean over these, whatever the weights
     */
    public static Tensor crossEntropySoft(Tensor logits, Tensor target, Tensor weights, double smoothing) {
        checkSmoothing(smoothing);
        int classes = logits.shape().dim(1);
        Expr mixed = Expr.in(0).times(Expr.in(1).times(1 - smoothing).plus(smoothing / classes));
        return weightedSurprise(logits, weights)
                .map(mixed, target)
                .sum(1)
                .reshape(logits.shape().dim(0));
    }

    private static void checkSmoothing(double smoothing) {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new ConfigException("label smoothing " + smoothing + " is outside 0 <= smoothing < 1");
        }
    }

    /** 1 for samples that count, 0 for those with a target below 0. */
    private static Tensor counts(Tensor target) {
        return target.map(Expr.of(0).apply(Binary.LE, Expr.in(0)));
    }

    /** (n, classes): 1 at the target, else 0. */
    private static Tensor hot(Tensor logits, Tensor target) {
        int classes = logits.shape().dim(1);
        return Tensor.range(classes)
                .reshape(1, classes)
                .equal(target.reshape(logits.shape().dim(0), 1));
    }

    /** -weight ln softmax. */
    private static Tensor weightedSurprise(Tensor logits, Tensor weights) {
        Tensor negative = logits.logSoftmax(1).neg();
        return weights == null ? negative : negative.mul(across(weights));
    }

    private static Tensor across(Tensor weights) {
        return weights.reshape(1, weights.shape().size());
    }

    /** -[t ln sigmoid(x) + (1 - t) ln(1 - sigmoid(x))] for each element. */
    public static Tensor binaryCrossEntropy(Tensor logits, Tensor target) {
        Expr x = Expr.in(0);
        return logits.map(x.apply(Unary.SOFTPLUS).minus(x.times(Expr.in(1))), target);
    }

    /** (x - t)^2 for each element. */
    public static Tensor squared(Tensor x, Tensor target) {
        return x.sub(target).square();
    }

    /** |x - t| for each element. */
    public static Tensor absolute(Tensor x, Tensor target) {
        return x.sub(target).map(Unary.ABS);
    }

    /** -[k ln(rho + 1e-8) + (n - k) ln(1 - rho + 1e-8)] for each element (Walmsley et al. 2020, eq. 3). */
    public static Tensor binomial(Tensor rho, Tensor votes, Tensor total) {
        Expr p = Expr.in(0);
        Expr k = Expr.in(1);
        Expr no = Expr.in(2).minus(k);
        return rho.map(
                k.times(p.plus(1e-8).log())
                        .plus(no.times(Expr.of(1 + 1e-8).minus(p).log()))
                        .negate(),
                votes,
                total);
    }

    /**
     * Negative log-likelihood of votes under a Dirichlet-multinomial, in nats, for one question (Walmsley et al. 2022; the multinomial
     * coefficient included): ln Gamma(n + A) - ln Gamma(A) - ln Gamma(n + 1) + sum_i [ln Gamma(k_i + 1) - ln Gamma(a_i + k_i) + ln Gamma(a_i)].
     * The differences of lgamma are computed without cancellation. No votes give exactly 0 with no gradient.
     *
     * @param concentrations (n, answers), above 0
     * @param votes (n, answers), counts or fractions of counts
     * @return (n, 1)
     */
    public static Tensor dirichletMultinomial(Tensor concentrations, Tensor votes) {
        Tensor total = concentrations.sum(1);
        Tensor count = votes.sum(1);
        Tensor answers = concentrations
                .map(Expr.in(1).plus(1).apply(Unary.LGAMMA).minus(Expr.in(0).apply(Binary.RISING, Expr.in(1))), votes)
                .sum(1);
        return answers.map(
                Expr.in(0)
                        .plus(Expr.in(1).apply(Binary.RISING, Expr.in(2)))
                        .minus(Expr.in(2).plus(1).apply(Unary.LGAMMA)),
                total,
                count);
    }
}
