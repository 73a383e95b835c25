package hoag.galaxy.learn;

import hoag.engine.Tensor;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;
import java.util.List;

/** Dropout and one linear layer over the representation: (n, features) to the outputs of all tasks. */
public record Head(Dropout dropout, Linear linear) implements Module {
    /** Concentrations start near 1 + 100 sigmoid(-4) = 2.8: little is known, which is where volunteers' votes lie. */
    private static final float FIRST_BIAS_OF_VOTES = -4;

    static Head of(Init init, int features, List<Task> tasks, double dropout) {
        int[] offsets = Task.offsets(tasks);
        Linear linear = Linear.of(init, features, offsets[tasks.size()]);
        float[] bias = linear.bias().values();
        for (int i = 0; i < tasks.size(); i++) {
            java.util.Arrays.fill(
                    bias, offsets[i], offsets[i + 1], tasks.get(i) instanceof Task.Votes ? FIRST_BIAS_OF_VOTES : 0);
        }
        linear.bias().set(bias);
        return new Head(new Dropout(dropout), linear);
    }

    @Override
    public Tensor forward(Tensor features, Trace trace) {
        return linear.apply(dropout.apply(features, trace), trace);
    }
}
