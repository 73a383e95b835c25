package outside.engine;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Losses;
import hoag.engine.train.Optimizer;
import hoag.kernels.Backends;
import hoag.kernels.Shape;
import java.util.List;
import java.util.Map;

/** Somebody else's program: finds the slope of y = 3 x. */
public class Slope {
    public static void main(String[] args) {
        Variable slope = Variable.parameter("slope", Shape.of(1)).set(new float[] {0});
        Tensor x = Tensor.input("x", Shape.of(4));
        Tensor loss = Losses.squared(x.mul(slope.tensor()), Tensor.input("y", Shape.of(4)))
                .mean()
                .reshape(Shape.SCALAR);
        AdamW optimizer = new AdamW();
        var step = optimizer.minimize(
                loss, List.of(new Optimizer.Group(Map.of("slope", slope), 1, 0)), Optimizer.Options.NONE);
        try (var backend = Backends.open("cpu", 1);
                Workspace memory = Program.compile(backend, Map.of("loss", loss), step.updates())
                        .workspace()) {
            memory.feed("x", new float[] {1, 2, 3, 4})
                    .feed("y", new float[] {3, 6, 9, 12})
                    .feed(Optimizer.RATE, 0.1f);
            for (int i = 1; i <= 300; i++) {
                optimizer.feed(i, (name, value) -> memory.feed(name, (float) value));
                memory.run();
            }
            System.out.println("slope " + Math.round(slope.values()[0] * 100) / 100.0);
        }
    }
}
