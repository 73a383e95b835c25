package hoag.galaxy.image;

/**
 * Where an output pixel comes from: source x = a x + b y + c, source y = d x + e y + f. Coordinates are in pixels with the corner of the picture
 * at 0, so the centre of the first pixel is at 1/2.
 */
public record Affine(double a, double b, double c, double d, double e, double f) {
    public static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

    /** Turns the picture about its centre, counter-clockwise for positive degrees as one sees it; the size stays. */
    public static Affine rotation(double degrees, int width, int height) {
        double t = Math.toRadians(degrees), cos = Math.cos(t), sin = Math.sin(t);
        return about(cos, -sin, sin, cos, width, height, 0, 0);
    }

    /**
     * Rotation, shear, scale, then a shift, about the centre; the parametrisation of torchvision's {@code affine}, in which a positive angle
     * turns clockwise.
     *
     * @param degrees the angle
     * @param dx the shift to the right in pixels
     * @param dy the shift downwards in pixels
     * @param scale above 1 the picture grows
     * @param shearX degrees, parallel to the x axis
     * @param shearY degrees, parallel to the y axis
     */
    public static Affine of(
            double degrees, double dx, double dy, double scale, double shearX, double shearY, int width, int height) {
        double t = Math.toRadians(degrees), sx = Math.toRadians(shearX), sy = Math.toRadians(shearY);
        double a = Math.cos(t - sy) / Math.cos(sy), b = -a * Math.tan(sx) - Math.sin(t);
        double c = Math.sin(t - sy) / Math.cos(sy), d = -c * Math.tan(sx) + Math.cos(t);
        return about(d / scale, -b / scale, -c / scale, a / scale, width, height, dx, dy);
    }

    private static Affine about(double a, double b, double d, double e, int width, int height, double dx, double dy) {
        double x = width * 0.5, y = height * 0.5;
        return new Affine(a, b, x - a * (x + dx) - b * (y + dy), d, e, y - d * (x + dx) - e * (y + dy));
    }
}
