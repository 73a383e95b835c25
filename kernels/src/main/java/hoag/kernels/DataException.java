package hoag.kernels;

/** A catalogue, an image or a value that cannot be used. */
public final class DataException extends HoagException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
