package hoag.engine;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Kernels in a few words: their name (of a chain with one convolution that one's), and what they have to do. */
final class KernelText {
    private KernelText() {}

    static String name(Kernel kernel) {
        return switch (kernel) {
            case Kernel.Conv2d conv ->
                "conv2d"
                        + switch (conv.pass()) {
                            case FORWARD -> "";
                            case DATA -> ".dx";
                            case FILTER -> ".dw";
                        };
            case Kernel.Chain(var links, int _)
            when links.stream().filter(Kernel.Conv2d.class::isInstance).count() == 1 -> name(links.getFirst());
            default -> kernel.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }

    static String work(Kernel kernel) {
        return switch (kernel) {
            case Kernel.Conv2d conv -> window(conv.shape()) + then(conv.epilogue());
            case Kernel.Product p ->
                (p.batch() > 1 ? p.batch() + " of " : "") + p.m() + "x" + p.k() + "x" + p.n()
                        + (p.transA() ? " ta" : "") + (p.transB() ? " tb" : "") + then(p.epilogue());
            case Kernel.Pool pool -> window(pool.window()) + " " + lower(pool.mode()) + (pool.gradient() ? ".dx" : "");
            case Kernel.Pointwise pointwise ->
                pointwise.space() + " " + pointwise.inputs().size() + " in, "
                        + pointwise.formulas().stream()
                                .mapToInt(formula -> formula.inOrder().size())
                                .sum() + " operations";
            case Kernel.Reduce reduce ->
                reduce.space() + " " + lower(reduce.fold()) + " over " + Arrays.toString(reduce.axes());
            case Kernel.Moments moments -> moments.input() + " over " + Arrays.toString(moments.axes());
            case Kernel.Move move ->
                move.input() + " " + lower(move.mover().getClass().getSimpleName());
            case Kernel.Chain chain ->
                chain.links().stream().map(KernelText::work).collect(Collectors.joining(" | "));
            case Kernel.LayerNorm norm -> norm.input() + " over " + norm.axis() + then(norm.epilogue());
            case Kernel.LayerNormGradient norm -> norm.input() + " over " + norm.axis() + then(norm.epilogue());
            case Kernel.Attention attention -> heads(attention);
            case Kernel.AttentionGradient gradient -> heads(gradient.of());
            case Kernel.Relayout relayout -> relayout.shape() + " " + relayout.from() + " to " + relayout.to();
            default ->
                kernel.inputs().isEmpty() ? "" : kernel.inputs().getFirst().toString();
        };
    }

    private static String heads(Kernel.Attention a) {
        return (a.batch() > 1 ? a.batch() + " of " : "") + a.heads() + " heads of " + a.queries() + "x" + a.width()
                + "x" + a.keys() + "x" + a.out();
    }

    private static String window(Conv2dShape s) {
        String filter = s.kh() + "x" + s.kw() + (s.strideH() > 1 ? "/" + s.strideH() : "");
        String channels = s.depthwise()
                ? " dw " + s.c()
                : " " + s.c() + ">" + s.k() + (s.groups() > 1 ? " in " + s.groups() + " groups" : "");
        return "n" + s.n() + " " + filter + channels + " @" + s.h() + "x" + s.w();
    }

    private static String then(Kernel.Epilogue epilogue) {
        return epilogue == null ? "" : " +" + epilogue.formula().inOrder().size();
    }

    private static String lower(Object word) {
        return word.toString().toLowerCase(Locale.ROOT);
    }
}
