package hoag.galaxy.cli;

import hoag.engine.Program;
import hoag.engine.Recompute;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Losses;
import hoag.engine.train.Optimizer;
import hoag.galaxy.models.Backbone;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.Uniform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The programs that {@code bench} and {@code explain} run: inference and a training step of a backbone on made-up pictures. */
final class Steps {
    private Steps() {}

    static Program infer(Backend backend, Backbone model, int batch, int size) {
        Tensor images = Tensor.input("image", Shape.of(batch, 3, size, size));
        return Program.compile(backend, Map.of("logits", model.forward(images, Trace.eval())));
    }

    /** Forward, cross-entropy, backward, AdamW. */
    static Program train(Backend backend, Backbone model, int batch, int size, Recompute recompute) {
        Trace trace = Trace.train();
        Tensor images = Tensor.input("image", Shape.of(batch, 3, size, size));
        Tensor loss =
                Losses.crossEntropy(model.forward(images, trace), Tensor.input("target", Shape.of(batch)), null, 0);
        var group = new Optimizer.Group(Modules.parameters(model), 1, 0.05);
        var minimizer = new AdamW().minimize(loss, List.of(group), Optimizer.Options.NONE);
        List<Tensor> updates = new ArrayList<>(minimizer.updates());
        updates.addAll(trace.updates());
        return Program.compile(backend, Map.of("loss", loss), updates, recompute);
    }

    /** Feeds every input with reproducible numbers: pictures in 0..1, class 0, a small learning rate. */
    static void feed(Workspace workspace) {
        workspace.inputs().forEach((name, shape) -> {
            float[] values = new float[shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (name) {
                    case "image" -> Uniform.at(1, i);
                    case Optimizer.RATE -> 1e-4f;
                    default -> name.startsWith("optimizer.") ? 1 : 0;
                };
            }
            workspace.feed(name, values);
        });
    }
}
