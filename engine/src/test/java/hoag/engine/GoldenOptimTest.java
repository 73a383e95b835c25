package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.JsonNode;
import hoag.engine.train.Adagrad;
import hoag.engine.train.Adam;
import hoag.engine.train.AdamW;
import hoag.engine.train.Average;
import hoag.engine.train.Clip;
import hoag.engine.train.Lamb;
import hoag.engine.train.Lars;
import hoag.engine.train.Lion;
import hoag.engine.train.NAdam;
import hoag.engine.train.Optimizer;
import hoag.engine.train.Optimizer.Group;
import hoag.engine.train.Optimizer.Options;
import hoag.engine.train.RmsProp;
import hoag.engine.train.Sgd;
import hoag.kernels.Backend;
import hoag.kernels.cpu.CpuBackend;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten steps of each optimizer, clipping and moving averages against PyTorch and timm in float64. */
class GoldenOptimTest {
    private static final Backend CPU = new CpuBackend(2);

    @AfterAll
    static void close() {
        CPU.close();
    }

    private static Optimizer optimizer(String name, JsonNode settings) {
        OptimProblem.Settings s = new OptimProblem.Settings(settings);
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

    private static Set<String> optimizers() {
        Set<String> names =
                new LinkedHashSet<>(OptimProblem.read("optimizers").members().keySet());
        assertTrue(names.remove("adamw-groups"), "has a test of its own");
        return names;
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void optimizerTakesTheSameSteps(String name) {
        JsonNode truth = OptimProblem.read("optimizers").get(name);
        JsonNode settings = truth.get("settings");
        OptimRun run = new OptimRun(
                optimizer(name, settings), settings.get("lr").number(), OptimProblem.weights(), Options.NONE);
        run.check(CPU, truth, truth.get("steps").items());
        new RulesInFloat64(run.optimizer(), settings.get("lr").number()).check(truth);
        Set<String> state = new HashSet<>(truth.get("state").members().keySet());
        state.removeAll(run.optimizer().slots());
        if (run.optimizer() instanceof NAdam nadam) {
            OptimProblem.near(
                    "mu_product",
                    truth.get("state").get("mu_product").numbers(),
                    new double[] {nadam.momentumProduct(10)},
                    RulesInFloat64.FLOAT32_PRODUCT);
            state.remove("mu_product");
        }
        assertEquals(Set.of(), state, "state that is not kept");
    }

    /** Rates 0.02 and 0.005 are one rate with two scales. */
    @Test
    void groupsHaveTheirOwnRateAndDecay() {
        JsonNode truth = OptimProblem.read("optimizers").get("adamw-groups");
        Map<String, Variable> weights = OptimProblem.weights();
        List<Group> groups = truth.get("settings").get("groups").items().stream()
                .map(group -> group(group, weights))
                .toList();
        new OptimRun(new AdamW(), OptimRun.constant(0.02), groups, weights, Options.NONE)
                .check(CPU, truth, truth.get("steps").items());
    }

    private static Group group(JsonNode group, Map<String, Variable> weights) {
        Map<String, Variable> own = new LinkedHashMap<>();
        group.get("parameters").strings().forEach(name -> own.put(name, weights.get(name)));
        return new Group(
                own, group.get("lr").number() / 0.02, group.get("weight_decay").number());
    }

    private static Set<String> clips() {
        return OptimProblem.read("clipping").members().keySet();
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
        JsonNode truth = OptimProblem.read("clipping").get(name);
        Options options = new Options(clip(truth.get("settings")), Average.NONE);
        new OptimRun(new Sgd(0.9, 0), 0.05, OptimProblem.weights(), options)
                .check(CPU, truth, truth.get("steps").items());
    }

    private static IntStream averages() {
        return IntStream.range(
                0, OptimProblem.read("ema").get("averages").items().size());
    }

    private static Average average(JsonNode settings) {
        OptimProblem.Settings s = new OptimProblem.Settings(settings);
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
        JsonNode truth = OptimProblem.read("ema").get("averages").at(index);
        Average average = average(truth.get("settings"));
        List<JsonNode> steps = truth.get("steps").items();
        for (int k = 0; k < steps.size(); k++) {
            assertEquals(steps.get(k).get("decay").number(), average.decay(k + 1), 1e-15, "decay of step " + (k + 1));
        }
        new OptimRun(new Sgd(0, 0), 0.02, sorted(), new Options(Clip.NONE, average)).check(CPU, truth, steps);
    }

    /** The file's averages come from a ParameterDict, which sorts its names. */
    private static Map<String, Variable> sorted() {
        return new TreeMap<>(OptimProblem.weights());
    }

    /** A constant decay needs no feeding; it averages from the first step on. */
    @Test
    void averagesWeightsWithOneDecay() {
        JsonNode truth = OptimProblem.read("ema").get("averages").at(0);
        List<JsonNode> steps = truth.get("steps").items();
        Map<String, Variable> weights = sorted();
        double[] start = steps.get(1).get("parameters").numbers();
        int from = 0;
        for (Variable weight : weights.values()) {
            weight.set(OptimProblem.floats(
                    Arrays.copyOfRange(start, from, from += weight.shape().size())));
        }
        Options options = new Options(0, truth.get("settings").get("decay").number());
        new OptimRun(new Sgd(0, 0), 0.02, weights, options).check(CPU, truth, steps.subList(2, steps.size()));
    }

    @Test
    void adamWithWarmUpCosineAndClippingTogether() {
        JsonNode truth = OptimProblem.read("together");
        Map<String, Variable> weights = OptimProblem.weights();
        JsonNode settings = truth.get("settings");
        var groups = List.of(new Group(weights, 1, 0.05));
        Options options = new Options(settings.get("clip_norm").number(), 0);
        new OptimRun(new AdamW(0.9, 0.999, 1e-8, 0.05), settings.get("rates").numbers(), groups, weights, options)
                .check(CPU, truth, truth.get("steps").items());
    }
}
