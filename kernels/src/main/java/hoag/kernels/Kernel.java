package hoag.kernels;

import java.util.Arrays;
import java.util.List;

/**
 * What can be computed: the closed list of kernels. A record is the launch argument, the cache key and the log line. Shapes are logical
 * (row-major, PyTorch's order); how the bytes lie is the {@link Layout} that goes with each operand. {@link #inputs} are the operand
 * shapes in order, {@link #outputs} the shapes of what is written.
 */
public sealed interface Kernel {
    /** Shapes of the operands. */
    List<Shape> inputs();

    /** Shapes of the results. */
    List<Shape> outputs();

    /** Multiplications and additions, each counted as one. */
    double flops();

    /** Forward, or the gradient of data or of filters. */
    enum Pass {
        /** (x, filter) -> y */
        FORWARD,
        /** (dy, filter) -> dx */
        DATA,
        /** (x, dy) -> dfilter */
        FILTER
    }

    /**
     * A formula applied to what a convolution or product has just computed, while it is in cache: operand 0 is the result, operands 1..
     * are {@code extras}, which broadcast to the result's shape and stand behind the kernel's own inputs.
     *
     * @param formula of In(0), the result, and In(1).., the extras
     * @param extras shapes that broadcast to that of the result
     */
    record Epilogue(Expr formula, List<Shape> extras) {
        /** Copies what it is given. */
        public Epilogue {
            extras = List.copyOf(extras);
        }
    }

    /**
     * A convolution or one of its two gradients. {@code epilogue} may be null.
     *
     * @param shape of the forward pass, whichever this is
     * @param pass which of the three
     * @param epilogue what follows it; null for nothing
     */
    record Conv2d(Conv2dShape shape, Pass pass, Epilogue epilogue) implements Kernel {
        @Override
        public List<Shape> inputs() {
            return withExtras(
                    switch (pass) {
                        case FORWARD -> List.of(shape.input(), shape.filter());
                        case DATA -> List.of(shape.output(), shape.filter());
                        case FILTER -> List.of(shape.input(), shape.output());
                    },
                    epilogue);
        }

        @Override
        public List<Shape> outputs() {
            return List.of(
                    switch (pass) {
                        case FORWARD -> shape.output();
                        case DATA -> shape.input();
                        case FILTER -> shape.filter();
                    });
        }

        @Override
        public double flops() {
            return shape.flops();
        }
    }

    /**
     * C[b] = op(A[b]) op(B[b]) with op(A) (m, k), op(B) (k, n). A is (batch, m, k), or (batch, k, m) if {@code transA}; likewise B; an
     * operand whose {@code batched} flag is false has batch 1 and serves every b. C is (batch, m, n).
     *
     * @param batch products
     * @param m rows of op(A) and C
     * @param n columns of op(B) and C
     * @param k columns of op(A), rows of op(B)
     * @param transA whether A lies as (k, m)
     * @param transB whether B lies as (n, k)
     * @param batchedA whether every product has an A of its own
     * @param batchedB whether every product has a B of its own
     * @param epilogue what follows it; null for nothing
     */
    record Product(
            int batch,
            int m,
            int n,
            int k,
            boolean transA,
            boolean transB,
            boolean batchedA,
            boolean batchedB,
            Epilogue epilogue)
            implements Kernel {
        @Override
        public List<Shape> inputs() {
            return withExtras(
                    List.of(
                            Shape.of(batchedA ? batch : 1, transA ? k : m, transA ? m : k),
                            Shape.of(batchedB ? batch : 1, transB ? n : k, transB ? k : n)),
                    epilogue);
        }

        @Override
        public List<Shape> outputs() {
            return List.of(Shape.of(batch, m, n));
        }

        @Override
        public double flops() {
            return 2.0 * batch * m * n * k;
        }
    }

    /** What a window becomes. */
    enum PoolMode {
        /** The largest of the real pixels in the window. */
        MAX,
        /** Divides by the window's size, padding counted. */
        AVERAGE_WITH_PADDING,
        /** Divides by the number of real pixels in the window. */
        AVERAGE
    }

