package hoag.galaxy.labels;

import hoag.kernels.HoagException;

/** There is nothing to take back, or it is not for whoever asks. */
public final class UndoException extends HoagException {
    private static final long serialVersionUID = 1;

    UndoException(String message) {
        super(message);
    }
}
