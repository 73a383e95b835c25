package hoag.cuda;

import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import java.util.List;

/** Copies to other places ({@code move.cu}): a walk over the elements with the two sides' strides, or zeros with elements between them. */
final class CudaMove {
    private CudaMove() {}

    static CudaLaunch prepare(Device device, Kernel.Move kernel) {
        Shape input = kernel.input();
        Shape output = kernel.outputs().getFirst();
        int[] from = input.strides();
        return switch (kernel.mover()) {
            case Mover.Permute(List<Integer> order) -> {
                int[] permuted = order.stream().mapToInt(axis -> from[axis]).toArray();
                yield copy(new CudaLaunch(device, "strided copy"), 0, output, permuted, 0, output.strides(), 0);
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