    /**
     * Pooling of (n, c, h, w) planes with the windows of {@code window} (whose c, k and groups are all the channel count). With
     * {@code gradient} false: x -> y. With {@code gradient} true: (x, dy) -> dx; at a tie the first maximum in row-major order receives it.
     * A window that hangs over the padded edge (PyTorch's ceil_mode) is expressed by larger bottom and right padding.
     *
     * @param window sizes of pictures, window, steps and padding
     * @param mode what a window becomes
     * @param gradient whether this is the backward pass
     */
    record Pool(Conv2dShape window, PoolMode mode, boolean gradient) implements Kernel {
        @Override
        public List<Shape> inputs() {
            return gradient ? List.of(window.input(), window.output()) : List.of(window.input());
        }

        @Override
        public List<Shape> outputs() {
            return List.of(gradient ? window.input() : window.output());
        }

        @Override
        public double flops() {
            return (double) window.output().size() * window.kh() * window.kw();
        }
    }

    /**
     * out[i] = formula[i](inputs), element by element over {@code space}; inputs broadcast to it.
     *
     * @param space shape of every result
     * @param inputs shapes that broadcast to it
     * @param formulas one for each result; In(i) is input i
     */
    record Pointwise(Shape space, List<Shape> inputs, List<Expr> formulas) implements Kernel {
        /** Copies what it is given. */
        public Pointwise {
            inputs = checked(space, inputs);
            formulas = List.copyOf(formulas);
        }

        @Override
        public List<Shape> outputs() {
            return formulas.stream().map(formula -> space).toList();
        }

        @Override
        public double flops() {
            return (double) space.size()
                    * formulas.stream().mapToInt(f -> f.inOrder().size()).sum();
        }
    }

    /** What elements become when axes are reduced. */
    enum Fold {
        /** Their sum. */
        SUM,
        /** The largest. */
        MAX,
        /** The smallest. */
        MIN,
        /** Their product. */
        PROD,
        /** Index of the first maximum along the one axis. */
        ARGMAX,
        /** Index of the first minimum along the one axis. */
        ARGMIN
    }

    /**
     * out[i] = fold of map[i](inputs) over {@code axes} of {@code space}; reduced axes stay with size 1. Plain reduction: one input,
     * map In(0). Several maps share one pass over the inputs.
     *
     * @param space what is walked over, before axes are reduced
     * @param inputs shapes that broadcast to it
     * @param maps one for each result; In(i) is input i
     * @param fold what the mapped elements become
     * @param axes of the space, counted from 0
     */
    record Reduce(Shape space, List<Shape> inputs, List<Expr> maps, Fold fold, int... axes) implements Kernel {
        /** Copies what it is given. */
        public Reduce {
            inputs = checked(space, inputs);
            maps = List.copyOf(maps);
            axes = axes.clone();
        }

        @Override
        public List<Shape> outputs() {
            Shape out = space;
            for (int axis : axes) {
                out = out.with(axis, 1);
            }
            Shape result = out;
            return maps.stream().map(map -> result).toList();
        }

        @Override
        public double flops() {
            return (double) space.size()
                    * maps.stream().mapToInt(f -> f.inOrder().size()).sum();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Reduce r
                    && space.equals(r.space)
                    && inputs.equals(r.inputs)
                    && maps.equals(r.maps)
                    && fold == r.fold
                    && Arrays.equals(axes, r.axes);
        }

        @Override
        public int hashCode() {
            return space.hashCode() * 31 + maps.hashCode() + fold.hashCode() + Arrays.hashCode(axes);
        }
    }

    /**
     * Mean and biased variance over {@code axes}, by a stable one-pass or two-pass rule: out is (2, kept...) where kept are the axes that
     * are not reduced, in order; row 0 the mean, row 1 the variance.
     *
     * @param input at least one element along the axes
     * @param axes that are reduced, counted from 0
     */
    record Moments(Shape input, int... axes) implements Kernel {
        /** Copies what it is given. */
        public Moments {
            axes = axes.clone();
        }

        @Override
        public List<Shape> inputs() {
            return List.of(input);
        }

