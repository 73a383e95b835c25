package hoag.kernels;

import static hoag.kernels.Cases.square;

import hoag.kernels.Kernel.Epilogue;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Kernel.Pass;
import java.util.ArrayList;
import java.util.List;

/** Convolutions with what a backend may do in the same launch: the depthwise convolution behind it, moments and sums of its result. */
final class ChainCases {
    private static final double SUMS = 1e-5;

    private final int batch;
    private final List<Case> all = new ArrayList<>();

    private ChainCases(int batch) {
        this.batch = batch;
    }

    static List<Case> all(int batch) {
        var cases = new ChainCases(batch);
        cases.chains();
        cases.followed();
        return cases.all;
    }

    private void add(String name, Kernel kernel, double tolerance) {
        all.add(new Case(name, kernel, tolerance));
    }

    private void chains() {
        chain("1x1, depthwise 3x3, sums", square(2, 20, 40, 9, 1, 1, 1), square(2, 40, 40, 9, 3, 1, 40), true);
        chain("1x1, depthwise 5x5 s2", square(1, 16, 100, 12, 1, 1, 1), square(1, 100, 100, 12, 5, 2, 100), false);
        chain(
                "3x3 s2 of 3 channels, depthwise 3x3, sums",
                square(2, 3, 32, 21, 3, 2, 1),
                square(2, 32, 32, 11, 3, 1, 32),
                true);
        chain("depthwise 3x3 s2, sums", null, square(3, 33, 33, 15, 3, 2, 33), true);
        chain(
                "rows that nobody reads: 1x1, depthwise 1x1 s2",
                new Conv2dShape(1, 16, 2, 7, 16, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
                new Conv2dShape(1, 16, 2, 7, 16, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1, 16),
                false);
        chain(
                "in strips: 1x1, depthwise 5x5, sums",
                square(1, 16, 16, 130, 1, 1, 1),
                square(1, 16, 16, 130, 5, 1, 16),
                true);
        chain(
                "in strips: 3x3 s2, depthwise 3x3 s2",
                square(1, 3, 16, 265, 3, 2, 1),
                square(1, 16, 16, 133, 3, 2, 16),
                false);
        chain(
                "b0 1x1 16-96 @112, depthwise 3x3 s2, sums",
                square(batch, 16, 96, 112, 1, 1, 1),
                square(batch, 96, 96, 112, 3, 2, 96),
                true);
        chain(
                "b0 1x1 40-240 @28, depthwise 5x5, sums",
                square(batch, 40, 240, 28, 1, 1, 1),
                square(batch, 240, 240, 28, 5, 1, 240),
                true);
    }

    private void chain(String name, Conv2dShape dense, Conv2dShape depthwise, boolean sums) {
        Expr biased = Expr.in(0).plus(Expr.in(1));
        Epilogue silu = new Epilogue(biased.times(biased.sigmoid()), List.of(Shape.of(depthwise.c(), 1, 1)));
        List<Kernel> links = new ArrayList<>();
        if (dense != null) {
            links.add(new Kernel.Conv2d(dense, Pass.FORWARD, silu));
        }
        links.add(new Kernel.Conv2d(depthwise, Pass.FORWARD, silu));
        if (sums) {
            Shape space = depthwise.output();
            links.add(new Kernel.Reduce(space, List.of(space), List.of(Expr.in(0)), Fold.SUM, 2, 3));
        }
        add("chain/" + name, new Kernel.Chain(links, sums ? 2 : 1), SUMS);
    }

    // ---- what follows one convolution

    private void followed() {
        for (Conv2dShape s : List.of(
                new Conv2dShape(3, 20, 19, 17, 40, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
                new Conv2dShape(2, 3, 32, 30, 24, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1),
                new Conv2dShape(2, 33, 9, 8, 20, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1, 1),
                new Conv2dShape(1, 17, 50, 48, 17, 5, 5, 2, 2, 2, 2, 2, 2, 1, 1, 17),
                new Conv2dShape(2, 40, 7, 7, 40, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 40),
                square(2, 24, 100, 40, 1, 1, 1))) {
            String name = s.kh() + "x" + s.kw() + " " + s.c() + "-" + s.k() + " @" + s.h() + "x" + s.w();
            moments(name, s);
            gradients(name, s);
        }
        Conv2dShape wide = square(batch, 16, 96, 112, 1, 1, 1);
        moments("b0 1x1 16-96 @112", wide);
        gradients("b0 3x3 s2 of 96 @112", square(batch, 96, 96, 112, 3, 2, 96));
    }

    /** The statistics of BatchNorm. */
    private void moments(String name, Conv2dShape s) {
        Kernel conv = new Kernel.Conv2d(s, Pass.FORWARD, null);
        add(
                "chain/" + name + ", moments",
                new Kernel.Chain(List.of(conv, new Kernel.Moments(s.output(), 0, 2, 3)), 2),
                SUMS);
    }

    /** What the gradient of a BatchNorm wants of the gradient that comes to it; what squeeze and excite does. */
    private void gradients(String name, Conv2dShape s) {
        Shape made = s.input();
        Shape channel = Shape.of(1, s.c(), 1, 1);
        Epilogue gate = new Epilogue(Expr.in(0).times(Expr.in(1)), List.of(made));
        Kernel conv = new Kernel.Conv2d(s, Pass.DATA, gate);
        Expr distance = Expr.in(1).minus(Expr.in(2));
        add(
                "chain/" + name + " dx, sums of channels",
                new Kernel.Chain(
                        List.of(
                                conv,
                                new Kernel.Reduce(
                                        made,
                                        List.of(made, made, channel),
                                        List.of(Expr.in(0), Expr.in(0).times(distance)),
                                        Fold.SUM,
                                        0,
                                        2,
                                        3)),
                        2),
                SUMS);
        add(
                "chain/" + name + " dx, sums of planes",
                new Kernel.Chain(
                        List.of(
                                new Kernel.Conv2d(s, Pass.DATA, null),
                                new Kernel.Reduce(
                                        made,
                                        List.of(made, Shape.of(s.n(), s.c(), 1, 1)),
                                        List.of(Expr.in(0).times(Expr.in(1)).square()),
                                        Fold.SUM,
                                        2,
                                        3)),
                        2),
                SUMS);
    }
}
