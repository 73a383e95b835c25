package hoag.tests;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Losses;
import hoag.engine.train.Optimizer;
import hoag.galaxy.Model;
import hoag.galaxy.Prediction;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the README shows, between the marks. */
final class ReadmeExamples {
    private ReadmeExamples() {}

    static float[] picture(Path file, BufferedImage image) {
        // README
        try (Model model = Model.load(file)) {
            Prediction said = model.predict(image);
            System.out.println(said);
            float[] representation = said.features();
            // end
            return representation;
        }
    }

    static double step(float[] pictures, float[] classes) {
        // README
        Tensor x = Tensor.input("image", Shape.of(16, 3, 224, 224));
        Backbone model = Backbones.create("efficientnet_b0", 42, 3, 10, 0);
        Trace trace = Trace.train();
        Tensor loss = Losses.crossEntropy(model.forward(x, trace), Tensor.input("target", Shape.of(16)), null, 0);
        var optimizer = new AdamW();
        var step = optimizer.minimize(
                loss, List.of(new Optimizer.Group(Modules.parameters(model), 1, 0.05)), Optimizer.Options.NONE);
        List<Tensor> updates = new ArrayList<>(step.updates());
        updates.addAll(trace.updates());
        Program program = Program.compile(new CpuBackend(), Map.of("loss", loss), updates);
        try (Workspace memory = program.workspace()) {
            memory.feed("image", pictures).feed("target", classes).feed(Optimizer.RATE, 1e-3f);
            optimizer.feed(1, (name, value) -> memory.feed(name, (float) value));
            memory.run();
            // end
            return memory.scalar("loss");
        }
    }
}
