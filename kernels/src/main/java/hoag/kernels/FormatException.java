package hoag.kernels;

/** A file that is truncated, hostile or not of its kind. */
public final class FormatException extends HoagException {
    private static final long serialVersionUID = 1L;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
