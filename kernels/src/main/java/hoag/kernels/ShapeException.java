package hoag.kernels;

/** Shapes that do not fit each other. */
public final class ShapeException extends HoagException {
    private static final long serialVersionUID = 1L;

    /** One line that names the thing, both values and the cure. */
    public ShapeException(String message) {
        super(message);
    }

    /** The same with what led to it. */
    public ShapeException(String message, Throwable cause) {
        super(message, cause);
    }
}
