package hoag.kernels.cpu;

import hoag.kernels.Expr;
import hoag.kernels.cpu.Loops.Kind;
import hoag.kernels.cpu.Steps.Step;
import java.lang.classfile.CodeBuilder;
import java.util.List;
import java.util.stream.IntStream;

/** Steps of a {@link Lowering.Program} in a loop: which of them change along the run, and which between the lanes of a channel block. */
abstract class StepWriter extends LoopFrame {
    /**
     * Elements that are added as they are before their sixteen sums are added to the partial ones with what rounding takes: those of eight turns where
     * elements are computed, as rounding took more from them before. Measured in L1, a thread, ns an element: sums of x and x y 0.17 if each turn is
     * added so, 0.10; of the two sums of a BatchNorm's gradient behind SiLU 0.62, 0.55.
     */
    final int group;

    final List<Step> steps;
    final List<Integer> results;
    private final boolean[] varies;
    private final boolean[] lanewise;

    StepWriter(Loops.Key key, Lowering.Program program, CodeBuilder code) {
        super(key, code);
        steps = program.steps();
        results = program.results();
        group = group(key);
        varies = new boolean[steps.size()];
        lanewise = new boolean[steps.size()];
        for (int at = 0; at < varies.length; at++) {
            Step step = steps.get(at);
            boolean input = step.op() == Steps.Op.INPUT;
            varies[at] =
                    input ? kind(step) == Kind.STREAM : step.from().stream().anyMatch(from -> varies[from]);
            lanewise[at] =
                    input ? kind(step) != Kind.SCALAR : step.from().stream().anyMatch(from -> lanewise[from]);
        }
    }

    static int group(Loops.Key key) {
        return key.formulas().stream().allMatch(formula -> formula instanceof Expr.In) ? 16 : 128;
    }

    final Kind kind(Step input) {
        return key.kinds().get(input.bits());
    }

    /** Steps that are computed for every element. */
    final int[] varying() {
        return IntStream.range(0, varies.length).filter(at -> varies[at]).toArray();
    }

    /** Steps that are the same for all elements. */
    final int[] constant() {
        return IntStream.range(0, varies.length)
                .filter(at -> !varies[at] && !lanewise[at])
                .toArray();
    }

    /** Steps that repeat with every channel block. */
    final int[] byLane() {
        return IntStream.range(0, varies.length)
                .filter(at -> !varies[at] && lanewise[at])
                .toArray();
    }

    final boolean folds() {
        return key.fold() != null;
    }
}
