package hoag.kernels;

/** Shapes that do not fit each other. */
public final class ShapeException extends HoagException {
    private static final long serialVersionUID = 1L;

    public ShapeException(String message) {
        super(message);
    }

    public ShapeException(String message, Throwable cause) {
        super(message, cause);
    }
}
