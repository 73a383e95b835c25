package hoag.galaxy.learn;

import hoag.kernels.DataException;

/** A picture could not be read where every galaxy was to be represented: the others can be, without it. */
public final class UnreadableException extends DataException {
    private static final long serialVersionUID = 1;

    UnreadableException(DataException picture) {
        super(picture.getMessage(), picture);
    }
}
