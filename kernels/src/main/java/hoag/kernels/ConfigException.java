package hoag.kernels;

/** A setting outside its allowed range. */
public final class ConfigException extends HoagException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
