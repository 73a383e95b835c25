package hoag.galaxy.learn;

import hoag.engine.Gradients;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.nn.Linear;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/**
 * The best linear head on frozen representations: logistic, ridge and Dirichlet-multinomial regression are one thing here, the minimum of
 * the tasks' loss plus (penalty / 2) |W|^2 on standardised representations, found by L-BFGS. Seconds for thousands of galaxies.
 */
public final class LinearFit {
    private static final int ITERATIONS = 300;

    /** Share of the mean variance that is added to each feature's own before dividing by it. */
    private static final double FLOOR = 0.05;

    private LinearFit() {}

    /**
     * Fits and writes the result into {@code head}, with the standardisation folded in.
     *
     * @param features (n, features) row-major
     * @param labels (n, label columns) row-major
     * @param penalty L2 penalty of the weights in nats per galaxy; scikit-learn's C is 1 / (n penalty)
     * @return the mean loss per galaxy at the minimum, without the penalty
     */
    public static double fit(
            Backend backend, List<Task> tasks, float[] features, float[] labels, int n, double penalty, Linear head) {
        int width = features.length / n;
        double[] mean = new double[width];
        double[] deviation = new double[width];
        float[] standard = standardised(features, n, mean, deviation);
        int outputs = head.weight().shape().dim(0);
        Variable weight = Variable.parameter("weight", Shape.of(outputs, width));
        Variable bias =
                Variable.parameter("bias", Shape.of(outputs)).set(head.bias().values());
        int columns = labels.length / n;
        Tensor x = Tensor.input("features", Shape.of(n, width));
        Tensor loss = Task.loss(
                tasks, x.linear(weight.tensor()).add(bias.tensor()), Tensor.input("labels", Shape.of(n, columns)));
        Tensor total =
                loss.add(weight.tensor().square().sum().reshape(Shape.SCALAR).mul(penalty / 2));
        List<Tensor> gradients = Gradients.of(total, List.of(weight.tensor(), bias.tensor()));
        var program = Program.compile(
                backend, Map.of("loss", loss, "total", total, "weight", gradients.get(0), "bias", gradients.get(1)));
        try (Workspace workspace = program.workspace()) {
            workspace.feed("features", standard).feed("labels", labels);
            double[] start = new double[outputs * width + outputs];
            float[] bias0 = bias.values();
            for (int i = 0; i < outputs; i++) {
                start[outputs * width + i] = bias0[i];
            }
            double[] best = Lbfgs.minimise(
                    start, ITERATIONS, (point, gradient) -> evaluate(workspace, weight, bias, point, gradient));
            evaluate(workspace, weight, bias, best, new double[best.length]);
            unfold(weight.values(), bias.values(), mean, deviation, head);
            return workspace.scalar("loss");
        }
    }

    /** The mean loss per galaxy of a head on representations. */
    static double loss(Backend backend, List<Task> tasks, Linear head, float[] features, float[] labels, int n) {
        Tensor x = Tensor.input("features", Shape.of(n, features.length / n));
        Tensor outputs = x.linear(head.weight().tensor()).add(head.bias().tensor());
        var program = Program.compile(
                backend,
                Map.of("loss", Task.loss(tasks, outputs, Tensor.input("labels", Shape.of(n, labels.length / n)))));
        try (Workspace workspace = program.workspace()) {
            return workspace
                    .feed("features", features)
                    .feed("labels", labels)
                    .run()
                    .scalar("loss");
        }
    }

    private static double evaluate(
            Workspace workspace, Variable weight, Variable bias, double[] point, double[] gradient) {
        set(weight, point, 0);
        set(bias, point, weight.shape().size());
        workspace.run();
        copy(workspace.output("weight"), gradient, 0);
        copy(workspace.output("bias"), gradient, weight.shape().size());
        return workspace.output64("total")[0];
    }

    private static void set(Variable variable, double[] point, int from) {
        float[] values = new float[variable.shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) point[from + i];
        }
        variable.set(values);
    }

    private static void copy(float[] from, double[] to, int at) {
        for (int i = 0; i < from.length; i++) {
            to[at + i] = from[i];
        }
    }

    private static float[] standardised(float[] features, int n, double[] mean, double[] deviation) {
        int width = mean.length;
        for (int i = 0; i < features.length; i++) {
            mean[i % width] += features[i] / (double) n;
        }
        for (int i = 0; i < features.length; i++) {
            double d = features[i] - mean[i % width];
            deviation[i % width] += d * d / n;
        }
        double typical = java.util.Arrays.stream(deviation).average().orElse(0);
        for (int j = 0; j < width; j++) {
            double floored = Math.sqrt(
                    deviation[j] + FLOOR * typical); // what hardly varies here must not explode on the next galaxy
            deviation[j] = floored > 0 ? floored : 1;
        }
        float[] standard = new float[features.length];
        for (int i = 0; i < features.length; i++) {
            standard[i] = (float) ((features[i] - mean[i % width]) / deviation[i % width]);
        }
        return standard;
    }

    /** W (x - mean) / deviation + b as a layer of x itself. */
    private static void unfold(float[] weight, float[] bias, double[] mean, double[] deviation, Linear head) {
        int width = mean.length;
        float[] w = new float[weight.length];
        float[] b = bias.clone();
        for (int o = 0; o < bias.length; o++) {
            double shift = 0;
            for (int j = 0; j < width; j++) {
                double scaled = weight[o * width + j] / deviation[j];
                w[o * width + j] = (float) scaled;
                shift += scaled * mean[j];
            }
            b[o] -= (float) shift;
        }
        head.weight().set(w);
        head.bias().set(b);
    }

    /** For {@link Lbfgs}: value at a point, gradient written into the second argument. */
    interface Objective extends ToDoubleBiFunction<double[], double[]> {}
}