        @Override
        public List<Shape> outputs() {
            int[] dims = new int[input.rank() - axes.length + 1];
            dims[0] = 2;
            for (int axis = 0, to = 1; axis < input.rank(); axis++) {
                int candidate = axis;
                if (Arrays.stream(axes).noneMatch(a -> a == candidate)) {
                    dims[to++] = input.dim(axis);
                }
            }
            return List.of(Shape.of(dims));
        }

        @Override
        public double flops() {
            return 4.0 * input.size();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Moments m && input.equals(m.input) && Arrays.equals(axes, m.axes);
        }

        @Override
        public int hashCode() {
            return input.hashCode() * 31 + Arrays.hashCode(axes);
        }
    }

    /**
     * Copies elements to other places: out = zeros, then out[place(i)] = in[i], per the {@link Mover}. Plain layouts only.
     *
     * @param input shape of what is copied
     * @param mover which element goes where
     */
    record Move(Shape input, Mover mover) implements Kernel {
        @Override
        public List<Shape> inputs() {
            return List.of(input);
        }

        @Override
        public List<Shape> outputs() {
            return List.of(mover.output(input));
        }

        @Override
        public double flops() {
            return 0;
        }
    }

    /** One way to copy elements to other places. */
    sealed interface Mover {
        /** The shape that this one becomes. */
        Shape output(Shape input);

        /**
         * out axis i is in axis order[i].
         *
         * @param order each axis of the input once
         */
        record Permute(List<Integer> order) implements Mover {
            @Override
            public Shape output(Shape input) {
                return Shape.of(order.stream().mapToInt(input::dim).toArray());
            }
        }

        /**
         * out[i] = in[start + i * step] along one axis, {@code size} elements; a negative step walks backwards (flip).
         *
         * @param axis counted from 0
         * @param start first element that is taken
         * @param step from one to the next, not 0
         * @param size how many are taken
         */
        record Slice(int axis, int start, int step, int size) implements Mover {
            @Override
            public Shape output(Shape input) {
                return input.with(axis, size);
            }
        }

        /**
         * The adjoint of Slice: zeros of {@code size} along the axis, with in[i] at start + i * step. Also zero padding.
         *
         * @param axis counted from 0
         * @param start where the first element goes
         * @param step from one to the next, not 0
         * @param size of the result along the axis
         */
        record Place(int axis, int start, int step, int size) implements Mover {
            @Override
            public Shape output(Shape input) {
                return input.with(axis, size);
            }
        }
    }

    /**
     * Tensors behind each other along an axis. Plain layouts only.
     *
     * @param inputs alike but for the axis
     * @param axis counted from 0
     */
    record Concat(List<Shape> inputs, int axis) implements Kernel {
        /** Copies what it is given. */
        public Concat {
            inputs = List.copyOf(inputs);
        }

        @Override
        public List<Shape> outputs() {
            int total = inputs.stream().mapToInt(shape -> shape.dim(axis)).sum();
            return List.of(inputs.getFirst().with(axis, total));
        }

        @Override
        public double flops() {
            return 0;
        }
    }

    /**
     * (table (rows, width), indices (count)) -> (count, width), out[i] = table[indices[i]]. With {@code gradient}: (indices, dy (count, width))
     * -> dtable (rows, width), repeated indices add up in order. Indices are whole numbers held as floats.
     *
     * @param rows of the table; indices are 0..rows - 1
     * @param width numbers in a row
     * @param count of indices
     * @param gradient whether this is the backward pass
     */
    record Gather(int rows, int width, int count, boolean gradient) implements Kernel {
        @Override
        public List<Shape> inputs() {
            return gradient
                    ? List.of(Shape.of(count), Shape.of(count, width))
                    : List.of(Shape.of(rows, width), Shape.of(count));
        }

        @Override
        public List<Shape> outputs() {
            return List.of(gradient ? Shape.of(rows, width) : Shape.of(count, width));
        }

        @Override
        public double flops() {
            return gradient ? (double) count * width : 0;
        }
    }

