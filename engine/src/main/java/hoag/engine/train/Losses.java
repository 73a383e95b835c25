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
     * Cross-entropy in nats, weighted as PyTorch does: the mean divides by the sum of the targets' weights.
     *
     * @param logits (n, classes)
     * @param target (n), class numbers
     * @param weights (classes), or null for ones
     * @param smoothing share of the target spread evenly over all classes, 0 <= smoothing < 1 (Szegedy et al. 2016)
     * @return scalar
     */
    public static Tensor crossEntropy(Tensor logits, Tensor target, Tensor weights, double smoothing) {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new ConfigException("label smoothing " + smoothing + " is outside 0 <= smoothing < 1");
        }
        int n = logits.shape().dim(0);
        int classes = logits.shape().dim(1);
        Tensor hot = Tensor.range(classes).reshape(1, classes).equal(target.reshape(n, 1));
        Tensor negative = logits.logSoftmax(1).neg();
        Tensor weighted = weights == null ? negative : negative.mul(weights.reshape(1, classes));
        Tensor own = weighted.mul(hot).sum();
        Tensor total = weights == null
                ? Tensor.scalar(n)
                : hot.mul(weights.reshape(1, classes)).sum();
        Tensor loss = own.mul(1 - smoothing);
        Tensor smooth = smoothing == 0 ? loss : loss.add(weighted.sum().mul(smoothing / classes));
        return smooth.div(total.reshape(1, 1)).reshape(Shape.SCALAR);
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
