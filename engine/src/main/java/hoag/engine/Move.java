package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.List;

/** Elements copied to other places: permute, slice, pad. */
public record Move(Mover mover) implements Op {
    static Tensor of(Tensor x, Mover mover) {
        check(x.shape(), mover);
        return new Tensor(new Move(mover), List.of(x));
    }

    private static void check(Shape s, Mover mover) {
        switch (mover) {
            case Mover.Permute(List<Integer> order) -> {
                if (!order.stream()
                        .sorted()
                        .toList()
                        .equals(java.util.stream.IntStream.range(0, s.rank())
                                .boxed()
                                .toList())) {
                    throw new ShapeException(
                            "permute: order " + order + " is not a permutation of the " + s.rank() + " axes of " + s);
                }
            }
            case Mover.Slice(int axis, int start, int step, int size) ->
                span("slice", s, axis, start, step, size, s.dim(axis));
            case Mover.Place(int axis, int start, int step, int size) ->
                span("place", s, axis, start, step, s.dim(axis), size);
        }
    }

    private static void span(String what, Shape s, int axis, int start, int step, int count, int limit) {
        long last = start + (long) (count - 1) * step;
        if (count < 0 || step == 0 || count > 0 && (Math.min(start, last) < 0 || Math.max(start, last) >= limit)) {
            throw new ShapeException(what + ": " + count + " elements from " + start + " with step " + step
                    + " leave axis " + axis + " of size " + limit + " in " + s);
        }
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        return mover.output(inputs.getFirst());
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        Shape in = node.inputs().getFirst().shape();
        return List.of(of(
                up,
                switch (mover) {
                    case Mover.Permute(List<Integer> order) -> new Mover.Permute(inverse(order));
                    case Mover.Slice(int axis, int start, int step, int ignored) ->
                        new Mover.Place(axis, start, step, in.dim(axis));
                    case Mover.Place(int axis, int start, int step, int ignored) ->
                        new Mover.Slice(axis, start, step, in.dim(axis));
                }));
    }

    private static List<Integer> inverse(List<Integer> order) {
        Integer[] inverse = new Integer[order.size()];
        for (int i = 0; i < inverse.length; i++) {
            inverse[order.get(i)] = i;
        }
        return List.of(inverse);
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return new Kernel.Move(inputs.getFirst(), mover);
    }
}
