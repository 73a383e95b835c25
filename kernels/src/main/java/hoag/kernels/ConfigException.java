package hoag.kernels;

/** A setting outside its allowed range. */
public final class ConfigException extends HoagException {
    private static final long serialVersionUID = 1L;

    /** One line that names the thing, both values and the cure. */
    public ConfigException(String message) {
        super(message);
    }

    /** The same with what led to it. */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
