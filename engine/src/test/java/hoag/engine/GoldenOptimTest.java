package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.engine.train.AdamW;
import hoag.engine.train.Optimizer;
import hoag.engine.train.Optimizer.Group;
import hoag.engine.train.Optimizer.Minimizer;
import hoag.engine.train.Optimizer.Options;
import hoag.engine.train.Schedule;
import hoag.engine.train.Sgd;
import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import hoag.kernels.Unary;
import hoag.kernels.cpu.CpuBackend;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten steps of each optimizer, clipping, moving averages and schedules against PyTorch and timm in float64. */
class GoldenOptimTest {
    private static final Backend CPU = new CpuBackend(2);
    private static final double FLOAT = 1e-5;
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
                near(at + "parameters", row.get("parameters").numbers(), values("", run.weights));
                row.find("average")
                        .ifPresent(want -> near(at + "average", want.numbers(), values("ema/", minimizer.state())));
            }
        }
        truth.find("state")
                .ifPresent(state -> state.members()
                        .forEach((slot, want) -> near(slot, want.numbers(), values(slot + "/", minimizer.state()))));
    }

    private static void step(Run run, int k, Workspace workspace) {
        workspace.feed(Optimizer.RATE, (float) run.rates[k]);
        run.optimizer.feed(k + 1, (name, value) -> workspace.feed(name, (float) value));
        workspace.run();
    }

    private static float[] values(String prefix, Map<String, Variable> from) {
        return floats(ORDER.stream()
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
        double decay = settings.find("weight_decay").map(JsonNode::number).orElse(0.0);
        if (name.startsWith("adam")) {
            return new AdamW(0.9, 0.999, 1e-8, decay);
        }
        double momentum = settings.find("momentum").map(JsonNode::number).orElse(0.0);
        double dampening = settings.find("dampening").map(JsonNode::number).orElse(0.0);
        return new Sgd(momentum, dampening, settings.find("nesterov").isPresent(), decay);
    }

    // "adam" has no decay, so it is AdamW; other optimizers, amsgrad and Adam's own decay are not offered
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sgd",
                "sgd-decay",
                "sgd-momentum",
                "sgd-momentum-decay",
                "sgd-dampening",
                "sgd-nesterov",
                "adam",
                "adamw"
            })
    void optimizerTakesTheSameSteps(String name) {
        JsonNode truth = read("optimizers").get(name);
        JsonNode settings = truth.get("settings");
        Run run = new Run(optimizer(name, settings), settings.get("lr").number(), weights(), Options.NONE);
        check(run, truth, truth.get("steps").items());
        rules(run.optimizer, settings.get("lr").number(), truth);
    }

    /** The rules as formulas, evaluated in float64 from the golden gradients. */
    private static void rules(Optimizer optimizer, double rate, JsonNode truth) {
        double[] p = ORDER.stream()
                .flatMapToDouble(name -> Arrays.stream(flat(PROBLEM.get("start").get(name))))
                .toArray();
        double[][] all = new double[1 + optimizer.slots().size()][p.length];
        all[0] = p;
        List<Expr> rule = optimizer.rule(optimizer.weightDecay(), 1);
        for (int k = 0; k < 10; k++) {
            JsonNode row = truth.get("steps").at(k);
            Map<String, Double> scalars = new HashMap<>();
            optimizer.feed(k + 1, scalars::put);
            for (int i = 0; i < p.length; i++) {
                double[] operands =
                        operands(optimizer, all, i, row.get("gradient").at(i).number(), rate, scalars);
                for (int each = 0; each < all.length; each++) {
                    all[each][i] = rule.get(each).evaluate(at -> operands[at]);
                }
            }
            near("float64 step " + (k + 1), row.get("parameters").numbers(), p, 1e-12);
        }
        for (int each = 1; each < all.length; each++) {
            String slot = optimizer.slots().get(each - 1);
            near("float64 " + slot, truth.get("state").get(slot).numbers(), all[each], 1e-12);
        }
    }

    private static double[] operands(
            Optimizer optimizer, double[][] all, int i, double gradient, double rate, Map<String, Double> scalars) {
        DoubleStream.Builder operands = DoubleStream.builder();
        operands.add(all[0][i]).add(gradient);
        for (int each = 1; each < all.length; each++) {
            operands.add(all[each][i]);
        }
        operands.add(rate);
        optimizer.scalars().forEach(name -> operands.add(scalars.get(name)));
        return operands.build().toArray();
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

    @ParameterizedTest
    @ValueSource(strings = {"norm-1", "norm-0.3", "norm-1000"})
    void clipsByTheNormOfAllGradients(String name) {
        JsonNode truth = read("clipping").get(name);
        Options options = new Options(truth.get("settings").get("max_norm").number(), 0);
        check(
                new Run(new Sgd(0.9, 0), 0.05, weights(), options),
                truth,
                truth.get("steps").items());
    }

    /** timm copies the weights at its first two steps; from there on the average is this one. */
    @Test
    void averagesWeights() {
        JsonNode truth = read("ema").get("averages").at(0);
        List<JsonNode> steps = truth.get("steps").items();
        Map<String, Variable> weights = weights();
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

    /** timm's cosine of one cycle, warm-up a part of its length; prefixes, cycles and k-decay are not offered. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6})
    void cosineWithWarmUp(int index) {
        JsonNode truth = read("schedules").get("schedules").at(index);
        List<JsonNode> epochs = truth.get("epochs").items();
        for (int group = 0; group < 2; group++) {
            Schedule schedule = cosine(group == 0 ? 1 : 0.1, truth.get("settings"));
            for (int epoch = 0; epoch < epochs.size(); epoch++) {
                double want = epochs.get(epoch).at(group).number();
                assertEquals(want, schedule.rate(epoch), 1e-12 * want, "group " + group + " epoch " + epoch);
            }
        }
    }

    private static Schedule cosine(double rate, JsonNode settings) {
        double warmup = settings.find("warmup_t").map(JsonNode::number).orElse(0.0);
        double start = settings.find("warmup_lr_init").map(JsonNode::number).orElse(0.0);
        double low = settings.find("lr_min").map(JsonNode::number).orElse(0.0);
        return new Schedule.Cosine(
                rate, low, start, warmup, settings.get("t_initial").number());
    }
}
