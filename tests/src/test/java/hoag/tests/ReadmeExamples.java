package hoag.tests;

import static hoag.galaxy.learn.Mode.blocks;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Losses;
import hoag.engine.train.Optimizer;
import hoag.galaxy.Finetune;
import hoag.galaxy.Fitted;
import hoag.galaxy.Labelled;
import hoag.galaxy.Model;
import hoag.galaxy.Prediction;
import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Loader;
import hoag.galaxy.image.Order;
import hoag.galaxy.image.Transform;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Backend;
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

    static Fitted adapt(Path galaxies, Path catalogue, Path picture) {
        // README
        Fitted fitted = Finetune.from(galaxies).classes(7).mode(blocks(2)).fit(catalogue);
        try (Model model = Model.load(fitted.out())) {
            System.out.println(model.predict(picture));
        }
        // end
        return fitted;
    }

    static double loop(Path weights, Path catalogue, Path images, Path out) {
        // README
        GalaxyModel model = GalaxyModel.load(weights);
        Examples galaxies = Labelled.label(catalogue, images, "label").examples(model.tasks());
        Transform views = Augment.GALAXY.with(model.preprocess(), 42);
        int batch = 8, side = model.preprocess().size();
        Tensor image = Tensor.input("image", Shape.of(batch, 3, side, side));
        Trace trace = Trace.sample();
        Tensor label = Tensor.input("label", Shape.of(batch, galaxies.columns()));
        Tensor loss = Task.loss(model.tasks(), model.net().apply(image, trace), label);
        var optimizer = new AdamW();
        var group = new Optimizer.Group(Modules.parameters(model.net().head()), 1, 0.05);
        var step = optimizer.minimize(loss, List.of(group), new Optimizer.Options(1, 0));
        double last = 0;
        try (Backend cpu = new CpuBackend();
                Workspace memory = Program.compile(cpu, Map.of("loss", loss), step.updates())
                        .workspace();
                Loader loader = new Loader(
                        galaxies.images(),
                        views,
                        Order.shuffled(galaxies.size(), 42),
                        new Loader.Settings(batch, 3, 2, 2, true),
                        failure -> {})) {
            int number = 0;
            for (Loader.Batch next = loader.next(); next != null; next = loader.next()) {
                if (next.count() == batch) {
                    memory.feed("image", next.images())
                            .feed("label", galaxies.rows(next.rows()).labels());
                    memory.feed(Optimizer.RATE, 1e-3f);
                    optimizer.feed(++number, (name, value) -> memory.feed(name, (float) value));
                    memory.run(42, number);
                    last = memory.scalar("loss");
                }
            }
        }
        model.save(out);
        // end
        return last;
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
