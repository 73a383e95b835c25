package hoag.engine;

import hoag.engine.GridSample.Padding;
import hoag.engine.Resize.Mode;
import java.util.Locale;
import java.util.Map;

/** Resizing and sampling of the golden cases as nodes. */
final class GoldenSample {
    private GoldenSample() {}

    static Map<String, Tensor> outputs(GoldenCase c, Map<String, Tensor> in) {
        return switch (c.op()) {
            case "resize" -> Map.of("y", resize(c, in.get("x")));
            case "grid_sample" -> Map.of("y", sampler(c).apply(in.get("x"), in.get("grid")));
            case "affine_grid" -> transformer(c, in);
            case "resample_abs_pos_embed" -> Map.of("y", positions(c, in.get("x")));
            default -> throw new AssertionError(c.op());
        };
    }

    private static Tensor resize(GoldenCase c, Tensor x) {
        Mode mode = Mode.valueOf(c.text("mode").toUpperCase(Locale.ROOT).replace('-', '_'));
        var how = new Resize(mode, c.has("align_corners") && c.truth("align_corners"), c.truth("antialias"));
        int[] size = c.has("size") ? c.wholes("size") : null;
        return size == null ? how.apply(x, c.number("scale_factor", 0)) : how.apply(x, size[0], size[1]);
    }

    private static GridSample sampler(GoldenCase c) {
        Padding padding = Padding.valueOf(c.text("padding_mode").toUpperCase(Locale.ROOT));
        return new GridSample(c.text("mode").equals("nearest"), padding, c.truth("align_corners"));
    }

    private static Map<String, Tensor> transformer(GoldenCase c, Map<String, Tensor> in) {
        boolean corners = c.truth("align_corners");
        int[] size = c.wholes("size");
        Tensor grid = GridSample.affine(in.get("theta"), size[0], size[1], corners);
        var sampler = new GridSample(false, Padding.ZEROS, corners);
        return in.containsKey("x") ? Map.of("grid", grid, "y", sampler.apply(in.get("x"), grid)) : Map.of("grid", grid);
    }

    private static Tensor positions(GoldenCase c, Tensor x) {
        int[] old = c.wholes("old");
        int[] now = c.wholes("new");
        return Resize.positions(x, c.whole("prefix_tokens"), old[0], old[1], now[0], now[1]);
    }
}