    /**
     * (rows, length) -> (rows, count): the columns of the first {@code count} elements of each row in order, the largest or the smallest
     * first. Equal elements keep their order; a NaN counts as largest. Columns are whole numbers held as floats.
     *
     * @param rows each put in order by itself
     * @param length of a row
     * @param count how many of the first are wanted, 0..length
     * @param largestFirst else the smallest comes first
     */
    record Order(int rows, int length, int count, boolean largestFirst) implements Kernel {
        /** Copies what it is given. */
        public Order {
            if (count < 0 || count > length) {
                throw new ShapeException("order: the first " + count + " of rows of " + length + " do not exist");
            }
        }

        @Override
        public List<Shape> inputs() {
            return List.of(Shape.of(rows, length));
        }

        @Override
        public List<Shape> outputs() {
            return List.of(Shape.of(rows, count));
        }

        @Override
        public double flops() {
            return 0;
        }
    }

    /**
     * Uniform numbers in [0, 1): element i is {@link Uniform#at}(seed, step, node, i), the same on every device.
     *
     * @param shape of the result
     * @param node tells draws of one step apart
     */
    record Random(Shape shape, long node) implements Kernel {
        @Override
        public List<Shape> inputs() {
            return List.of();
        }

        @Override
        public List<Shape> outputs() {
            return List.of(shape);
        }

        @Override
        public double flops() {
            return 0;
        }
    }

    /**
     * Kernels one behind the other: each reads the first result of the one before as its first operand. A backend runs them piece by piece, so that
     * what passes between them stays in cache. Inputs are the first one's and every later one's but its first; results are the first result of each of the
     * last {@code kept}, and all of the last one's. Why it is a kernel of its own: the widest tensors of EfficientNet-B0 need not be written and read (16 images: 77 MB behind one layer).
     *
     * @param links in the order in which they run
     * @param kept how many of the last links give their result
     */
    record Chain(List<Kernel> links, int kept) implements Kernel {
        /** Copies what it is given. */
        public Chain {
            links = List.copyOf(links);
            for (int i = 1; i < links.size(); i++) {
                Shape made = links.get(i - 1).outputs().getFirst();
                Shape read = links.get(i).inputs().getFirst();
                if (!made.equals(read)) {
                    throw new ShapeException(
                            "chain: link " + i + " reads " + read + " but the one before it makes " + made);
                }
            }
        }

        @Override
        public List<Shape> inputs() {
            var all = new java.util.ArrayList<>(links.getFirst().inputs());
            links.subList(1, links.size()).forEach(link -> {
                List<Shape> own = link.inputs();
                all.addAll(own.subList(1, own.size()));
            });
            return List.copyOf(all);
        }

        @Override
        public List<Shape> outputs() {
            var all = new java.util.ArrayList<Shape>();
            links.subList(links.size() - kept, links.size() - 1)
                    .forEach(link -> all.add(link.outputs().getFirst()));
            all.addAll(links.getLast().outputs());
            return List.copyOf(all);
        }

        @Override
        public double flops() {
            return links.stream().mapToDouble(Kernel::flops).sum();
        }
    }

    /**
     * Layer normalisation (Ba et al. 2016): out = formula((x - mean) / sqrt(variance + eps), extras...), mean and biased variance along one axis. Why it is a
     * kernel of its own: x is read from memory once, and channels of a blocked tensor need not be brought to rows and back.
     *
     * @param input shape of x and of the result
     * @param axis along which is normalised, counted from 0
     * @param eps added to the variance
     * @param epilogue the formula; In(0) is the normalised x
     */
    record LayerNorm(Shape input, int axis, double eps, Epilogue epilogue) implements Kernel {
        @Override
        public List<Shape> inputs() {
            return withExtras(List.of(input), epilogue);
        }

        @Override
        public List<Shape> outputs() {
            return List.of(input);
        }

        @Override
        public double flops() {
            return (5.0 + epilogue.formula().inOrder().size()) * input.size();
        }
    }

