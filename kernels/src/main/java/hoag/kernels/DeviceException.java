package hoag.kernels;

/** A device that is missing, cannot run, or has too little memory. */
public final class DeviceException extends HoagException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
