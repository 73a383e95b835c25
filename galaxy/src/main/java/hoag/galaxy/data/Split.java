package hoag.galaxy.data;

import hoag.kernels.DataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Which part of the data a galaxy belongs to. */
public enum Split {
    /** To learn from. */
    TRAIN,
    /** To choose epoch, penalty and settings by. */
    VALID,
    /** To judge by, once. */
    TEST;

    private static final double TRAIN_BELOW = 0.7;
    private static final double VALID_BELOW = 0.8;

    /**
     * The part that follows from the galaxy's name alone, on every machine and in every catalogue: u = first 8 hex digits of
     * SHA-256("split:" + key) / 2^32; below .7 train, below .8 valid, else test.
     *
     * @param key what must not be divided: the galaxy, or the picture where one picture serves several rows
     */
    public static Split of(String key) {
        var digest = Sha256.of(("split:" + key).getBytes(StandardCharsets.UTF_8));
        double u = Integer.toUnsignedLong(ByteBuffer.wrap(digest).getInt()) / 0x1p32;
        return u < TRAIN_BELOW ? TRAIN : u < VALID_BELOW ? VALID : TEST;
    }

    /** The part that a {@code split} column names: train; valid, val or validation; test. Case does not matter. */
    static Split of(Row row, String column) {
        return switch (row.text(column).toLowerCase(Locale.ROOT)) {
            case "train" -> TRAIN;
            case "valid", "val", "validation" -> VALID;
            case "test" -> TEST;
            default -> throw splitless(row, column);
        };
    }

    private static DataException splitless(Row row, String column) {
        return row.bad(column, "train, valid or test");
    }
}
