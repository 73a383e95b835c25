package hoag.kernels;

/** A device that is missing, cannot run, or has too little memory. */
public class DeviceException extends HoagException {
    private static final long serialVersionUID = 1L;

    /** One line that names the thing, both values and the cure. */
    public DeviceException(String message) {
        super(message);
    }

    /** The same with what led to it. */
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