    /**
     * The gradient of a layer normalisation with weight and bias: of x and d loss / d y, d loss / d x, d loss / d weight and d loss / d bias. With x' = (x - mean) / sqrt(variance +
     * eps), g = dy weight, and means over the axis: dx = (g - mean g - x' mean(g x')) / sqrt(variance + eps) (Ba et al. 2016, in the closed form of Ioffe and Szegedy 2015);
     * dweight sums dy x', and dbias dy, over all other axes.
     *
     * @param input shape of x, dy and dx
     * @param axis along which was normalised, counted from 0
     * @param eps added to the variance
     * @param weight its shape, as many elements as the axis, broadcasting to {@code input}
     * @param epilogue what becomes of dx, its In(0)
     */
    record LayerNormGradient(Shape input, int axis, double eps, Shape weight, Epilogue epilogue) implements Kernel {
        /** Checks the weight. */
        public LayerNormGradient {
            if (weight.size() != input.dim(axis) || !weight.broadcastsTo(input)) {
                throw new ShapeException(
                        "layer norm: a weight " + weight + " does not go along axis " + axis + " of " + input);
            }
        }

        @Override
        public List<Shape> inputs() {
            return withExtras(List.of(input, input, weight), epilogue);
        }

        /** Of the gradients of weight and bias: all axes but one are 1. */
        public Shape vector() {
            int[] ones = new int[input.rank()];
            java.util.Arrays.fill(ones, 1);
            ones[axis] = input.dim(axis);
            return Shape.of(ones);
        }

        @Override
        public List<Shape> outputs() {
            return List.of(input, vector(), vector());
        }

        @Override
        public double flops() {
            return (15.0 + epilogue.formula().inOrder().size()) * input.size();
        }
    }

    /**
     * Where an attention finds its queries, keys or values: element i of a token of head h of batch item b lies at {@code offset + b * batch + h * head + token *
     * token + i} of a row-major operand. So all three may lie in the one tensor that a layer made for them.
     *
     * @param offset elements before the first
     * @param batch elements from one batch item to the next
     * @param head from one head to the next
     * @param token from one token to the next
     */
    record Slice(int offset, int batch, int head, int token) {
        /** Where the first token of a head is. */
        public int at(int item, int head) {
            return offset + item * batch + head * this.head;
        }
    }

    /**
     * Scaled dot-product attention (Vaswani et al. 2017), for each batch item and head: softmax over the keys of {@code scores}(q k') times v, (batch, queries,
     * heads, out). Why it is a kernel of its own: the scores, (batch, heads, queries, keys), never exist as a whole, nor do copies of q, k and v.
     *
     * @param width elements of a query and of a key
     * @param out elements of a value
     * @param scores what becomes of a score, which is its In(0), before the softmax; In(1) is its bias
     * @param inputs the tensors in which q, k and v lie, and if there is a bias (n, queries, keys, 1), where n divides batch * heads: the bias of head h
     *     of item b is number (b * heads + h) mod n
     * @param batch items
     * @param heads of each item
     * @param queries tokens that ask
     * @param keys tokens that answer, each with a value
     * @param q where the queries lie
     * @param k where the keys lie
     * @param v where the values lie
     */
    record Attention(
            int batch,
            int heads,
            int queries,
            int keys,
            int width,
            int out,
            Expr scores,
            List<Shape> inputs,
            Slice q,
            Slice k,
            Slice v)
            implements Kernel {
        /** Copies the list. */
        public Attention {
            inputs = List.copyOf(inputs);
            check("queries", batch, heads, queries, width, inputs.get(0), q);
            check("keys", batch, heads, keys, width, inputs.get(1), k);
            check("values", batch, heads, keys, out, inputs.get(2), v);
            if (inputs.size() == 4) {
                Shape bias = inputs.get(3);
                int n = bias.rank() == 4 ? bias.dim(0) : 0;
                if (n < 1 || batch * heads % n != 0 || !bias.equals(Shape.of(n, queries, keys, 1))) {
                    throw new ShapeException("attention: a bias " + bias + " does not fit " + batch + " x " + heads
                            + " heads of " + queries + " queries and " + keys + " keys");
                }
            }
        }

        /** Whether something is added to, or else mixed with, the scores. */
        public boolean biased() {
            return inputs.size() == 4;
        }

        private void check(String what, int tokens, int width, Shape in, Slice at) {
            check(what, batch, heads, tokens, width, in, at);
        }

        private static void check(String what, int batch, int heads, int tokens, int width, Shape in, Slice at) {
            long last = at.offset + (batch - 1L) * at.batch + (heads - 1L) * at.head + (tokens - 1L) * at.token + width;
            if (Math.min(Math.min(batch, heads), Math.min(tokens, width)) < 1 || last > in.size()) {
                throw new ShapeException("attention: " + batch + " x " + heads + " x " + tokens + " " + what + " of "
                        + width + " at " + at + " do not lie in " + in);
            }
        }

        @Override
        public List<Shape> outputs() {
            return List.of(Shape.of(batch, queries, heads, out));
        }

        @Override
        public double flops() {
            return 2.0 * batch * heads * queries * keys * (width + out);
        }
    }

