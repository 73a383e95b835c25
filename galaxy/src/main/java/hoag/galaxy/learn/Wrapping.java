package hoag.galaxy.learn;

import hoag.engine.files.Weights;
import java.util.List;
import java.util.Optional;

/** What stands before the names of a backbone's weights in a checkpoint, because the network was a member of something when it was saved. */
final class Wrapping {
    /** Members of Zoobot's models, which have a head beside them. */
    private static final String ENCODER = "encoder.";

    /** Of DataParallel, of compiled networks, and as people call a network in a module of their own. */
    private static final List<String> ALL =
            List.of("module.", "_orig_mod.", "model.", "net.", "network.", "backbone.", "base_model.");

    private Wrapping() {}

    /** The weights of the network, named as it names them. */
    static Weights encoder(Weights file) {
        Weights weights = file.model();
        var wrapper = around(weights);
        while (wrapper.isPresent()) {
            weights = weights.under(wrapper.get());
            wrapper = around(weights);
        }
        return weights;
    }

    /** What the encoder's names begin with, or most names: a loss with weights, a metric or a count of averages may stand beside the network. */
    private static Optional<String> around(Weights weights) {
        if (weights.names().stream().anyMatch(name -> name.startsWith(ENCODER))) {
            return Optional.of(ENCODER);
        }
        return ALL.stream().filter(wrapper -> most(weights, wrapper)).findFirst();
    }

    private static boolean most(Weights weights, String wrapper) {
        long within = weights.names().stream()
                .filter(name -> name.startsWith(wrapper))
                .count();
        return 2 * within > weights.names().size();
    }
}
