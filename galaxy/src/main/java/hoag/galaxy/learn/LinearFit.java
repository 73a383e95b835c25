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
public final class LinearFit implements AutoCloseable {
    private static final int ITERATIONS = 300;
    private static final int MANY_ITERATIONS = 3000;

    private final Standard standard;
    private final Variable weight;
    private final Variable bias;
    private final Workspace workspace;
    private double[] point;

    /** How a fit ended: the mean loss per galaxy without the penalty, steps, and the largest component of the gradient. */
    record Fit(double loss, int iterations, double slope) {}

    /**
     * @param features (n, features) row-major
     * @param labels (n, label columns) row-major
     * @param start the biases to begin with
     */
    LinearFit(Backend backend, List<Task> tasks, float[] features, float[] labels, int n, Linear start) {
        standard = new Standard(features, n);
        int width = features.length / n;
        int outputs = start.weight().shape().dim(0);
        weight = Variable.parameter("weight", Shape.of(outputs, width));
        bias = Variable.parameter("bias", Shape.of(outputs)).set(start.bias().values());
        Tensor x = Tensor.input("features", Shape.of(n, width));
        Tensor loss = Task.loss(
                tasks,
                x.linear(weight.tensor()).add(bias.tensor()),
                Tensor.input("labels", Shape.of(n, labels.length / n)));
        Tensor half = Tensor.input("half penalty", Shape.SCALAR);
        Tensor total =
                loss.add(weight.tensor().square().sum().reshape(Shape.SCALAR).mul(half));
        List<Tensor> gradients = Gradients.of(total, List.of(weight.tensor(), bias.tensor()));
        var program = Program.compile(
                backend, Map.of("loss", loss, "total", total, "weight", gradients.get(0), "bias", gradients.get(1)));
        workspace = program.workspace();
        workspace.feed("features", standard.values()).feed("labels", labels);
        point = new double[outputs * width + outputs];
        float[] bias0 = bias.values();
        for (int i = 0; i < outputs; i++) {
            point[outputs * width + i] = bias0[i];
        }
    }

    /** Goes on from where the last fit ended, and writes the result into {@code head}, with the standardisation folded in. */
    Fit solve(double penalty, boolean converge, Linear head) {
        workspace.feed("half penalty", (float) (penalty / 2));
        var found = Lbfgs.minimise(
                point,
                converge ? MANY_ITERATIONS : ITERATIONS,
                converge ? Lbfgs.Stop.CONVERGED : Lbfgs.Stop.SOON,
                this::evaluate);
        point = found.x();
        evaluate(point, new double[point.length]);
        standard.unfold(weight.values(), bias.values(), head);
        return new Fit(workspace.scalar("loss"), found.iterations(), found.slope());
    }

    @Override
    public void close() {
        workspace.close();
    }

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
        try (var problem = new LinearFit(backend, tasks, features, labels, n, head)) {
            return problem.solve(penalty, false, head).loss();
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

    private double evaluate(double[] at, double[] gradient) {
        set(weight, at, 0);
        set(bias, at, weight.shape().size());
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

    /** For {@link Lbfgs}: value at a point, gradient written into the second argument. */
    interface Objective extends ToDoubleBiFunction<double[], double[]> {}
}
