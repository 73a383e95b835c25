package hoag.kernels;

/** A file that is truncated, hostile or not of its kind. */
public final class FormatException extends HoagException {
    private static final long serialVersionUID = 1L;

    /** One line that names the thing, both values and the cure. */
    public FormatException(String message) {
        super(message);
    }

    /** The same with what led to it. */
    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
