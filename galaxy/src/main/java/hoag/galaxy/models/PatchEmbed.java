package hoag.galaxy.models;

import hoag.engine.Tensor;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;
import hoag.kernels.ShapeException;

/** Pictures (n, c, h, w) cut into squares, each to a token: (n, t, width). */
public record PatchEmbed(Conv2d proj) implements Module {
    static PatchEmbed of(Init init, int channels, int width, int patch) {
        return new PatchEmbed(Conv2d.of(init, channels, width, patch, patch, 0, 1, true));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        int patch = proj.stride();
        if (x.shape().dim(2) % patch != 0 || x.shape().dim(3) % patch != 0) {
            throw new ShapeException("patches of " + patch + " pixels do not fit into pictures of "
                    + x.shape().dim(2) + "x" + x.shape().dim(3) + "; choose a size that " + patch + " divides");
        }
        Tensor map = proj.apply(x, trace);
        int[] dims = map.shape().toArray();
        return map.reshape(dims[0], dims[1], dims[2] * dims[3]).permute(0, 2, 1);
    }
}
