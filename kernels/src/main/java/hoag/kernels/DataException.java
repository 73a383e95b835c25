package hoag.kernels;

/** A catalogue, an image or a value that cannot be used. */
public class DataException extends HoagException {
    private static final long serialVersionUID = 1L;

    /** One line that names the thing, both values and the cure. */
    public DataException(String message) {
        super(message);
    }

    /** The same with what led to it. */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
