package hoag.engine;

import hoag.engine.files.JsonNode;
import hoag.engine.train.Optimizer;
import hoag.engine.train.Optimizer.Group;
import hoag.engine.train.Optimizer.Minimizer;
import hoag.engine.train.Optimizer.Options;
import hoag.kernels.Backend;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Steps of an optimizer in float32, each from where the last came to.
 *
 * @param rates of each step
 */
record OptimRun(
        Optimizer optimizer, double[] rates, List<Group> groups, Map<String, Variable> weights, Options options) {
    OptimRun(Optimizer optimizer, double rate, Map<String, Variable> weights, Options options) {
        this(optimizer, constant(rate), List.of(new Group(weights, 1, optimizer.weightDecay())), weights, options);
    }

    static double[] constant(double rate) {
        double[] rates = new double[10];
        Arrays.fill(rates, rate);
        return rates;
    }

    /** Losses and norms before each step, parameters and averages after it, the state after the last. */
    void check(Backend backend, JsonNode truth, List<JsonNode> steps) {
        Tensor loss = OptimProblem.loss(weights);
        Minimizer minimizer = optimizer.minimize(loss, groups, options);
        Map<String, Tensor> outputs = Map.of("loss", loss, "norm", minimizer.gradientNorm());
        try (Workspace workspace =
                Program.compile(backend, outputs, minimizer.updates()).workspace()) {
            for (int k = 0; k < steps.size(); k++) {
                step(k, workspace);
                JsonNode row = steps.get(k);
                String at = "step " + (k + 1) + " ";
                row.find("loss")
                        .ifPresent(want ->
                                OptimProblem.near(at + "loss", new double[] {want.number()}, workspace.output("loss")));
                row.find("norm")
                        .ifPresent(want ->
                                OptimProblem.near(at + "norm", new double[] {want.number()}, workspace.output("norm")));
                OptimProblem.near(at + "parameters", row.get("parameters").numbers(), values("", weights, weights));
                row.find("average")
                        .ifPresent(want -> OptimProblem.near(
                                at + "average", want.numbers(), values("ema/", minimizer.state(), weights)));
            }
        }
        truth.find("state")
                .ifPresent(state -> optimizer
                        .slots()
                        .forEach(slot -> OptimProblem.near(
                                slot, state.get(slot).numbers(), values(slot + "/", minimizer.state(), weights))));
    }

    private void step(int k, Workspace workspace) {
        workspace.feed(Optimizer.RATE, (float) rates[k]);
        optimizer.feed(k + 1, (name, value) -> workspace.feed(name, (float) value));
        options.feed(k + 1, (name, value) -> workspace.feed(name, (float) value));
        workspace.run();
    }

    private static float[] values(String prefix, Map<String, Variable> from, Map<String, Variable> order) {
        return OptimProblem.floats(order.keySet().stream()
                .map(name -> from.get(prefix + name).values())
                .flatMapToDouble(OptimProblem::widened)
                .toArray());
    }
}
