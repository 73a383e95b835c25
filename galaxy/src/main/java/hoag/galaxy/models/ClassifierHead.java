package hoag.galaxy.models;

import hoag.engine.Tensor;
import hoag.engine.nn.Init;
import hoag.engine.nn.LayerNorm;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;

/**
 * What timm keys {@code head.*}: mean over the pixels, a norm, a hidden layer, the classifier.
 *
 * @param norm or null
 * @param pre_logits or null
 * @param fc or null
 */
public record ClassifierHead(LayerNorm norm, Hidden pre_logits, Linear fc) implements Module {
    /** tanh(fc(x)). */
    public record Hidden(Linear fc) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return fc.apply(x, trace).tanh();
        }
    }

    static ClassifierHead of(Init init, LayerNorm norm, int features, int classes) {
        return new ClassifierHead(norm, null, classes == 0 ? null : Linear.of(init, features, classes));
    }

    /** With a hidden layer as wide as the representation. */
    static ClassifierHead hidden(Init init, LayerNorm norm, int features, int classes) {
        var hidden = new Hidden(Linear.of(init, features, features));
        return new ClassifierHead(norm, hidden, classes == 0 ? null : Linear.of(init, features, classes));
    }

    /** (n, c, h, w) to the representation (n, c). */
    Tensor pooled(Tensor map, Trace trace) {
        Tensor mean = map.mean(2, 3);
        Tensor rows = (norm == null ? mean : norm.apply(mean, trace))
                .reshape(map.shape().dim(0), map.shape().dim(1));
        return pre_logits == null ? rows : pre_logits.apply(rows, trace);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor pooled = pooled(x, trace);
        return fc == null ? pooled : fc.apply(pooled, trace);
    }
}
