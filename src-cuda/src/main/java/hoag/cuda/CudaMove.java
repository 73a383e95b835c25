package hoag.cuda;

import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** Copies to other places ({@code move.cu}): a walk over the elements with the two sides' strides, or zeros with elements between them. */
final class CudaMove {
    private static final int TILE = 32;
    private static final int LONG = 8; // neighbours, a sector

    private CudaMove() {}

    static CudaLaunch prepare(Device device, Kernel.Move kernel) {
        Shape input = kernel.input();
        Shape output = kernel.outputs().getFirst();
        int[] from = input.strides();
        return switch (kernel.mover()) {
            case Mover.Permute(List<Integer> order) -> {
                int[] permuted = order.stream().mapToInt(axis -> from[axis]).toArray();
                yield turns(device, output, permuted);
            }
            case Mover.Slice(int axis, int start, int step, int ignored) -> {
                int first = start * from[axis];
                from[axis] *= step;
                yield copy(new CudaLaunch(device, "strided copy"), 0, output, from, first, output.strides(), 0);
            }
            case Mover.Place place -> place(device, input, output, place);
        };
    }

    static CudaLaunch concat(Device device, Kernel.Concat kernel) {
        Shape output = kernel.outputs().getFirst();
        var launch = new CudaLaunch(device, "strided copies");
        int start = 0;
        for (int i = 0; i < kernel.inputs().size(); i++) {
            Shape part = kernel.inputs().get(i);
            copy(launch, i, part, part.strides(), 0, output.strides(), start * output.strides()[kernel.axis()]);
            start += part.dim(kernel.axis());
        }
        return launch;
    }

    /** @throws DeviceException if a layout is not row-major */
    static CudaLaunch relayout(Device device, Kernel.Relayout kernel) {
        plain(kernel.from());
        plain(kernel.to());
        int[] strides = kernel.shape().strides();
        return copy(new CudaLaunch(device, "copy"), 0, kernel.shape(), strides, 0, strides, 0);
    }

    static void plain(Layout layout) {
        if (!(layout instanceof Layout.Plain)) {
            throw new DeviceException("cuda: layout " + layout
                    + " is not for this device; it computes on plain (row-major) operands only");
        }
    }

    private static CudaLaunch copy(
            CudaLaunch launch, int input, Shape space, int[] from, int fromStart, int[] to, int toStart) {
        int count = space.size();
        int[] sizes = space.toArray();
        return launch.with(
                "move_copy",
                null,
                Grid.turns(count),
                (operands, scratch) -> new Struct()
                        .pointer(operands.get(input))
                        .pointer(operands.getLast())
                        .ints(fromStart, toStart)
                        .axes(both(sizes, from, to, from))
                        .axes(both(sizes, from, to, to))
                        .ints(count));
    }

    /** By tiles where both sides have neighbours, along different axes, so many that a warp is better off with them. */
    private static CudaLaunch turns(Device device, Shape space, int[] strides) {
        Axes from = both(space.toArray(), strides, space.strides(), strides);
        Axes to = both(space.toArray(), strides, space.strides(), space.strides());
        int inside = from.strides().indexOf(1);
        int outside = to.strides().indexOf(1);
        return space.size() > 0
                        && inside != outside
                        && Math.min(inside, outside) >= 0
                        && Math.min(from.sizes().get(inside), from.sizes().get(outside)) >= LONG
                ? turn(device, from, to, inside, outside)
                : copy(new CudaLaunch(device, "strided copy"), 0, space, strides, 0, space.strides(), 0);
    }

    private static CudaLaunch turn(Device device, Axes from, Axes to, int inside, int outside) {
        List<Integer> sizes = from.sizes();
        int wide = (int) Grid.blocks(sizes.get(inside), TILE);
        int high = (int) Grid.blocks(sizes.get(outside), TILE);
        Axes others = without(from, inside, outside);
        return new CudaLaunch(device, "tiles of 32 x 32")
                .with(
                        "move_turn",
                        null,
                        new Grid(Math.multiplyExact(wide * high, others.count()), 1, 1),
                        (operands, scratch) -> new Struct()
                                .pointer(operands.getFirst())
                                .pointer(operands.getLast())
                                .axes(others)
                                .axes(without(to, inside, outside))
                                .divisors(wide, high)
                                .ints(sizes.get(inside), sizes.get(outside))
                                .ints(from.strides().get(outside), to.strides().get(inside)));
    }

    private static Axes without(Axes axes, int one, int other) {
        var left = IntStream.range(0, axes.sizes().size())
                .filter(axis -> axis != one && axis != other)
                .boxed()
                .toList();
        return new Axes(
                left.stream().map(axes.sizes()::get).toList(),
                left.stream().map(axes.strides()::get).toList());
    }

    /** One side's strides over axes that merge on both sides. */
    private static Axes both(int[] sizes, int[] from, int[] to, int[] side) {
        var size = new java.util.ArrayList<Integer>();
        var stride = new java.util.ArrayList<Integer>();
        int last = -1;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] == 1) {
                continue;
            }
            boolean merges = last >= 0 && from[last] == from[axis] * sizes[axis] && to[last] == to[axis] * sizes[axis];
            if (merges) {
                size.set(size.size() - 1, size.getLast() * sizes[axis]);
                stride.set(stride.size() - 1, side[axis]);
            } else {
                size.add(sizes[axis]);
                stride.add(side[axis]);
            }
            last = axis;
        }
        return new Axes(size, stride);
    }

    private static CudaLaunch place(Device device, Shape input, Shape output, Mover.Place place) {
        int count = output.size();
        int inner = output.strides().length == 0 ? 1 : output.strides()[place.axis()];
        return new CudaLaunch(device, "zeros and elements")
                .with(
                        "move_place",
                        null,
                        Grid.turns(count),
                        (operands, scratch) -> new Struct()
                                .pointer(operands.getFirst())
                                .pointer(operands.getLast())
                                .ints(count, output.dim(place.axis()), inner)
                                .ints(place.start(), place.step(), input.dim(place.axis())));
    }
}
