package hoag.engine;

/** The pooling cases as nodes. */
final class GoldenPools {
    private GoldenPools() {}

    static Tensor pool(GoldenCase c, Tensor x) {
        return switch (c.op()) {
            case "max_pool2d" -> Pools.max(x, window(c));
            case "avg_pool2d" ->
                c.has("divisor_override")
                        ? Pools.average(x, window(c), c.number("divisor_override", 1))
                        : Pools.average(x, window(c), c.truth("count_include_pad"));
            case "adaptive_avg_pool2d" ->
                Pools.adaptiveAverage(x, c.wholes("output_size")[0], c.wholes("output_size")[1]);
            case "adaptive_max_pool2d" -> Pools.adaptiveMax(x, c.wholes("output_size")[0], c.wholes("output_size")[1]);
            case "global_avg_pool2d" -> Pools.globalAverage(x);
            case "global_max_pool2d" -> Pools.globalMax(x);
            case "global_avgmax_pool2d" -> Pools.globalAverageMax(x);
            default -> throw new AssertionError(c.op());
        };
    }

    /** The files have padding as top, bottom, left, right. */
    private static Pools.Window window(GoldenCase c) {
        int[] p = c.wholes("padding");
        return new Pools.Window(
                c.wholes("kernel"),
                c.wholes("stride"),
                new int[] {p[0], p[2], p[1], p[3]},
                c.has("dilation") ? c.wholes("dilation") : new int[] {1, 1},
                c.truth("ceil_mode"));
    }
}
