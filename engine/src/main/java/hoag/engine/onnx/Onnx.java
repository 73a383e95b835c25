package hoag.engine.onnx;

import hoag.engine.BatchNorm;
import hoag.engine.Concat;
import hoag.engine.Conv2d;
import hoag.engine.Gather;
import hoag.engine.Leaf;
import hoag.engine.Moments;
import hoag.engine.Move;
import hoag.engine.Op;
import hoag.engine.Order;
import hoag.engine.Pointwise;
import hoag.engine.Pool;
import hoag.engine.Product;
import hoag.engine.Random;
import hoag.engine.Reduce;
import hoag.engine.Reshape;
import hoag.engine.Softmax;
import hoag.engine.StopGradient;
import hoag.engine.Tensor;
import hoag.engine.Update;
import hoag.engine.Variable;
import hoag.engine.files.AtomicFile;
import hoag.engine.onnx.OnnxGraph.Attributes;
import hoag.kernels.ConfigException;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.Shape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads ONNX files, and writes what nodes compute as an ONNX model (opset 18): formulas become elementary nodes, weights constants, inputs keep their names and
 * sizes. Source: onnx.proto and Operators.md of github.com/onnx/onnx.
 */
public final class Onnx {
    private static final long LARGEST = (1L << 31) - 1;

    /**
     * Stands for any number of pictures while nodes are made: a prime that no size of a model is a multiple of, and small enough that so
     * many pictures of 224 pixels have fewer than 2^31 elements in every layer.
     */
    public static final int ANY = 509;

    private final OnnxGraph graph = new OnnxGraph();
    private final Set<String> bytes;
    private final Map<Tensor, String> names = new HashMap<>();
    private final Map<Variable, String> keys = new HashMap<>();

    private Onnx(Map<String, Variable> weights, Set<String> bytes) {
        this.bytes = bytes;
        weights.forEach((key, variable) -> keys.put(variable, key));
    }

    /**
     * Writes the file, to a temporary name first.
     *
     * @param outputs what the model gives, by name
     * @param weights names of variables, such as {@link hoag.engine.nn.Modules#variables}; others are numbered
     * @param metadata kept in the file
     * @throws ConfigException if something is computed that ONNX lacks, or the file would be 2 GiB or more, which no reader takes
     * @throws hoag.kernels.DataException if it cannot be written
     */
    public static void write(
            Path file, Map<String, Tensor> outputs, Map<String, Variable> weights, Map<String, String> metadata) {
        write(file, outputs, weights, metadata, Set.of());
    }

    /**
     * The same with inputs that the file takes as bytes. Where the nodes were made for {@link #ANY} pictures, the file leaves their number open.
     *
     * @param bytes names of the inputs of type uint8
     */
    public static void write(
            Path file,
            Map<String, Tensor> outputs,
            Map<String, Variable> weights,
            Map<String, String> metadata,
            Set<String> bytes) {
        Onnx onnx = new Onnx(weights, bytes);
        outputs.values().forEach(onnx::visit);
        outputs.forEach((name, node) -> onnx.graph.output(name, onnx.names.get(node), node.shape()));
        Proto model = onnx.graph.model(file.getFileName().toString(), metadata);
        if (model.length() > LARGEST) {
            throw new ConfigException(file + ": the model takes " + model.length() + " bytes, and readers of ONNX take "
                    + LARGEST + " at most; choose a smaller architecture");
        }
        AtomicFile.write(file, model::writeTo);
    }

    /**
     * Reads a file.
     *
     * @throws hoag.kernels.FormatException when it is no ONNX file, or damaged, or keeps its weights in other files
     */
    public static OnnxModel read(Path file) {
        return OnnxModel.read(file);
    }

