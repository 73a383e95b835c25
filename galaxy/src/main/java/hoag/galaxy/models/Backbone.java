package hoag.galaxy.models;

import hoag.engine.Tensor;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import java.util.List;

/** A network from pictures (n, channels, h, w) to representations. Its keys are timm's. */
public interface Backbone extends Module {
    /** The last map, (n, channels, rows, columns): h/32 x w/32 for most. */
    Tensor map(Tensor images, Trace trace);

    /** How many numbers represent a picture. */
    int features();

    /**
     * The parts from the input to the output that may be trained or frozen each as one, as Zoobot groups them: beginnings of keys. What is
     * named nowhere is the classifier.
     */
    List<List<String>> groups();

    /** The same block by block, by the names of the weights, for layer-wise learning rates. */
    LayerDecay layers();

    /** The classifier of the checkpoint, or null. */
    Linear classifier();

    /** (n, features): the last map averaged over its pixels. */
    default Tensor pooled(Tensor images, Trace trace) {
        return map(images, trace).mean(2, 3).reshape(images.shape().dim(0), features());
    }

    /** Logits (n, classes), or the representation if there is no classifier. */
    @Override
    default Tensor forward(Tensor images, Trace trace) {
        Tensor pooled = pooled(images, trace);
        return classifier() == null ? pooled : classifier().apply(pooled, trace);
    }

    /** The group that a weight belongs to by its key; {@code groups().size()} for the classifier. */
    default int group(String key) {
        List<List<String>> groups = groups();
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).stream().anyMatch(part -> key.equals(part) || key.startsWith(part + "."))) {
                return i;
            }
        }
        return groups.size();
    }
}
