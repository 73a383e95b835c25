package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.Shape;

/** Views of pictures ({@code views.cu}). */
final class CudaViews {
    private CudaViews() {}

    /** @param words the views on the device */
    static Call call(Device device, Shape shape, Buffer words, Buffer to) {
        int size = shape.dim(2);
        var argument = new Struct().pointer(words).pointer(to).ints(shape.dim(0), size);
        int blocks = (int) Grid.blocks((long) size * size, Grid.THREADS);
        String text = Ptx.module("views");
        return Call.kernel(
                device.who(),
                "views",
                device.function("views", text),
                new Grid(blocks, shape.dim(0), 1),
                0,
                argument.argument(Ptx.argument(text, "views")));
    }
}
