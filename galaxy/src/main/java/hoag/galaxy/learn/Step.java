package hoag.galaxy.learn;

import hoag.engine.Gradients;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.nn.Trace;
import hoag.engine.train.Accumulate;
import hoag.engine.train.Clip;
import hoag.engine.train.Optimizer;
import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A training step, compiled. Inputs: {@code image} (batch, channels, side, side), {@code label} (batch, columns) and what the optimizer wants; where pictures are
 * mixed also {@code other label} (batch, columns) and {@code share}. Outputs: {@code loss} and {@code norm}, that of the gradient.
 *
 * @param apply moves the weights where {@code program} only adds gradients up; else null
 * @param state of the optimizer
 * @param places which part of the model made a node of it
 */
record Step(Program program, Program apply, Map<String, Variable> state, Function<Tensor, String> places) {
    /**
     * @param batch galaxies at once
     * @param accumulate batches whose gradients move the weights together
     * @param columns of the labels
     */
    static Step of(Backend backend, GalaxyModel model, TrainSettings settings, int batch, int accumulate, int columns) {
        int side = model.preprocess().size();
        Frozen frozen = Frozen.of(model, settings.mode());
        Optimizer optimizer = settings.rule().optimizer().make(settings.weightDecay());
        Trace trace = settings.norm() == TrainSettings.Norm.FROZEN ? Trace.sample() : Trace.train(frozen.variables());
        Tensor picture =
                Tensor.input("image", Shape.of(batch, model.preprocess().channels(), side, side));
        Tensor loss = loss(model.tasks(), model.net().apply(picture, trace), settings, batch, columns);
        List<Optimizer.Group> groups = Layering.of(model.net(), settings, frozen);
        var options = new Optimizer.Options(settings.clip(), settings.ema());
        Function<Tensor, String> places = trace.places(model.net());
        if (accumulate == 1) {
            var minimizer = optimizer.minimize(loss, groups, options);
            Map<String, Tensor> outputs = Map.of("loss", loss, "norm", minimizer.gradientNorm());
            return new Step(
                    compiled(backend, outputs, both(minimizer.updates(), trace), settings),
                    null,
                    minimizer.state(),
                    places);
        }
        List<Tensor> gradients = Gradients.of(loss, Optimizer.nodes(groups));
        var sum = Accumulate.of(gradients, accumulate);
        var minimizer = optimizer.apply(sum.means(), groups, options);
        Map<String, Tensor> outputs = Map.of("loss", loss, "norm", Clip.norm(gradients, 2));
        return new Step(
                compiled(backend, outputs, both(sum.updates(), trace), settings),
                Program.compile(backend, Map.of("norm", minimizer.gradientNorm()), minimizer.updates()),
                minimizer.state(),
                places);
    }

    /** What takes memory of the device. */
    Program[] programs() {
        return apply == null ? new Program[] {program} : new Program[] {program, apply};
    }

    private static Program compiled(
            Backend backend, Map<String, Tensor> outputs, List<Tensor> updates, TrainSettings settings) {
        return Program.compile(backend, outputs, updates, settings.recompute().policy());
    }

    private static List<Tensor> both(List<Tensor> updates, Trace trace) {
        List<Tensor> all = new ArrayList<>(updates);
        all.addAll(trace.updates());
        return all;
    }

    /** Where pictures are mixed, their labels' losses are mixed by the same share. */
    private static Tensor loss(List<Task> tasks, Tensor outputs, TrainSettings settings, int batch, int columns) {
        Tensor loss = Task.loss(tasks, outputs, Tensor.input("label", Shape.of(batch, columns)));
        if (!settings.batches().mixes()) {
            return loss;
        }
        Tensor other = Task.loss(tasks, outputs, Tensor.input("other label", Shape.of(batch, columns)));
        Tensor share = Tensor.input("share", Shape.SCALAR);
        return loss.mul(share).add(other.map(Expr.in(0).times(Expr.of(1).minus(Expr.in(1))), share));
    }
}
