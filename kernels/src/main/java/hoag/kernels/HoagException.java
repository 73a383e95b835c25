package hoag.kernels;

/** What a user can cure: the message is one line that names the thing, both values and the cure. */
public abstract class HoagException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** One line that names the thing, both values and the cure. */
    protected HoagException(String message) {
        super(message);
    }

    /** The same with what led to it. */
    protected HoagException(String message, Throwable cause) {
        super(message, cause);
    }
}
