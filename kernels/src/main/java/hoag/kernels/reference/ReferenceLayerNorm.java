package hoag.kernels.reference;

import hoag.kernels.Kernel;
import java.util.List;

/** Mean and variance, then the distances from the mean in standard deviations, then the formula. */
final class ReferenceLayerNorm {
    private ReferenceLayerNorm() {}

    static Loops loops(Kernel.LayerNorm kernel) {
        var moments = new Kernel.Moments(kernel.input(), kernel.axis());
        int kept = kernel.input().size() / kernel.input().dim(kernel.axis());
        Loops first = ReferenceMoments.loops(moments);
        Loops standard = (in, out, state) -> {
            Doubles both = new Doubles(new double[2 * kept], 0);
            first.run(in.subList(0, 1), List.of(both), state);
            Walk walk = Walk.broadcasting(kernel.input(), List.of(kernel.input().with(kernel.axis(), 1)));
            for (int i = 0; walk.here(); i++, walk.next()) {
                double distance = in.getFirst().get(i) - both.get(walk.at(0));
                out.getFirst().set(i, distance / Math.sqrt(both.get(kept + walk.at(0)) + kernel.eps()));
            }
        };
        return ReferenceEpilogue.after(standard, kernel, kernel.epilogue());
    }
}
