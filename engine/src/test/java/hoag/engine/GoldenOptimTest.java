package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.engine.train.Adagrad;
import hoag.engine.train.Adam;
import hoag.engine.train.AdamW;
import hoag.engine.train.Average;
import hoag.engine.train.Clip;
import hoag.engine.train.Lamb;
import hoag.engine.train.Lars;
import hoag.engine.train.LayerDecay;
import hoag.engine.train.Lion;
import hoag.engine.train.NAdam;
import hoag.engine.train.Optimizer;
import hoag.engine.train.Optimizer.Group;
import hoag.engine.train.Optimizer.Minimizer;
import hoag.engine.train.Optimizer.Options;
import hoag.engine.train.Plateau;
import hoag.engine.train.RmsProp;
import hoag.engine.train.Schedule;
import hoag.engine.train.Sgd;
import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import hoag.kernels.Unary;
import hoag.kernels.cpu.CpuBackend;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten steps of each optimizer, clipping, moving averages and schedules against PyTorch and timm in float64. */
class GoldenOptimTest {
    private static final Backend CPU = new CpuBackend(2);
    private static final double FLOAT = 1e-5;

    /** PyTorch multiplies NAdam's momenta in float32 even where all else is float64. */
    private static final double FLOAT32_PRODUCT = 1e-7;

    private static final JsonNode PROBLEM = read("problem");
    private static final List<String> ORDER = PROBLEM.get("order").strings();

    @AfterAll
    static void close() {
        CPU.close();
    }

    private static JsonNode read(String name) {
        return Json.read(GoldenCase.resource("optim/" + name + ".json"));
    }

    // ---- the problem: 1/2 |M p - t|^2 + sum log cosh p

    private static Map<String, Variable> weights() {
        Map<String, Variable> weights = new LinkedHashMap<>();
        for (String name : ORDER) {
            long[] dims = PROBLEM.get("shapes").get(name).wholes();
            Shape shape =
                    Shape.of(Arrays.stream(dims).mapToInt(Math::toIntExact).toArray());
            weights.put(
                    name,
                    Variable.parameter(name, shape)
                            .set(floats(flat(PROBLEM.get("start").get(name)))));
        }
        return weights;
    }

    private static double[] flat(JsonNode node) {
        return node.value() instanceof List<?>
                ? node.items().stream()
                        .flatMapToDouble(each -> Arrays.stream(flat(each)))
                        .toArray()
                : new double[] {node.number()};
    }

