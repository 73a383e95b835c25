package hoag.engine.train;

import hoag.engine.Gradients;
import hoag.engine.Tensor;
import hoag.engine.Update;
import hoag.engine.Variable;
import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;

/**
 * How weights move: a rule given as formulas. What changes from step to step (learning rate, bias corrections) is fed by name at each run,
 * so a schedule needs no new program.
 */
public sealed interface Optimizer permits AdamW, Sgd {
    /** Name of the scalar input that is the learning rate. */
    String RATE = "optimizer.rate";

    double weightDecay();

    /** Names of the variables kept for each weight, such as {@code exp_avg}. */
    List<String> slots();

    /** Names of the scalar inputs beside {@link #RATE}. */
    List<String> scalars();

    /** Gives the values of {@link #scalars} for step 1, 2, ... */
    void feed(long step, ObjDoubleConsumer<String> to);

    /**
     * New values of the weight and of its slots. Operand 0 is the weight, 1 the gradient, then the slots, then the rate, then the scalars.
     *
     * @param rateScale factor of the learning rate for this weight
     */
    List<Expr> rule(double weightDecay, double rateScale);

    /** Weights that share settings: {@code rateScale} multiplies the learning rate (layer decay). */
    record Group(Map<String, Variable> weights, double rateScale, double weightDecay) {}

    /** Options of {@link #minimize}. {@code maxNorm} 0: no clipping. {@code emaDecay} 0: no moving average of weights. */
    record Options(double maxNorm, double emaDecay) {
        public static final Options NONE = new Options(0, 0);

        public Options {
            if (!(maxNorm >= 0) || !(emaDecay >= 0 && emaDecay < 1)) {
                throw new ConfigException(
                        "maxNorm " + maxNorm + " must be 0 or more, emaDecay " + emaDecay + " in 0 <= emaDecay < 1");
            }
        }
    }

    /**
     * What a training program carries out.
     *
     * @param updates one node for each weight
     * @param state the optimizer's variables, keyed {@code slot/weight} (and {@code ema/weight})
     * @param gradientNorm the global L2 norm before clipping, scalar
     */
    record Minimizer(List<Tensor> updates, Map<String, Variable> state, Tensor gradientNorm) {}

    /** Gradients of the loss and one update for each weight, all as nodes. */
    default Minimizer minimize(Tensor loss, List<Group> groups, Options options) {
        List<Variable> weights = groups.stream()
                .flatMap(group -> group.weights.values().stream())
                .toList();
        List<Tensor> gradients =
                Gradients.of(loss, weights.stream().map(Variable::tensor).toList());
        Tensor norm = norm(gradients);
        Tensor factor = options.maxNorm == 0
                ? Tensor.scalar(1)
                : norm.map(
                        Expr.of(1).min(Expr.of(options.maxNorm).over(Expr.in(0).plus(1e-6))));
        Map<String, Variable> state = new LinkedHashMap<>();
        List<Tensor> updates = new ArrayList<>();
        int next = 0;
        for (Group group : groups) {
            for (var weight : group.weights.entrySet()) {
                Tensor gradient = options.maxNorm == 0
                        ? gradients.get(next++)
                        : gradients.get(next++).mul(factor);
                updates.add(update(weight.getKey(), weight.getValue(), gradient, group, options, state));
            }
        }
        return new Minimizer(updates, state, norm);
    }

    private Tensor update(
            String key, Variable weight, Tensor gradient, Group group, Options options, Map<String, Variable> state) {
        List<Variable> targets = new ArrayList<>(List.of(weight));
        slots().forEach(slot -> targets.add(slot(slot + "/" + key, weight, state)));
        List<Expr> formulas = new ArrayList<>(rule(group.weightDecay, group.rateScale));
        List<Tensor> inputs = new ArrayList<>(List.of(weight.tensor(), gradient));
        targets.subList(1, targets.size()).forEach(slot -> inputs.add(slot.tensor()));
        inputs.add(Tensor.input(RATE, Shape.SCALAR));
        scalars().forEach(name -> inputs.add(Tensor.input(name, Shape.SCALAR)));
        if (options.emaDecay > 0) {
            Variable average = slot("ema/" + key, weight, state).set(weight.values());
            targets.add(average);
            inputs.add(average.tensor());
            formulas.add(Expr.in(inputs.size() - 1)
                    .times(options.emaDecay)
                    .plus(formulas.getFirst().times(1 - options.emaDecay)));
        }
        return Update.of(targets, formulas, inputs.toArray(Tensor[]::new));
    }

    private static Variable slot(String name, Variable weight, Map<String, Variable> state) {
        Variable slot = Variable.buffer(name, weight.shape());
        state.put(name, slot);
        return slot;
    }

    private static Tensor norm(List<Tensor> gradients) {
        return gradients.stream()
                .map(g -> g.square().sum().reshape(Shape.SCALAR))
                .reduce(Tensor::add)
                .orElse(Tensor.scalar(0))
                .sqrt();
    }
}