    /** Operands before what uses them, without recursion: models are deep. */
    private void visit(Tensor root) {
        java.util.ArrayDeque<Tensor> open = new java.util.ArrayDeque<>(List.of(root));
        Set<Tensor> entered = new HashSet<>();
        while (!open.isEmpty()) {
            Tensor node = open.peek();
            if (names.containsKey(node) || !entered.add(node)) {
                open.pop();
                names.computeIfAbsent(node, this::made);
            } else {
                node.inputs().stream()
                        .filter(input -> !names.containsKey(input))
                        .forEach(open::push);
            }
        }
    }

    private String made(Tensor node) {
        List<String> in = node.inputs().stream().map(names::get).toList();
        List<Shape> shapes = node.inputs().stream().map(Tensor::shape).toList();
        Op op = node.op();
        return switch (op) {
            case Leaf leaf -> leaf(leaf);
            case Pointwise(Expr formula, Shape space) -> formula(formula, in, shapes, space);
            case BatchNorm norm -> formula(norm, in, shapes, node.shape());
            case Softmax softmax -> formula(softmax, in, shapes, node.shape());
            case Reduce(Fold fold, List<Integer> axes) -> reduced(fold, axes, in.getFirst());
            case Conv2d conv -> convolved(conv, in);
            case Product(boolean transA, boolean transB) ->
                graph.node("MatMul", turned(in.get(0), transA), turned(in.get(1), transB));
            case Pool pool -> pooled(pool, in.getFirst());
            case Moments(List<Integer> axes) -> moments(in.getFirst(), axes, node.shape());
            case Move(Mover mover) -> moved(mover, in.getFirst(), shapes.getFirst());
            case Concat(int axis) ->
                graph.node("Concat", new Attributes().whole("axis", axis), in.toArray(String[]::new));
            case Reshape(Shape to) -> reshaped(in.getFirst(), to);
            case Gather(int ignored, boolean backward) -> {
                refuse(backward, "adding rows by index");
                yield graph.node("Gather", in.get(0), graph.cast(in.get(1), OnnxGraph.INT64));
            }
            case StopGradient() -> in.getFirst();
            case Order ignored -> throw refused("sorting");
            case Random ignored -> throw refused("dice");
            case Update ignored -> throw refused("an update of weights");
        };
    }

    private static void refuse(boolean so, String what) {
        if (so) {
            throw refused(what);
        }
    }

    private static ConfigException refused(String what) {
        return new ConfigException(what + " cannot be written as .onnx; trace the model for prediction");
    }

    private String leaf(Leaf leaf) {
        return switch (leaf) {
            case Leaf.Input(String name, Shape of) ->
                bytes.contains(name)
                        ? graph.cast(graph.input(name, of, OnnxGraph.UINT8), OnnxGraph.FLOAT)
                        : graph.input(name, of, OnnxGraph.FLOAT);
            case Leaf.Constant(Shape of, float[] values) -> {
                refuse(OnnxGraph.isOpen(of), "a constant for each picture, with their number left open,");
                yield graph.constant(graph.fresh("constant"), of, values);
            }
            case Leaf.Of(Variable variable) -> {
                String key = keys.get(variable);
                yield graph.constant(
                        key == null ? graph.fresh(variable.name()) : key, variable.shape(), variable.values());
            }
        };
    }

    private String formula(Op op, List<String> in, List<Shape> shapes, Shape space) {
        var kernel = (Kernel.Pointwise) op.kernel(shapes, space);
        return formula(kernel.formulas().getFirst(), in, shapes, space);
    }

    private String formula(Expr formula, List<String> in, List<Shape> shapes, Shape space) {
        String name = new OnnxFormula(graph, in).of(formula);
        Shape full = shapes.stream().reduce(Shape.SCALAR, Shape::broadcast);
        return full.equals(space) ? name : graph.node("Expand", name, graph.expanded(full, space));
    }

    private String reduced(Fold fold, List<Integer> axes, String x) {
        return switch (fold) {
            case SUM -> graph.node("ReduceSum", x, axes(axes));
            case MAX -> graph.node("ReduceMax", x, axes(axes));
            case MIN -> graph.node("ReduceMin", x, axes(axes));
            case PROD -> graph.node("ReduceProd", x, axes(axes));
            case ARGMAX -> place("ArgMax", axes, x);
            case ARGMIN -> place("ArgMin", axes, x);
        };
    }