    private static float[] floats(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static Tensor loss(Map<String, Variable> weights) {
        double[] t = PROBLEM.get("t").numbers();
        Tensor p = Tensor.concat(
                0,
                weights.values().stream()
                        .map(w -> w.tensor().reshape(w.shape().size(), 1))
                        .toArray(Tensor[]::new));
        Tensor m = Tensor.constant(Shape.of(t.length, p.shape().dim(0)), floats(flat(PROBLEM.get("M"))));
        Tensor rest = m.matmul(p).sub(Tensor.constant(Shape.of(t.length, 1), floats(t)));
        return rest.square().sum().mul(0.5).add(p.map(Unary.COSH).log().sum()).reshape(Shape.SCALAR);
    }

    // ---- ten steps, closed loop, in float32

    private record Run(
            Optimizer optimizer, double[] rates, List<Group> groups, Map<String, Variable> weights, Options options) {
        Run(Optimizer optimizer, double rate, Map<String, Variable> weights, Options options) {
            this(optimizer, constant(rate), List.of(new Group(weights, 1, optimizer.weightDecay())), weights, options);
        }
    }

    private static double[] constant(double rate) {
        double[] rates = new double[10];
        Arrays.fill(rates, rate);
        return rates;
    }

    /** Losses and norms before each step, parameters and averages after it, the state after the last. */
    private static void check(Run run, JsonNode truth, List<JsonNode> steps) {
        Tensor loss = loss(run.weights);
        Minimizer minimizer = run.optimizer.minimize(loss, run.groups, run.options);
        Map<String, Tensor> outputs = Map.of("loss", loss, "norm", minimizer.gradientNorm());
        try (Workspace workspace =
                Program.compile(CPU, outputs, minimizer.updates()).workspace()) {
            for (int k = 0; k < steps.size(); k++) {
                step(run, k, workspace);
                JsonNode row = steps.get(k);
                String at = "step " + (k + 1) + " ";
                row.find("loss")
                        .ifPresent(want -> near(at + "loss", new double[] {want.number()}, workspace.output("loss")));
                row.find("norm")
                        .ifPresent(want -> near(at + "norm", new double[] {want.number()}, workspace.output("norm")));
                near(at + "parameters", row.get("parameters").numbers(), values("", run.weights, run.weights));
                row.find("average")
                        .ifPresent(want ->
                                near(at + "average", want.numbers(), values("ema/", minimizer.state(), run.weights)));
            }
        }
        truth.find("state")
                .ifPresent(state -> run.optimizer
                        .slots()
                        .forEach(slot -> near(
                                slot, state.get(slot).numbers(), values(slot + "/", minimizer.state(), run.weights))));
    }

    private static void step(Run run, int k, Workspace workspace) {
        workspace.feed(Optimizer.RATE, (float) run.rates[k]);
        run.optimizer.feed(k + 1, (name, value) -> workspace.feed(name, (float) value));
        run.options.feed(k + 1, (name, value) -> workspace.feed(name, (float) value));
        workspace.run();
    }

    private static float[] values(String prefix, Map<String, Variable> from, Map<String, Variable> order) {
        return floats(order.keySet().stream()
                .map(name -> from.get(prefix + name).values())
                .flatMapToDouble(GoldenOptimTest::widened)
                .toArray());
    }

    private static DoubleStream widened(float... values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
    }

    private static void near(String what, double[] truth, float[] got) {
        near(what, truth, widened(got).toArray(), FLOAT);
    }

    /** Relative to the largest value of the tensor. */
    private static void near(String what, double[] truth, double[] got, double relative) {
        double largest = Arrays.stream(truth).map(Math::abs).max().orElseThrow();
        assertEquals(truth.length, got.length, what);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], got[i], relative * largest, what + " [" + i + "]");
        }
    }

    // ---- optimizers

    private static Optimizer optimizer(String name, JsonNode settings) {
        Settings s = new Settings(settings);
        double decay = s.number("weight_decay", 0);
        double momentum = s.number("momentum", 0);
        return switch (name.split("-")[0]) {
            case "sgd" -> new Sgd(momentum, s.number("dampening", 0), s.has("nesterov"), decay);
            case "adam" -> new Adam(s.beta(0, 0.9), s.beta(1, 0.999), s.number("eps", 1e-8), decay, s.has("amsgrad"));
            case "adamw" -> new AdamW(s.beta(0, 0.9), s.beta(1, 0.999), 1e-8, decay, s.has("amsgrad"));
            case "nadam" -> new NAdam();
            case "adagrad" -> new Adagrad();
            case "rmsprop" ->
                new RmsProp(
                        s.number("alpha", 0.99),
                        s.number("eps", 1e-8),
                        momentum,
                        s.has("centered"),
                        decay,
                        name.endsWith("-tf"));
            case "lamb" ->
                new Lamb(
                        0.9,
                        0.999,
                        1e-6,
                        decay,
                        s.has("max_grad_norm") ? Double.POSITIVE_INFINITY : 1,
                        s.has("always_adapt"),
                        s.has("decoupled_decay"));
            case "lion" -> new Lion(s.beta(0, 0.9), s.beta(1, 0.99), decay);
            case "lars" -> new Lars(new Sgd(momentum, decay));
            default -> throw new AssertionError("no optimizer for " + name);
        };
    }

    /** Settings that the file names; what it does not name has the default of PyTorch or timm. */
    private record Settings(JsonNode json) {
        boolean has(String name) {
            return json.find(name).isPresent();
        }

        double number(String name, double otherwise) {
            return json.find(name).map(JsonNode::number).orElse(otherwise);
        }

        double beta(int index, double otherwise) {
            return json.find("betas").map(betas -> betas.at(index).number()).orElse(otherwise);
        }
    }

    private static Set<String> optimizers() {
        Set<String> names = new LinkedHashSet<>(read("optimizers").members().keySet());
        assertTrue(names.remove("adamw-groups"), "has a test of its own");
        return names;
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void optimizerTakesTheSameSteps(String name) {
        JsonNode truth = read("optimizers").get(name);
        JsonNode settings = truth.get("settings");
        Run run = new Run(optimizer(name, settings), settings.get("lr").number(), weights(), Options.NONE);
        check(run, truth, truth.get("steps").items());
        new InFloat64(run.optimizer, settings.get("lr").number()).check(truth);
        Set<String> state = new HashSet<>(truth.get("state").members().keySet());
        state.removeAll(run.optimizer.slots());
        if (run.optimizer instanceof NAdam nadam) {
            near(
                    "mu_product",
                    truth.get("state").get("mu_product").numbers(),
                    new double[] {nadam.momentumProduct(10)},
                    FLOAT32_PRODUCT);
            state.remove("mu_product");
        }
        assertEquals(Set.of(), state, "state that is not kept");
    }

    /** The rules as formulas, evaluated in float64 from the golden gradients. */
    private static final class InFloat64 {
        private final Optimizer optimizer;
        private final double rate;
        private final double[][] held;

        InFloat64(Optimizer optimizer, double rate) {
            this.optimizer = optimizer;
            this.rate = rate;
            held = new double[1 + optimizer.slots().size()][];
            held[0] = ORDER.stream()
                    .flatMapToDouble(
                            name -> Arrays.stream(flat(PROBLEM.get("start").get(name))))
                    .toArray();
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
                near("float64 step " + (k + 1), row.get("parameters").numbers(), held[0], relative);
            }
            for (int each = 1; each < held.length; each++) {
                String slot = optimizer.slots().get(each - 1);
                near("float64 " + slot, truth.get("state").get(slot).numbers(), held[each], 1e-12);
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
            for (String name : ORDER) {
                int to = from + flat(PROBLEM.get("start").get(name)).length;
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

    /** Rates 0.02 and 0.005 are one rate with two scales. */
    @Test
    void groupsHaveTheirOwnRateAndDecay() {
        JsonNode truth = read("optimizers").get("adamw-groups");
        Map<String, Variable> weights = weights();
        List<Group> groups = truth.get("settings").get("groups").items().stream()
                .map(group -> group(group, weights))
                .toList();
        check(
                new Run(new AdamW(), constant(0.02), groups, weights, Options.NONE),
                truth,
                truth.get("steps").items());
    }

    private static Group group(JsonNode group, Map<String, Variable> weights) {
        Map<String, Variable> own = new LinkedHashMap<>();
        group.get("parameters").strings().forEach(name -> own.put(name, weights.get(name)));
        return new Group(
                own, group.get("lr").number() / 0.02, group.get("weight_decay").number());
    }

    // ---- clipping, averages, all together

    private static Set<String> clips() {
        return read("clipping").members().keySet();
    }

    private static Clip clip(JsonNode settings) {
        return settings.find("clip_factor").isPresent()
                ? new Clip.Adaptive(
                        settings.get("clip_factor").number(),
                        settings.get("eps").number())
                : settings.find("clip_value").isPresent()
                        ? new Clip.Value(settings.get("clip_value").number())
                        : new Clip.Norm(
                                settings.get("max_norm").number(),
                                settings.get("norm_type").value() instanceof String ? Double.POSITIVE_INFINITY : 2,
                                1e-6);
    }

    @ParameterizedTest
    @MethodSource("clips")
    void clipsGradients(String name) {
        JsonNode truth = read("clipping").get(name);
        Options options = new Options(clip(truth.get("settings")), Average.NONE);
        check(
                new Run(new Sgd(0.9, 0), 0.05, weights(), options),
                truth,
                truth.get("steps").items());
    }

    private static IntStream averages() {
        return IntStream.range(0, read("ema").get("averages").items().size());
    }

    private static Average average(JsonNode settings) {
        Settings s = new Settings(settings);
        double decay = s.number("decay", 0.9999);
        long after = (long) s.number("update_after_step", 0);
        return s.has("use_warmup")
                ? new Average.Rising(
                        decay,
                        after,
                        s.number("warmup_gamma", 1),
                        s.number("warmup_power", 2.0 / 3),
                        s.number("min_decay", 0))
                : new Average.Delayed(decay, after);
    }

    @ParameterizedTest
    @MethodSource("averages")
    void averagesWeights(int index) {
        JsonNode truth = read("ema").get("averages").at(index);
        Average average = average(truth.get("settings"));
        List<JsonNode> steps = truth.get("steps").items();
        for (int k = 0; k < steps.size(); k++) {
            assertEquals(steps.get(k).get("decay").number(), average.decay(k + 1), 1e-15, "decay of step " + (k + 1));
        }
        check(new Run(new Sgd(0, 0), 0.02, sorted(), new Options(Clip.NONE, average)), truth, steps);
    }

    /** The file's averages come from a ParameterDict, which sorts its names. */
    private static Map<String, Variable> sorted() {
        return new TreeMap<>(weights());
    }

    /** A constant decay needs no feeding; it averages from the first step on. */
    @Test
    void averagesWeightsWithOneDecay() {
        JsonNode truth = read("ema").get("averages").at(0);
        List<JsonNode> steps = truth.get("steps").items();
        Map<String, Variable> weights = sorted();
        double[] start = steps.get(1).get("parameters").numbers();
        int from = 0;
        for (Variable weight : weights.values()) {
            weight.set(floats(
                    Arrays.copyOfRange(start, from, from += weight.shape().size())));
        }
        Options options = new Options(0, truth.get("settings").get("decay").number());
        check(new Run(new Sgd(0, 0), 0.02, weights, options), truth, steps.subList(2, steps.size()));
    }

    @Test
    void adamWithWarmUpCosineAndClippingTogether() {
        JsonNode truth = read("together");
        Map<String, Variable> weights = weights();
        JsonNode settings = truth.get("settings");
        var groups = List.of(new Group(weights, 1, 0.05));
        Options options = new Options(settings.get("clip_norm").number(), 0);
        check(
                new Run(new AdamW(0.9, 0.999, 1e-8, 0.05), settings.get("rates").numbers(), groups, weights, options),
                truth,
                truth.get("steps").items());
    }

    // ---- schedules

    private static IntStream schedules() {
        return IntStream.range(0, read("schedules").get("schedules").items().size());
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void schedulesGiveTheSameRates(int index) {
        JsonNode truth = read("schedules").get("schedules").at(index);
        boolean groups = truth.find("epochs").isPresent();
        List<JsonNode> rows = truth.get(groups ? "epochs" : "steps").items();
        for (int group = 0; group < (groups ? 2 : 1); group++) {
            DoubleUnaryOperator rate = rate(group == 0 ? 1 : 0.1, truth);
            for (int step = 0; step < rows.size(); step++) {
                double want = groups
                        ? rows.get(step).at(group).number()
                        : rows.get(step).number();
                String at = truth.get("name").string() + " group " + group + " step " + step;
                assertEquals(want, rate.applyAsDouble(step), 1e-12 * want, at);
            }
        }
    }

    private static DoubleUnaryOperator rate(double rate, JsonNode truth) {
        Settings s = new Settings(truth.get("settings"));
        String name = truth.get("name").string();
        if (name.endsWith("plateau")) {
            double factor = s.number("factor", s.number("decay_rate", 0));
            int patience = (int) s.number("patience", s.number("patience_t", 0));
            Plateau plateau = new Plateau(rate, factor, patience, s.number("threshold", 0), s.number("min_lr", 0));
            double[] losses = truth.get("metric").numbers();
            return step -> plateau.rate(Arrays.copyOf(losses, (int) step));
        }
        Schedule schedule = schedule(name, rate, s);
        return (name.startsWith("timm") ? warmed(schedule, rate, s) : schedule)::rate;
    }

    private static Schedule schedule(String name, double rate, Settings s) {
        return switch (name) {
            case "timm cosine" ->
                new Schedule.Cycles(
                        rate,
                        s.number("lr_min", 0),
                        s.number("t_initial", 0),
                        s.number("cycle_mul", 1),
                        s.number("cycle_decay", 1),
                        (int) s.number("cycle_limit", 1),
                        s.number("k_decay", 1));
            case "timm step" -> new Schedule.Stairs(rate, s.number("decay_t", 0), s.number("decay_rate", 0));
            case "torch cosine" -> new Schedule.CosineAnnealing(rate, s.number("eta_min", 0), s.number("T_max", 0));
            case "torch step" -> new Schedule.Stairs(rate, s.number("step_size", 0), s.number("gamma", 0));
            case "torch exponential" -> new Schedule.Exponential(rate, s.number("gamma", 0));
            case "torch linear" ->
                new Schedule.Linear(
                        rate, s.number("start_factor", 0), s.number("end_factor", 0), s.number("total_iters", 0));
            case "torch one cycle" -> new Schedule.OneCycle(s.number("max_lr", 0), s.number("total_steps", 0));
            default -> throw new AssertionError("no schedule for " + name);
        };
    }

    private static Schedule warmed(Schedule schedule, double rate, Settings s) {
        double steps = s.number("warmup_t", 0);
        boolean before = schedule instanceof Schedule.Stairs || s.has("warmup_prefix"); // timm's default for steps
        return new Schedule.WarmUp(rate, s.number("warmup_lr_init", 0), steps, before, schedule);
    }

    /** The short form that trainings use is a warm-up and one cycle. */
    @Test
    void cosineIsOneCycleAfterWarmUp() {
        Schedule brief = new Schedule.Cosine(2, 0.1, 0.02, 5, 20);
        Schedule composed = new Schedule.WarmUp(2, 0.02, 5, false, new Schedule.Cycles(2, 0.1, 20, 1, 1, 1, 1));
        for (int step = 0; step < 30; step++) {
            assertEquals(composed.rate(step), brief.rate(step), 1e-12, "step " + step);
        }
    }

    // ---- layer decay

    private static Set<String> layered() {
        return read("layer_decay").members().keySet();
    }

    /** Every weight of every model is in one group with timm's rate and decay. The numbers are [rate scale, weight decay, axes]. */
    @ParameterizedTest
    @MethodSource("layered")
    void lowerLayersLearnSlower(String model) {
        JsonNode truth = read("layer_decay").get(model);
        Map<String, Variable> weights = new LinkedHashMap<>();
        Map<String, double[]> want = new LinkedHashMap<>();
        truth.get("parameters").members().forEach((name, row) -> {
            int[] ones = new int[row.at(2).integer()];
            Arrays.fill(ones, 1);
            weights.put(name, Variable.parameter(name, Shape.of(ones)));
            want.put(name, row.numbers());
        });
        List<Group> groups = layers(model)
                .groups(
                        weights,
                        truth.get("layer_decay").number(),
                        truth.get("weight_decay").number());
        for (Group group : groups) {
            for (String name : group.weights().keySet()) {
                double[] row = want.remove(name);
                assertEquals(row[0], group.rateScale(), 1e-12 * row[0], name);
                assertEquals(row[1], group.weightDecay(), 0, name);
            }
        }
        assertEquals(Map.of(), want, "weights in no group");
    }

    private static LayerDecay layers(String model) {
        return switch (model.split("[_0-9]")[0]) {
            case "efficientnet", "efficientnetv", "tf" -> LayerDecay.EFFICIENTNET;
            case "resnet" -> LayerDecay.RESNET;
            case "convnext" -> LayerDecay.CONVNEXT;
            case "vit" -> LayerDecay.VIT;
            case "vgg" -> LayerDecay.VGG;
            case "maxvit" -> LayerDecay.MAXVIT;
            default -> throw new AssertionError("no layers for " + model);
        };
    }
}
