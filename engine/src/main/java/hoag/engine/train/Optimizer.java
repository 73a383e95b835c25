package hoag.engine.train;

import hoag.engine.Gradients;
import hoag.engine.Tensor;
import hoag.engine.Update;
import hoag.engine.Variable;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;

/**
 * How weights move: a rule given as formulas. What changes from step to step (learning rate, bias corrections) is fed by name at each run,
 * so a schedule needs no new program.
 */
public sealed interface Optimizer permits Adagrad, AdamRule, Lars, Lion, NAdam, RmsProp, Sgd {
    /** Name of the scalar input that is the learning rate. */
    String RATE = "optimizer.rate";

    /** Name of the scalar input that is the decay of the average of weights, where that changes from step to step. */
    String AVERAGE = "optimizer.average";

    /** Of weights whose group does not say otherwise. */
    double weightDecay();

    /** Names of the variables kept for each weight, such as {@code exp_avg}. */
    List<String> slots();

    /** What a slot holds before the first step. */
    default double start(String slot) {
        return 0;
    }

    /** Names of the scalar inputs beside {@link #RATE}. */
    default List<String> scalars() {
        return List.of();
    }

    /** Gives the values of {@link #scalars} for step 1, 2, ... */
    default void feed(long step, ObjDoubleConsumer<String> to) {}

    /** Clipping that is part of the rule; it follows that of the {@link Options}. */
    default Clip clip() {
        return Clip.NONE;
    }

    /** Formulas of which the rule wants the L2 norm over the whole weight, of the same operands as {@link #rule} without the norms. */
    default List<Expr> normed(double weightDecay, double rateScale) {
        return List.of();
    }

    /**
     * New values of the weight and of its slots. Operand 0 is the weight, 1 the gradient, then the slots, then the rate, then the scalars,
     * then the norms of {@link #normed}.
     *
     * @param rateScale factor of the learning rate for this weight
     */
    List<Expr> rule(double weightDecay, double rateScale);

    /** Weights that share settings: {@code rateScale} multiplies the learning rate (layer decay). */
    record Group(Map<String, Variable> weights, double rateScale, double weightDecay) {}

    /** Options of {@link #minimize}. */
    record Options(Clip clip, Average average) {
        public static final Options NONE = new Options(Clip.NONE, Average.NONE);

        /** {@code maxNorm} 0: no clipping. {@code emaDecay} 0: no moving average of weights. */
        public Options(double maxNorm, double emaDecay) {
            this(
                    maxNorm == 0 ? Clip.NONE : new Clip.Norm(maxNorm),
                    emaDecay == 0 ? Average.NONE : new Average.Constant(emaDecay));
        }

        /** Gives what the options feed at step 1, 2, ... beside the optimizer's own; nothing where nothing changes. */
        public void feed(long step, ObjDoubleConsumer<String> to) {
            if (!isConstant()) {
                to.accept(AVERAGE, average.decay(step));
            }
        }

        private boolean isConstant() {
            return average instanceof Average.None || average instanceof Average.Constant;
        }

        private Expr decay(int operand) {
            return isConstant() ? Expr.of(average.decay(1)) : Expr.in(operand);
        }
    }

    /**
     * What a training program carries out.
     *
     * @param updates one node for each weight
     * @param state the optimizer's variables, keyed {@code slot/weight} (and {@code ema/weight})
     * @param gradientNorm the global norm before clipping, scalar; L2 unless the clipping goes by another
     */
    record Minimizer(List<Tensor> updates, Map<String, Variable> state, Tensor gradientNorm) {}

    /** Gradients of the loss and one update for each weight, all as nodes. */
    default Minimizer minimize(Tensor loss, List<Group> groups, Options options) {
        return apply(Gradients.of(loss, nodes(groups)), groups, options);
    }

    /** The weights of all groups in their order, as nodes: what gradients are wanted of. */
    static List<Tensor> nodes(List<Group> groups) {
        return groups.stream()
                .flatMap(group -> group.weights.values().stream())
                .map(Variable::tensor)
                .toList();
    }

    /**
     * One update for each weight by gradients that come from elsewhere, such as the mean over several batches.
     *
     * @param gradients in the order of {@link #nodes}
     */
    default Minimizer apply(List<Tensor> gradients, List<Group> groups, Options options) {
        Tensor norm = Clip.norm(gradients, options.clip instanceof Clip.Norm clip ? clip.order() : 2);
        List<Tensor> nodes = nodes(groups);
        List<Tensor> clipped = clip().apply(nodes, options.clip.apply(nodes, gradients));
        Map<String, Variable> state = new LinkedHashMap<>();
        List<Tensor> updates = new ArrayList<>();
        for (Group group : groups) {
            for (var weight : group.weights.entrySet()) {
                Tensor gradient = clipped.get(updates.size());
                updates.add(update(weight.getKey(), weight.getValue(), gradient, group, options, state));
            }
        }
        return new Minimizer(updates, state, norm);
    }

    private Tensor update(
            String key, Variable weight, Tensor gradient, Group group, Options options, Map<String, Variable> state) {
        List<Variable> targets = new ArrayList<>(List.of(weight));
        slots().forEach(slot -> targets.add(slot(slot + "/" + key, weight, state, start(slot))));
        List<Expr> formulas = new ArrayList<>(rule(group.weightDecay, group.rateScale));
        List<Tensor> inputs = new ArrayList<>(List.of(weight.tensor(), gradient));
        targets.subList(1, targets.size()).forEach(slot -> inputs.add(slot.tensor()));
        inputs.add(Tensor.input(RATE, Shape.SCALAR));
        scalars().forEach(name -> inputs.add(Tensor.input(name, Shape.SCALAR)));
        inputs.addAll(norms(normed(group.weightDecay, group.rateScale), List.copyOf(inputs)));
        if (!(options.average instanceof Average.None)) {
            Variable average = slot("ema/" + key, weight, state, 0).set(weight.values());
            targets.add(average);
            inputs.add(average.tensor());
            formulas.add(averaged(options, formulas.getFirst(), inputs));
        }
        return Update.of(targets, formulas, inputs.toArray(Tensor[]::new));
    }

    /** The last input is the average. */
    private static Expr averaged(Options options, Expr weight, List<Tensor> inputs) {
        Expr average = Expr.in(inputs.size() - 1);
        Expr decay = options.decay(inputs.size());
        if (!options.isConstant()) {
            inputs.add(Tensor.input(AVERAGE, Shape.SCALAR));
        }
        return average.times(decay).plus(weight.times(Expr.of(1).minus(decay)));
    }

    private static List<Tensor> norms(List<Expr> formulas, List<Tensor> operands) {
        Tensor[] others = operands.subList(1, operands.size()).toArray(Tensor[]::new);
        return formulas.stream()
                .map(formula -> operands.getFirst()
                        .map(formula.square(), others)
                        .sum()
                        .reshape(Shape.SCALAR)
                        .sqrt())
                .toList();
    }

    private static Variable slot(String name, Variable weight, Map<String, Variable> state, double start) {
        Variable slot = Variable.buffer(name, weight.shape());
        if (start != 0) {
            float[] values = new float[weight.shape().size()];
            Arrays.fill(values, (float) start);
            slot.set(values);
        }
        state.put(name, slot);
        return slot;
    }
}
