package hoag.kernels.reference;

import hoag.kernels.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The links of a chain one after the other, with memory of their own between them. */
final class ReferenceChain {
    private ReferenceChain() {}

    static Loops loops(Kernel.Chain chain, Function<Kernel, Loops> loops) {
        List<Loops> links = chain.links().stream().map(loops).toList();
        return (inputs, outputs, state) -> {
            int read = 0;
            Doubles made = null;
            for (int i = 0; i < links.size(); i++) {
                Kernel link = chain.links().get(i);
                List<Doubles> in = new ArrayList<>();
                if (made != null) {
                    in.add(made);
                }
                while (in.size() < link.inputs().size()) {
                    in.add(inputs.get(read++));
                }
                int kept = i - links.size() + chain.kept();
                boolean last = i == links.size() - 1;
                made = kept >= 0
                        ? outputs.get(kept)
                        : new Doubles(new double[link.outputs().getFirst().size()], 0);
                links.get(i).run(in, last ? outputs.subList(kept, outputs.size()) : List.of(made), state);
            }
        };
    }
}
