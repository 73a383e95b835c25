package hoag.galaxy.learn;

import hoag.engine.Tensor;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;
import hoag.galaxy.models.Backbone;

/** Backbone and head: pictures (n, channels, h, w) to raw outputs (n, width of all tasks). Keys are {@code encoder.TIMM_KEY} and {@code head...}. */
public record GalaxyNet(Backbone encoder, Head head) implements Module {
    @Override
    public Tensor forward(Tensor images, Trace trace) {
        return head.apply(encoder.pooled(images, trace), trace);
    }
}
