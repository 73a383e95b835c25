package hoag.kernels;

import hoag.kernels.Kernel.Epilogue;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Kernel.Pass;
import hoag.kernels.Kernel.PoolMode;
import java.util.ArrayList;
import java.util.List;

/** The one list of cases: odd shapes that find mistakes, and the layers of EfficientNet-B0 and ResNet-18. */
public final class Cases {
    private static final double SUMS = 1e-5;
    private static final double POINTS = 2e-6;
    private static final Expr SILU = Expr.in(0).times(Expr.in(0).sigmoid());
    private static final Expr RELU = Expr.in(0).max(Expr.of(0));

    private final int batch;
    private final List<Case> all = new ArrayList<>();

    private Cases(int batch) {
        this.batch = batch;
    }

    /** Every case; layers of networks with this batch. */
    public static List<Case> all(int batch) {
        var cases = new Cases(batch);
        cases.oddConvolutions();
        cases.efficientNet();
        cases.resNet();
        cases.products();
        cases.pools();
        cases.pointwise();
        cases.reductions();
        cases.moments();
        cases.moves();
        cases.gathers();
        cases.orders();
        cases.random();
        cases.all.addAll(ChainCases.all(batch));
        cases.attentions();
        cases.norms();
        return List.copyOf(cases.all);
    }

    private void add(String name, Kernel kernel, double tolerance) {
        all.add(new Case(name, kernel, tolerance));
    }

    // ---- convolutions

    private void passes(String name, Conv2dShape s) {
        for (Pass pass : Pass.values()) {
            add("conv2d/" + name + "/" + pass.name().toLowerCase(), new Kernel.Conv2d(s, pass, null), SUMS);
        }
    }