    private String place(String type, List<Integer> axes, String x) {
        return graph.cast(graph.node(type, new Attributes().whole("axis", axes.getFirst()), x), OnnxGraph.FLOAT);
    }

    private String axes(List<Integer> axes) {
        return graph.wholes(axes.stream().mapToInt(axis -> axis).toArray());
    }

    private String convolved(Conv2d conv, List<String> in) {
        refuse(conv.pass() != Kernel.Pass.FORWARD, "the gradient of a convolution");
        return graph.node(
                "Conv", window(conv.shape()).whole("group", conv.shape().groups()), in.get(0), in.get(1));
    }

    private static Attributes window(Conv2dShape s) {
        return new Attributes()
                .wholes("kernel_shape", s.kh(), s.kw())
                .wholes("strides", s.strideH(), s.strideW())
                .wholes("pads", s.top(), s.left(), s.bottom(), s.right())
                .wholes("dilations", s.dilationH(), s.dilationW());
    }

    private String pooled(Pool pool, String x) {
        refuse(pool.backward(), "the gradient of pooling");
        Attributes window = window(pool.window());
        return pool.mode() == PoolMode.MAX ? graph.node("MaxPool", window, x) : averaged(pool, x);
    }

    /** AveragePool knows dilations from opset 19 on only. */
    private String averaged(Pool pool, String x) {
        Conv2dShape s = pool.window();
        refuse(s.dilationH() != 1 || s.dilationW() != 1, "average pooling with dilation");
        return graph.node(
                "AveragePool",
                new Attributes()
                        .wholes("kernel_shape", s.kh(), s.kw())
                        .wholes("strides", s.strideH(), s.strideW())
                        .wholes("pads", s.top(), s.left(), s.bottom(), s.right())
                        .whole("count_include_pad", pool.mode() == PoolMode.AVERAGE_WITH_PADDING ? 1 : 0),
                x);
    }

    private String turned(String x, boolean transposed) {
        return transposed ? graph.node("Transpose", new Attributes().wholes("perm", 0, 2, 1), x) : x;
    }

    /** Mean and biased variance behind each other. */
    private String moments(String x, List<Integer> axes, Shape result) {
        String mean = graph.node("ReduceMean", x, axes(axes));
        String off = graph.node("Sub", x, mean);
        String variance = graph.node("ReduceMean", graph.node("Mul", off, off), axes(axes));
        Shape each = result.with(0, 1);
        return graph.node("Concat", new Attributes().whole("axis", 0), reshaped(mean, each), reshaped(variance, each));
    }

    private String moved(Mover mover, String x, Shape from) {
        return switch (mover) {
            case Mover.Permute(List<Integer> order) ->
                graph.node(
                        "Transpose",
                        new Attributes()
                                .wholes(
                                        "perm",
                                        order.stream().mapToInt(axis -> axis).toArray()),
                        x);
            case Mover.Slice(int axis, int start, int step, int size) ->
                graph.node(
                        "Slice",
                        x,
                        graph.wholes(start),
                        graph.wholes(end(start, step, size)),
                        graph.wholes(axis),
                        graph.wholes(step));
            case Mover.Place(int axis, int start, int step, int size) -> {
                refuse(step != 1, "placing elements apart");
                int[] pads = new int[2 * from.rank()];
                pads[axis] = start;
                pads[axis + from.rank()] = size - start - from.dim(axis);
                yield graph.node("Pad", x, graph.wholes(pads));
            }
        };
    }

    /** One past the last; walking backwards past the front is what a very small number says. */
    private static int end(int start, int step, int size) {
        if (size % ANY == 0 && step > 0) {
            return Integer.MAX_VALUE;
        }
        int end = start + step * size;
        return end < 0 ? -Integer.MAX_VALUE : end;
    }

    private String reshaped(String x, Shape to) {
        return graph.node("Reshape", x, graph.reshaped(to));
    }
}
