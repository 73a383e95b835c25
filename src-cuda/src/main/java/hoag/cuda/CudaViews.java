package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.Views;

/** Views of pictures ({@code views.cu}). */
final class CudaViews {
    private CudaViews() {}

    /** @param words the views on the device */
    static Call call(Device device, Views views, Buffer words, Buffer to) {
        var argument = new Struct().pointer(words).pointer(to).ints(views.images(), views.size());
        int blocks = (int) Grid.blocks((long) views.size() * views.size(), Grid.THREADS);
        return Call.kernel(
                device.who(),
                "views",
                device.function("views", Ptx.module("views")),
                new Grid(blocks, views.images(), 1),
                argument.argument());
    }
}