    /**
     * The gradient of an {@link Attention}: d loss / d q, k and v for d loss / d its result, the weights made again (Dao et al. 2022, algorithm 4). With the weights
     * P, and S the scores: dV = P' dY, dP = dY V', dS = scale P (dP - sum over the keys of P dP), dQ = dS K, dK = dS' Q.
     *
     * @param of the attention; its inputs are this one's, and behind them the gradient of its result
     * @param result the tensor in which that lies
     * @param up where it lies there, a token being a query
     * @param scale d scores / d (q k'), the same everywhere
     * @param outputs the tensor in which the three gradients lie, which together fill it, or three tensors
     * @param dq where d loss / d q lies, in the first
     * @param dk where d loss / d k lies, in the first or second
     * @param dv where d loss / d v lies, in the first or third
     */
    record AttentionGradient(
            Attention of, Shape result, Slice up, double scale, List<Shape> outputs, Slice dq, Slice dk, Slice dv)
            implements Kernel {
        /** Copies the list. */
        public AttentionGradient {
            outputs = List.copyOf(outputs);
            if (outputs.size() != 1 && outputs.size() != 3) {
                throw new ShapeException(
                        "attention: its three gradients lie in one tensor or in three, not in " + outputs.size());
            }
            of.check("gradients of results", of.queries, of.out, result, up);
            of.check("gradients of queries", of.queries, of.width, outputs.getFirst(), dq);
            of.check("gradients of keys", of.keys, of.width, outputs.get(outputs.size() / 2), dk);
            of.check("gradients of values", of.keys, of.out, outputs.getLast(), dv);
            if (outputs.stream().mapToLong(Shape::size).sum() != elements(of)) {
                throw new ShapeException(
                        "attention: gradients of " + elements(of) + " elements do not fill " + outputs);
            }
        }

        private static long elements(Attention of) {
            long each = (long) of.queries * of.width + (long) of.keys * (of.width + of.out);
            return each * of.batch * of.heads;
        }

        @Override
        public List<Shape> inputs() {
            var all = new java.util.ArrayList<>(of.inputs);
            all.add(result);
            return List.copyOf(all);
        }

        /** Of the five products; the first is the forward pass's. */
        @Override
        public double flops() {
            return 2.0 * of.batch * of.heads * of.queries * of.keys * (3.0 * of.width + 2.0 * of.out);
        }
    }

    /**
     * The same elements in another layout.
     *
     * @param shape of the tensor
     * @param from how it lies
     * @param to how it shall lie
     */
    record Relayout(Shape shape, Layout from, Layout to) implements Kernel {
        @Override
        public List<Shape> inputs() {
            return List.of(shape);
        }

        @Override
        public List<Shape> outputs() {
            return List.of(shape);
        }

        @Override
        public double flops() {
            return 0;
        }
    }

    private static List<Shape> withExtras(List<Shape> own, Epilogue epilogue) {
        if (epilogue == null) {
            return own;
        }
        var all = new java.util.ArrayList<>(own);
        all.addAll(epilogue.extras());
        return List.copyOf(all);
    }

    private static List<Shape> checked(Shape space, List<Shape> inputs) {
        for (Shape input : inputs) {
            if (!input.broadcastsTo(space)) {
                throw new ShapeException("operand " + input + " does not broadcast to " + space);
            }
        }
        return List.copyOf(inputs);
    }
}
