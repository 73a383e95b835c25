package hoag.kernels.reference;

import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Shape;
import java.util.List;

/** Copies to other places: each is a walk with the two sides' strides. */
final class ReferenceMove {
    private ReferenceMove() {}

    static Loops loops(Kernel.Move kernel) {
        Shape input = kernel.input();
        Shape output = kernel.outputs().getFirst();
        int[] from = input.strides();
        int[] to = output.strides();
        return switch (kernel.mover()) {
            case Mover.Permute(List<Integer> order) -> {
                int[] permuted = order.stream().mapToInt(axis -> from[axis]).toArray();
                yield copy(output, permuted, 0, to, 0);
            }
            case Mover.Slice(int axis, int start, int step, int ignored) -> {
                int first = start * from[axis];
                from[axis] *= step;
                yield copy(output, from, first, to, 0);
            }
            case Mover.Place(int axis, int start, int step, int ignored) -> {
                int first = start * to[axis];
                to[axis] *= step;
                Loops copy = copy(input, from, 0, to, first);
                yield (in, out, state) -> {
                    out.getFirst().fill(output.size(), 0);
                    copy.run(in, out, state);
                };
            }
        };
    }

    static Loops concat(Kernel.Concat kernel) {
        Shape output = kernel.outputs().getFirst();
        return (in, out, state) -> {
            int start = 0;
            for (int i = 0; i < in.size(); i++) {
                Shape part = kernel.inputs().get(i);
                copy(part, part.strides(), 0, output.strides(), start * output.strides()[kernel.axis()])
                        .run(in.subList(i, i + 1), out, state);
                start += part.dim(kernel.axis());
            }
        };
    }

    private static Loops copy(Shape space, int[] from, int fromStart, int[] to, int toStart) {
        return (in, out, state) -> {
            for (var walk = new Walk(space, from, to); walk.here(); walk.next()) {
                out.getFirst().set(toStart + walk.at(1), in.getFirst().get(fromStart + walk.at(0)));
            }
        };
    }
}