    /** n, c, h, w, k, kh, kw, strideH, strideW, top, left, bottom, right, dilationH, dilationW, groups. */
    private void oddConvolutions() {
        passes("odd planes", new Conv2dShape(2, 5, 7, 9, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1));
        passes("one pixel", new Conv2dShape(3, 20, 1, 1, 35, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1));
        passes("1x1 with tails", new Conv2dShape(2, 33, 5, 7, 17, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1));
        passes("1x1 s2", new Conv2dShape(2, 16, 9, 8, 32, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1, 1));
        passes("1x1 padded", new Conv2dShape(1, 4, 5, 5, 6, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
        passes("2x3 uneven padding", new Conv2dShape(2, 17, 6, 11, 40, 2, 3, 1, 2, 0, 2, 1, 0, 1, 1, 1));
        passes("3x3 s2 same", new Conv2dShape(1, 24, 14, 14, 48, 3, 3, 2, 2, 0, 0, 1, 1, 1, 1, 1));
        passes("3x3 dilated", new Conv2dShape(1, 16, 12, 13, 16, 3, 3, 1, 1, 2, 2, 2, 2, 2, 2, 1));
        passes("7x7 s2 one plane", new Conv2dShape(2, 1, 23, 21, 8, 7, 7, 2, 2, 3, 3, 3, 3, 1, 1, 1));
        passes("4x4 s4 patches", new Conv2dShape(1, 3, 32, 32, 40, 4, 4, 4, 4, 0, 0, 0, 0, 1, 1, 1));
        passes("stride above filter", new Conv2dShape(1, 16, 11, 11, 16, 2, 2, 3, 3, 0, 0, 0, 0, 1, 1, 1));
        passes("2 groups", new Conv2dShape(2, 8, 6, 6, 12, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 2));
        passes("groups of 16", new Conv2dShape(1, 64, 9, 9, 64, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 4));
        passes("multiplier 2", new Conv2dShape(1, 6, 7, 7, 12, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 6));
        passes("depthwise tail", new Conv2dShape(2, 19, 9, 7, 19, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 19));
        passes("depthwise 5x5 s2", new Conv2dShape(1, 32, 11, 13, 32, 5, 5, 2, 2, 2, 2, 2, 2, 1, 1, 32));
        passes("depthwise dilated", new Conv2dShape(1, 16, 11, 11, 16, 3, 3, 1, 1, 2, 2, 2, 2, 2, 2, 16));
        passes("depthwise 7x7", new Conv2dShape(1, 24, 14, 14, 24, 7, 7, 1, 1, 3, 3, 3, 3, 1, 1, 24));
        passes("depthwise 2x2 no padding", new Conv2dShape(1, 16, 6, 6, 16, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 16));
        for (Conv2dShape s : List.of(
                new Conv2dShape(2, 20, 10, 9, 24, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                new Conv2dShape(2, 40, 10, 10, 24, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
                new Conv2dShape(2, 20, 10, 9, 20, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 20))) {
            epilogues(s);
        }
    }

    private void epilogues(Conv2dShape s) {
        String name = "conv2d/" + s.kh() + "x" + s.kw() + " groups " + s.groups();
        Shape perChannel = Shape.of(s.k(), 1, 1);
        Expr biased = Expr.in(0).plus(Expr.in(1));
        fused(name + " + bias, silu", s, biased.times(biased.sigmoid()), perChannel);
        fused(
                name + " * scale + shift, relu",
                s,
                Expr.in(0).times(Expr.in(1)).plus(Expr.in(2)).max(Expr.of(0)),
                perChannel,
                Shape.of(1, s.k(), 1, 1));
        fused(name + " + bias + residual", s, biased.plus(Expr.in(2)), perChannel, s.output());
        fused(name + " * gate", s, Expr.in(0).times(Expr.in(1)), Shape.of(s.n(), s.k(), 1, 1));
        fused(
                name + " * kept image + number",
                s,
                Expr.in(0).times(Expr.in(1)).plus(Expr.in(2)),
                Shape.of(s.n(), 1, 1, 1),
                Shape.SCALAR);
    }

    private void fused(String name, Conv2dShape s, Expr formula, Shape... extras) {
        add(name, new Kernel.Conv2d(s, Pass.FORWARD, new Epilogue(formula, List.of(extras))), SUMS);
    }

    static Conv2dShape square(int n, int c, int k, int size, int kernel, int stride, int groups) {
        int pad = kernel / 2;
        return new Conv2dShape(n, c, size, size, k, kernel, kernel, stride, stride, pad, pad, pad, pad, 1, 1, groups);
    }

    private void layer(String network, int c, int k, int size, int kernel, int stride, int groups) {
        String name = network + (groups > 1 ? " depthwise " : " ") + kernel + "x" + kernel
                + (stride > 1 ? " s" + stride : "") + " " + c + "-" + k + " @" + size;
        passes(name, square(batch, c, k, size, kernel, stride, groups));
    }

    private void efficientNet() {
        layer("b0", 3, 32, 224, 3, 2, 1);
        for (int[] s : new int[][] {
            {32, 112, 3, 1},
            {96, 112, 3, 2},
            {144, 56, 3, 1},
            {144, 56, 5, 2},
            {240, 28, 5, 1},
            {240, 28, 3, 2},
            {480, 14, 3, 1},
            {480, 14, 5, 1},
            {672, 14, 5, 1},
            {672, 14, 5, 2},
            {1152, 7, 5, 1},
            {1152, 7, 3, 1}
        }) {
            layer("b0", s[0], s[0], s[1], s[2], s[3], s[0]);
        }
        for (int[] s : new int[][] {
            {32, 16, 112},
            {16, 96, 112},
            {96, 24, 56},
            {24, 144, 56},
            {144, 24, 56},
            {144, 40, 28},
            {40, 240, 28},
            {240, 40, 28},
            {240, 80, 14},
            {80, 480, 14},
            {480, 80, 14},
            {480, 112, 14},
            {112, 672, 14},
            {672, 112, 14},
            {672, 192, 7},
            {192, 1152, 7},
            {1152, 192, 7},
            {1152, 320, 7},
            {320, 1280, 7}
        }) {
            layer("b0", s[0], s[1], s[2], 1, 1, 1);
        }
        for (int[] s : new int[][] {{32, 8}, {96, 4}, {240, 10}, {1152, 48}}) {
            layer("b0 squeeze", s[0], s[1], 1, 1, 1, 1);
            layer("b0 excite", s[1], s[0], 1, 1, 1, 1);
        }
    }

    private void resNet() {
        layer("resnet18", 3, 64, 224, 7, 2, 1);
        for (int[] s : new int[][] {
            {64, 64, 56, 1},
            {64, 128, 56, 2},
            {128, 128, 28, 1},
            {128, 256, 28, 2},
            {256, 256, 14, 1},
            {256, 512, 14, 2},
            {512, 512, 7, 1}
        }) {
            layer("resnet18", s[0], s[1], s[2], 3, s[3], 1);
        }
        layer("resnet18", 64, 128, 56, 1, 2, 1);
    }

    // ---- products

    private void products() {
        for (int[] s : new int[][] {
            {1, 1, 1, 1},
            {1, 7, 5, 3},
            {1, 1, 34, 1280},
            {3, 34, 50, 70},
            {1, 6, 64, 512},
            {1, 100, 130, 1030},
            {2, 65, 47, 19},
            {1, 4, 5, 0},
            {1, 0, 5, 4}
        }) {
            for (int t = 0; t < 4; t++) {
                product("odd", s[0], s[1], s[2], s[3], t > 1, t % 2 > 0, true, true);
            }
        }
        product("shared b", 3, 10, 20, 30, false, false, true, false);
        product("shared a", 3, 10, 20, 30, false, true, false, true);
        product("shared b, a transposed", 3, 10, 20, 30, true, false, true, false);
        product("head", 1, batch, 34, 1280, false, true, false, false);
        product("head, input gradient", 1, batch, 1280, 34, false, false, false, false);
        product("head, weight gradient", 1, 34, 1280, batch, true, false, false, false);
        product("token mixing", 1, batch * 197, 768, 192, false, true, false, false);
        product("few rows, long sums", 1, 197, 192, 768, false, true, false, false);
        product("few rows, left turned", 1, 100, 70, 530, true, true, false, false);
        product("attention scores", batch * 3, 197, 197, 64, false, true, true, true);
        product("attention values", batch * 3, 197, 64, 197, false, false, true, true);
        product("square", 1, 64 * batch + 64, 64 * batch + 64, 64 * batch + 64, false, false, false, false);
        Expr biased = Expr.in(0).plus(Expr.in(1));
        fused("bias", 1, 17, 34, 40, biased, Shape.of(34));
        fused("bias, silu", 2, 9, 80, 33, biased.times(biased.sigmoid()), Shape.of(1, 1, 80));
        fused("bias + residual", 2, 9, 70, 33, biased.plus(Expr.in(2)), Shape.of(70), Shape.of(2, 9, 70));
        fused("scaled by a number", 3, 13, 13, 8, Expr.in(0).times(Expr.in(1)), Shape.SCALAR);
        fused("scaled rows", 2, 13, 130, 600, Expr.in(0).times(Expr.in(1)).max(Expr.of(-0.5)), Shape.of(2, 13, 1));
    }

    private void product(
            String name,
            int b,
            int m,
            int n,
            int k,
            boolean transA,
            boolean transB,
            boolean batchedA,
            boolean batchedB) {
        String sizes =
                " " + (b > 1 ? b + " x " : "") + m + "x" + n + "x" + k + (transA ? " ta" : "") + (transB ? " tb" : "");
        add("product/" + name + sizes, new Kernel.Product(b, m, n, k, transA, transB, batchedA, batchedB, null), SUMS);
    }

    private void fused(String name, int b, int m, int n, int k, Expr formula, Shape... extras) {
        var epilogue = new Epilogue(formula, List.of(extras));
        add("product/" + name, new Kernel.Product(b, m, n, k, false, true, b > 1, false, epilogue), SUMS);
    }

    // ---- pooling

    private void pools() {
        pool("2x2", new Conv2dShape(2, 20, 8, 10, 20, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 20));
        pool("3x3 s2 padded", new Conv2dShape(2, 17, 11, 13, 17, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 17));
        pool("3x3 hanging over", new Conv2dShape(1, 16, 8, 8, 16, 3, 3, 2, 2, 0, 0, 1, 1, 1, 1, 16));
        pool("resnet18 stem", square(batch, 64, 64, 112, 3, 2, 64));
        pool("global", new Conv2dShape(batch, 100, 7, 7, 100, 7, 7, 1, 1, 0, 0, 0, 0, 1, 1, 100));
    }

    private void pool(String name, Conv2dShape window) {
        for (PoolMode mode : PoolMode.values()) {
            for (boolean gradient : new boolean[] {false, true}) {
                String full = "pool/" + name + "/" + mode.name().toLowerCase() + (gradient ? " gradient" : "");
                add(full, new Kernel.Pool(window, mode, gradient), mode == PoolMode.MAX && !gradient ? 0 : SUMS);
            }
        }
    }

    // ---- pointwise

    private void pointwise() {
        Shape image = Shape.of(2, 19, 6, 5);
        for (Unary op : Unary.values()) {
            boolean positive = List.of(Unary.LOG, Unary.LOG1P, Unary.SQRT, Unary.LGAMMA, Unary.DIGAMMA, Unary.TRIGAMMA)
                    .contains(op);
            Expr x = positive ? Expr.in(0).plus(1.5).times(3) : Expr.in(0).times(4);
            point("unary " + op.name().toLowerCase(), image, List.of(x.apply(op)), image);
        }
        for (Binary op : Binary.values()) {
            boolean positive =
                    List.of(Binary.POW, Binary.RISING, Binary.DIGAMMA_RISING).contains(op);
            Expr a = positive ? Expr.in(0).plus(1.5).times(3) : Expr.in(0);
            Expr b = positive ? Expr.in(1).plus(1).times(4) : Expr.in(1).plus(2);
            point("binary " + op.name().toLowerCase(), image, List.of(a.apply(op, b)), image, image);
        }
        point("silu", Shape.of(batch, 96, 56, 56), List.of(SILU), Shape.of(batch, 96, 56, 56));
        point(
                "relu of sum",
                Shape.of(batch, 64, 28, 28),
                List.of(RELU.substitute(i -> Expr.in(0).plus(Expr.in(1)))),
                Shape.of(batch, 64, 28, 28),
                Shape.of(batch, 64, 28, 28));
        point(
                "per channel",
                image,
                List.of(Expr.in(0).times(Expr.in(1)).plus(Expr.in(2))),
                image,
                Shape.of(19, 1, 1),
                Shape.of(1, 19, 1, 1));
        point("per image and channel", image, List.of(Expr.in(0).times(Expr.in(1))), image, Shape.of(2, 19, 1, 1));
        point("per image", image, List.of(Expr.in(0).times(Expr.in(1))), image, Shape.of(2, 1, 1, 1));
        point("per pixel", image, List.of(Expr.in(0).times(Expr.in(1))), image, Shape.of(6, 5));
        point(
                "rows by columns",
                Shape.of(37, 41),
                List.of(Expr.in(0).minus(Expr.in(1))),
                Shape.of(37, 1),
                Shape.of(41));
        point("two outputs", Shape.of(3, 50), List.of(SILU, SILU.derivative(0)), Shape.of(3, 50));
        point(
                "where",
                Shape.of(100),
                List.of(Expr.where(
                        Expr.in(0).apply(Binary.LT, Expr.of(0)),
                        Expr.in(1),
                        Expr.in(0).exp())),
                Shape.of(100),
                Shape.SCALAR);
        point("constant", Shape.of(17), List.of(Expr.of(2.5)));
        point("number", Shape.SCALAR, List.of(Expr.in(0).plus(1)), Shape.SCALAR);
        point("nothing", Shape.of(0, 3), List.of(Expr.in(0).plus(1)), Shape.of(0, 3));
    }

    private void point(String name, Shape space, List<Expr> formulas, Shape... inputs) {
        add("pointwise/" + name, new Kernel.Pointwise(space, List.of(inputs), formulas), POINTS);
    }

    // ---- reductions

    private void reductions() {
        Shape image = Shape.of(3, 19, 6, 5);
        for (Fold fold : Fold.values()) {
            reduce(fold + " last", Shape.of(13, 37), fold, 1);
            reduce(fold + " first", Shape.of(37, 13), fold, 0);
            reduce(fold + " middle", Shape.of(5, 7, 33), fold, 1);
            if (fold != Fold.ARGMAX && fold != Fold.ARGMIN) {
                reduce(fold + " all", Shape.of(5, 21), fold, 0, 1);
                reduce(fold + " per channel", image, fold, 0, 2, 3);
                reduce(fold + " planes", image, fold, 2, 3);
            }
        }
        reduce("SUM global", Shape.of(batch, 1280, 7, 7), Fold.SUM, 2, 3);
        reduce("SUM of many rows", Shape.of(123, 20), Fold.SUM, 0);
        reduce("SUM of many", Shape.of(3, 100_003), Fold.SUM, 1);
        var maps = List.of(Expr.in(0), Expr.in(0).times(Expr.in(1)));
        add(
                "reduce/two maps per channel",
                new Kernel.Reduce(image, List.of(image, image), maps, Fold.SUM, 0, 2, 3),
                SUMS);
        add(
                "reduce/broadcast operand",
                new Kernel.Reduce(
                        image,
                        List.of(image, Shape.of(19, 1, 1)),
                        List.of(Expr.in(0).minus(Expr.in(1)).square()),
                        Fold.SUM,
                        0,
                        2,
                        3),
                SUMS);
    }

    private void reduce(String name, Shape space, Fold fold, int... axes) {
        double tolerance = fold == Fold.SUM || fold == Fold.PROD ? SUMS : 0;
        add(
                "reduce/" + name.toLowerCase(),
                new Kernel.Reduce(space, List.of(space), List.of(Expr.in(0)), fold, axes),
                tolerance);
    }

    private void moments() {
        add("moments/batch norm", new Kernel.Moments(Shape.of(3, 19, 6, 5), 0, 2, 3), SUMS);
        add("moments/b0 96 @112", new Kernel.Moments(Shape.of(batch, 96, 112, 112), 0, 2, 3), SUMS);
        add("moments/layer norm", new Kernel.Moments(Shape.of(7, 195), 1), SUMS);
        add("moments/instance norm", new Kernel.Moments(Shape.of(2, 5, 9, 7), 2, 3), SUMS);
        add("moments/rows", new Kernel.Moments(Shape.of(33, 20), 0), SUMS);
    }

    // ---- copies

    private void moves() {
        move("transpose", Shape.of(37, 50), new Mover.Permute(List.of(1, 0)));
        move("channels last", Shape.of(2, 19, 6, 5), new Mover.Permute(List.of(0, 2, 3, 1)));
        move("heads", Shape.of(2, 17, 3, 3, 8), new Mover.Permute(List.of(2, 0, 3, 1, 4)));
        move("windows", Shape.of(2, 3, 4, 3, 4, 5), new Mover.Permute(List.of(0, 1, 3, 2, 4, 5)));
        move("reversed axes", Shape.of(3, 4, 5, 6), new Mover.Permute(List.of(3, 2, 1, 0)));
        move("unchanged", Shape.of(3, 4), new Mover.Permute(List.of(0, 1)));
        move("slice rows", Shape.of(9, 33), new Mover.Slice(0, 2, 3, 3));
        move("slice columns", Shape.of(9, 33), new Mover.Slice(1, 1, 2, 15));
        move("flip", Shape.of(4, 5, 7), new Mover.Slice(2, 6, -1, 7));
        move("flip rows", Shape.of(4, 5, 7), new Mover.Slice(1, 4, -1, 5));
        move("pad", Shape.of(4, 5, 7), new Mover.Place(1, 2, 1, 9));
        move("dilate", Shape.of(4, 5, 7), new Mover.Place(2, 1, 3, 20));
        move("place flipped", Shape.of(6), new Mover.Place(0, 11, -2, 12));
        move("large transpose", Shape.of(batch, 197, 200), new Mover.Permute(List.of(0, 2, 1)));
        move("nothing", Shape.of(0, 3), new Mover.Permute(List.of(1, 0)));
        add(
                "concat/channels",
                new Kernel.Concat(List.of(Shape.of(2, 3, 5), Shape.of(2, 1, 5), Shape.of(2, 4, 5)), 1),
                0);
        add("concat/last", new Kernel.Concat(List.of(Shape.of(6, 3), Shape.of(6, 0), Shape.of(6, 5)), 1), 0);
        add("concat/first", new Kernel.Concat(List.of(Shape.of(2, 30), Shape.of(7, 30)), 0), 0);
    }

    private void move(String name, Shape input, Mover mover) {
        add("move/" + name, new Kernel.Move(input, mover), 0);
    }

    private void gathers() {
        for (int[] s : new int[][] {{10, 7, 25}, {50, 130, 13}, {5, 1, 1000}, {3, 4, 0}}) {
            add("gather/" + s[0] + "x" + s[1] + " by " + s[2], new Kernel.Gather(s[0], s[1], s[2], false), 0);
            add(
                    "gather/" + s[0] + "x" + s[1] + " by " + s[2] + " gradient",
                    new Kernel.Gather(s[0], s[1], s[2], true),
                    SUMS);
        }
    }

    private void orders() {
        for (int[] s :
                new int[][] {{5, 17, 17}, {40, 300, 5}, {1, 1, 1}, {3, 4, 0}, {2, 5000, 5000}, {70, 1000, 100}}) {
            for (boolean largest : new boolean[] {true, false}) {
                String name = "order/" + s[2] + " of " + s[0] + "x" + s[1] + (largest ? " down" : " up");
                add(name, new Kernel.Order(s[0], s[1], s[2], largest), 0);
            }
        }
    }

    private void random() {
        add("random/odd", new Kernel.Random(Shape.of(3, 7, 11), 5), 0);
        add("random/large", new Kernel.Random(Shape.of(batch, 100_001), 6), 0);
    }

    // ---- attention

    private void attentions() {
        split("vit, 2 of 2 heads", 2, 2, 20, 16);
        split("one token", 2, 2, 1, 8);
        split("width 20", 1, 3, 33, 20);
        split("vit tiny", batch, 3, 197, 64);
        apart("more keys", 3, 5, 21, 9, 11);
        apart("fewer keys", 2, 70, 3, 32, 40);
        apart("64 keys", 7, 40, 64, 16, 32);
        apart("wide heads", 2, 37, 20, 72, 99);
        biased("a bias for each head", 3, 2, 2);
        biased("one bias for all", 2, 3, 1);
        biased("a bias for each head of each item", 2, 3, 6);
    }

    /** Queries, keys and values in one tensor (batch, tokens, 3, heads, width). */
    private void split(String name, int n, int heads, int tokens, int width) {
        Shape all = Shape.of(n, tokens, 3, heads, width);
        int token = 3 * heads * width;
        List<Kernel.Slice> slices = java.util.stream.IntStream.range(0, 3)
                .mapToObj(i -> new Kernel.Slice(i * heads * width, tokens * token, width, token))
                .toList();
        attention(name, new int[] {n, heads, tokens, tokens, width, width}, List.of(all, all, all), slices);
    }

    private void apart(String name, int n, int queries, int keys, int width, int out) {
        List<Shape> shapes = List.of(Shape.of(n, queries, width), Shape.of(n, keys, width), Shape.of(n, keys, out));
        List<Kernel.Slice> slices = shapes.stream()
                .map(s -> new Kernel.Slice(0, s.dim(1) * s.dim(2), 0, s.dim(2)))
                .toList();
        attention(name, new int[] {n, 1, queries, keys, width, out}, shapes, slices);
    }

    /** Windows of MaxViT, with position biases. */
    private void biased(String name, int n, int heads, int biases) {
        int tokens = 49;
        int width = 32;
        List<Kernel.Slice> slices = java.util.stream.IntStream.range(0, 3)
                .mapToObj(i -> new Kernel.Slice(i * width, tokens * heads * 3 * width, 3 * width, heads * 3 * width))
                .toList();
        Shape all = Shape.of(n, tokens, heads, 3, width);
        List<Shape> inputs = List.of(all, all, all, Shape.of(biases, tokens, tokens, 1));
        attention(name, new int[] {n, heads, tokens, tokens, width, width}, inputs, slices);
    }

    private void attention(String name, int[] s, List<Shape> inputs, List<Kernel.Slice> at) {
        Expr scaled = Expr.in(0).times(1 / Math.sqrt(s[4]));
        Expr scores = inputs.size() == 4 ? scaled.plus(Expr.in(1)) : scaled;
        var kernel = new Kernel.Attention(
                s[0], s[1], s[2], s[3], s[4], s[5], scores, inputs, at.get(0), at.get(1), at.get(2));
        add("attention/" + name, kernel, SUMS);
        boolean one = at.get(1).offset() > 0;
        var up = new Kernel.Slice(0, s[2] * s[1] * s[5], s[5], s[1] * s[5]);
        add(
                "attention gradient/" + name,
                new Kernel.AttentionGradient(
                        kernel,
                        kernel.outputs().getFirst(),
                        up,
                        1 / Math.sqrt(s[4]),
                        one ? inputs.subList(0, 1) : inputs.subList(0, 3),
                        at.get(0),
                        at.get(1),
                        at.get(2)),
                SUMS);
    }

    // ---- layer norms

    private void norms() {
        Expr affine = Expr.in(0).times(Expr.in(1)).plus(Expr.in(2));
        norm("rows", Shape.of(3, 5, 19), 2, affine, Shape.of(19), Shape.of(19));
        norm("rows alone", Shape.of(7, 33), 1, Expr.in(0));
        norm(
                "rows and a residual",
                Shape.of(2, 9, 40),
                2,
                affine.plus(Expr.in(3)),
                Shape.of(1, 40),
                Shape.SCALAR,
                Shape.of(2, 9, 40));
        norm("vit tiny", Shape.of(batch, 197, 192), 2, affine, Shape.of(192), Shape.of(192));
        norm("channels", Shape.of(2, 48, 5, 7), 1, affine, Shape.of(48, 1, 1), Shape.of(48, 1, 1));
        norm(
                "channels, all kinds of operands",
                Shape.of(2, 16, 9, 8),
                1,
                affine.plus(Expr.in(3)).times(Expr.in(4)),
                Shape.of(16, 1, 1),
                Shape.SCALAR,
                Shape.of(2, 16, 9, 8),
                Shape.of(2, 16, 1, 1));
        norm(
                "channels of one-pixel planes",
                Shape.of(1, 32, 1, 1),
                1,
                affine,
                Shape.of(32, 1, 1),
                Shape.of(1, 32, 1, 1));
        norm("convnext @56", Shape.of(batch, 80, 56, 56), 1, affine, Shape.of(80, 1, 1), Shape.of(80, 1, 1));
    }

    private void norm(String name, Shape input, int axis, Expr formula, Shape... extras) {
        add(
                "layer norm/" + name,
                new Kernel.LayerNorm(input, axis, 1e-5, new Epilogue(formula, List.of(extras))),
                SUMS);
        if (extras.length > 0) {
            Expr after = extras.length > 2 ? Expr.in(0).plus(Expr.in(1)) : Expr.in(0);
            List<Shape> others = extras.length > 2 ? List.of(extras[2]) : List.of();
            add(
                    "layer norm gradient/" + name,
                    new Kernel.LayerNormGradient(input, axis, 1e-5, extras[0], new Epilogue(after, others)),
                    SUMS);
        }
    }
}
