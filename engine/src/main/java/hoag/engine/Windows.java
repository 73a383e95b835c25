package hoag.engine;

import hoag.kernels.Shape;
import hoag.kernels.ShapeException;

/** Maps cut into windows of neighbours, or into grids of pixels far apart (Tu et al. 2022), and put together again. */
public final class Windows {
    private Windows() {}

    /** (n, H, W, c) -> (n H/h W/w, h, w, c): each window holds neighbours. */
    public static Tensor partition(Tensor x, int h, int w) {
        Shape s = divided(x.shape(), h, w);
        return x.reshape(s.dim(0), s.dim(1) / h, h, s.dim(2) / w, w, s.dim(3))
                .permute(0, 1, 3, 2, 4, 5)
                .reshape(count(s, h, w), h, w, s.dim(3));
    }

    /** The inverse of {@link #partition}, for a map of {@code height} x {@code width}. */
    public static Tensor reverse(Tensor windows, int height, int width) {
        Shape s = windows.shape();
        int h = s.dim(1);
        int w = s.dim(2);
        int n = images(s, height, width);
        return windows.reshape(n, height / h, width / w, h, w, s.dim(3))
                .permute(0, 1, 3, 2, 4, 5)
                .reshape(n, height, width, s.dim(3));
    }

    /** (n, H, W, c) -> (n H/h W/w, h, w, c): each window holds pixels that lie H/h and W/w apart. */
    public static Tensor gridPartition(Tensor x, int h, int w) {
        Shape s = divided(x.shape(), h, w);
        return x.reshape(s.dim(0), h, s.dim(1) / h, w, s.dim(2) / w, s.dim(3))
                .permute(0, 2, 4, 1, 3, 5)
                .reshape(count(s, h, w), h, w, s.dim(3));
    }

    /** The inverse of {@link #gridPartition}, for a map of {@code height} x {@code width}. */
    public static Tensor gridReverse(Tensor windows, int height, int width) {
        Shape s = windows.shape();
        int h = s.dim(1);
        int w = s.dim(2);
        int n = images(s, height, width);
        return windows.reshape(n, height / h, width / w, h, w, s.dim(3))
                .permute(0, 3, 1, 4, 2, 5)
                .reshape(n, height, width, s.dim(3));
    }

    private static int count(Shape s, int h, int w) {
        return s.dim(0) * (s.dim(1) / h) * (s.dim(2) / w);
    }

    private static Shape divided(Shape s, int h, int w) {
        if (s.rank() != 4 || h < 1 || w < 1 || s.dim(1) % h != 0 || s.dim(2) % w != 0) {
            throw new ShapeException("windows: " + h + "x" + w + " do not divide " + s
                    + ", which must be (n, height, width, channels); pad the map, or choose another image size");
        }
        return s;
    }

    private static int images(Shape s, int height, int width) {
        int inside = s.rank() != 4 || s.size() == 0 ? 0 : (height / s.dim(1)) * (width / s.dim(2));
        if (inside == 0 || height % s.dim(1) != 0 || width % s.dim(2) != 0 || s.dim(0) % inside != 0) {
            throw new ShapeException("windows: " + s + " do not make maps of " + height + "x" + width);
        }
        return s.dim(0) / inside;
    }
}
