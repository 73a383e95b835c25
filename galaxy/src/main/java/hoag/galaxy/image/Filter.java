package hoag.galaxy.image;

/** How a picture is interpolated when it is resized; scaled down, the filter widens with the factor (antialiasing), as in Pillow and torchvision. */
public enum Filter {
    /** A triangle: 1 - |x|. */
    BILINEAR(1),
    /** Keys' cubic with a = -1/2. */
    BICUBIC(2);

    private static final double A = -0.5;

    /** Half the width, in pixels, where nothing is scaled down. */
    final double support;

    Filter(double support) {
        this.support = support;
    }

    double weight(double x) {
        double d = Math.abs(x);
        return switch (this) {
            case BILINEAR -> d < 1 ? 1 - d : 0;
            case BICUBIC -> d < 1 ? ((A + 2) * d - (A + 3)) * d * d + 1 : d < 2 ? (((d - 5) * d + 8) * d - 4) * A : 0;
        };
    }
}
