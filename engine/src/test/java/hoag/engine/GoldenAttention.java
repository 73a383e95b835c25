package hoag.engine;

import hoag.kernels.Shape;
import java.util.List;
import java.util.Map;

/** The attention cases as nodes, by the names of their inputs. */
final class GoldenAttention {
    private GoldenAttention() {}

    static Map<String, Tensor> outputs(GoldenCase c, Map<String, Tensor> in) {
        Tensor x = in.get("x");
        return switch (c.op()) {
            case "softmax" -> Map.of("y", x.softmax(c.whole("axis")));
            case "log_softmax" -> Map.of("y", x.logSoftmax(c.whole("axis")));
            case "attention" -> Map.of("y", attention(c, in));
            case "vit_attention" -> Map.of("y", vit(c, in));
            case "window_attention" -> Map.of("y", window(c, in));
            case "window_partition" -> {
                Tensor y = Windows.partition(x, c.wholes("size")[0], c.wholes("size")[1]);
                yield Map.of("y", y, "back", Windows.reverse(y.mul(2), 6, 8));
            }
            case "grid_partition" -> {
                Tensor y = Windows.gridPartition(x, c.wholes("size")[0], c.wholes("size")[1]);
                yield Map.of("y", y, "back", Windows.gridReverse(y.mul(2), 6, 8));
            }
            default -> throw new AssertionError(c.op());
        };
    }

    private static Tensor attention(GoldenCase c, Map<String, Tensor> in) {
        Tensor mask = in.get("mask");
        if (c.truth("causal")) {
            mask = Attention.causal(
                    in.get("q").shape().dim(-2), in.get("k").shape().dim(-2));
        } else if (c.name().equals("mask-bool")) {
            mask = Attention.allowed(mask);
        }
        return Attention.of(in.get("q"), in.get("k"), in.get("v"), mask, c.number("scale", 0));
    }

    private static Tensor vit(GoldenCase c, Map<String, Tensor> in) {
        List<Tensor> parts = Attention.split(linear(in.get("x"), "qkv", in), c.whole("heads"));
        Tensor q = parts.get(0);
        Tensor k = parts.get(1);
        if (c.truth("qk_norm")) {
            double eps = c.number("norm_eps", 0);
            q = Norms.layer(q, in.get("q_norm.weight"), in.get("q_norm.bias"), -1, eps);
            k = Norms.layer(k, in.get("k_norm.weight"), in.get("k_norm.bias"), -1, eps);
        }
        double scale = 1 / Math.sqrt(q.shape().dim(-1));
        return linear(Attention.join(Attention.of(q, k, parts.get(2), null, scale)), "proj", in);
    }

    private static Tensor window(GoldenCase c, Map<String, Tensor> in) {
        int h = c.wholes("window")[0];
        int w = c.wholes("window")[1];
        Shape s = in.get("x").shape();
        Tensor rows = in.get("x").reshape(s.dim(0), h * w, s.dim(3));
        List<Tensor> parts = Attention.split(linear(rows, "qkv", in), c.whole("heads"));
        Tensor table = c.text("rel_pos").equals("table")
                ? in.get("rel_pos.relative_position_bias_table")
                : linear(
                        linear(RelativePosition.logCoordinates(h, w), "rel_pos.mlp.fc1", in)
                                .relu(),
                        "rel_pos.mlp.fc2",
                        in);
        Tensor y = Attention.of(
                parts.get(0),
                parts.get(1),
                parts.get(2),
                RelativePosition.bias(table, h, w),
                1 / Math.sqrt(c.whole("head_dim")));
        return linear(Attention.join(y), "proj", in).reshape(s);
    }

    private static Tensor linear(Tensor x, String name, Map<String, Tensor> in) {
        Tensor y = x.linear(in.get(name + ".weight"));
        Tensor bias = in.get(name + ".bias");
        return bias == null ? y : y.add(bias);
    }
}
