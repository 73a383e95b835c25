package hoag.engine;

import hoag.engine.files.JsonNode;
import hoag.engine.train.Clip;
import hoag.engine.train.NAdam;
import hoag.engine.train.Optimizer;
import hoag.kernels.Expr;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The rules of an optimizer as formulas, evaluated in float64 from the golden gradients. */
final class RulesInFloat64 {
    /** PyTorch multiplies NAdam's momenta in float32 even where all else is float64. */
    static final double FLOAT32_PRODUCT = 1e-7;

    private final Optimizer optimizer;
    private final double rate;
    private final double[][] held;

    RulesInFloat64(Optimizer optimizer, double rate) {
        this.optimizer = optimizer;
        this.rate = rate;
        held = new double[1 + optimizer.slots().size()][];
        held[0] = OptimProblem.start();
        for (int each = 1; each < held.length; each++) {
            held[each] = new double[held[0].length];
            Arrays.fill(held[each], optimizer.start(optimizer.slots().get(each - 1)));
        }
    }

    void check(JsonNode truth) {
        double relative = optimizer instanceof NAdam ? FLOAT32_PRODUCT : 1e-12;
        for (int k = 0; k < 10; k++) {
            JsonNode row = truth.get("steps").at(k);
            step(k + 1, clipped(row.get("gradient").numbers()));
            OptimProblem.near("float64 step " + (k + 1), row.get("parameters").numbers(), held[0], relative);
        }
        for (int each = 1; each < held.length; each++) {
            String slot = optimizer.slots().get(each - 1);
            OptimProblem.near("float64 " + slot, truth.get("state").get(slot).numbers(), held[each], 1e-12);
        }
    }

    private double[] clipped(double... gradient) {
        if (!(optimizer.clip() instanceof Clip.Norm clip)) {
            return gradient;
        }
        double norm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
        double factor = Math.min(1, clip.max() / (norm + clip.eps()));
        return Arrays.stream(gradient).map(g -> g * factor).toArray();
    }

    private void step(int number, double... gradient) {
        Map<String, Double> scalars = new HashMap<>();
        optimizer.feed(number, scalars::put);
        int from = 0;
        for (String name : OptimProblem.ORDER) {
            int to = from + OptimProblem.start(name).length;
            weight(from, to, gradient, scalars);
            from = to;
        }
    }

    private void weight(int from, int to, double[] gradient, Map<String, Double> scalars) {
        double decay = optimizer.weightDecay();
        double[][] operands = new double[to][];
        for (int i = from; i < to; i++) {
            operands[i] = operands(i, gradient[i], scalars);
        }
        double[] norms = optimizer.normed(decay, 1).stream()
                .mapToDouble(formula -> Math.sqrt(IntStream.range(from, to)
                        .mapToDouble(i -> formula.evaluate(at -> operands[i][at]))
                        .map(x -> x * x)
                        .sum()))
                .toArray();
        List<Expr> rule = optimizer.rule(decay, 1);
        for (int i = from; i < to; i++) {
            double[] all = DoubleStream.concat(Arrays.stream(operands[i]), Arrays.stream(norms))
                    .toArray();
            for (int each = 0; each < held.length; each++) {
                held[each][i] = rule.get(each).evaluate(at -> all[at]);
            }
        }
    }

    private double[] operands(int i, double gradient, Map<String, Double> scalars) {
        DoubleStream.Builder operands = DoubleStream.builder();
        operands.add(held[0][i]).add(gradient);
        Arrays.stream(held).skip(1).forEach(slot -> operands.add(slot[i]));
        operands.add(rate);
        optimizer.scalars().forEach(name -> operands.add(scalars.get(name)));
        return operands.build().toArray();
    }
}
