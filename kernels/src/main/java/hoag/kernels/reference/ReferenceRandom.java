package hoag.kernels.reference;

import hoag.kernels.Kernel;
import hoag.kernels.Uniform;

/** out[i] = {@link Uniform#at}(key of seed, step and node, i). */
final class ReferenceRandom {
    private ReferenceRandom() {}

    static Loops loops(Kernel.Random kernel) {
        return (in, out, state) -> {
            long key = Uniform.key(state.seed, state.step, kernel.node());
            for (int i = 0; i < kernel.shape().size(); i++) {
                out.getFirst().set(i, Uniform.at(key, i));
            }
        };
    }
}
