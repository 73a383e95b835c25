package hoag.galaxy.models;

import hoag.engine.Tensor;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;
import java.util.List;

/** A network from pictures (n, channels, h, w) to representations. Its keys are timm's. */
public interface Backbone extends Module {
    /** The last map, (n, features, h/32, w/32). */
    Tensor map(Tensor images, Trace trace);

    /** How many numbers represent a picture. */
    int features();

    /** The parts from the input to the output that may be trained or frozen each as one, as Zoobot and timm group them. */
    List<List<Module>> groups();

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
}
