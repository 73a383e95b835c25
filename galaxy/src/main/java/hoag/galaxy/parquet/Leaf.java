package hoag.galaxy.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A plain column of the schema.
 *
 * @param type Parquet's number: 0 boolean, 1 and 2 whole numbers of 32 and 64 bits, 4 float, 5 double, 6 text, 7 bytes of fixed length
 * @param length of type 7, bytes
 * @param optional whether values may be missing
 * @param unsigned whether whole numbers have no sign
 * @param scale decimals of a decimal number; -1 for none
 */
record Leaf(String name, int type, int length, boolean optional, boolean unsigned, int scale) {
    private static final int DECIMAL = 5;
    private static final int FIRST_UNSIGNED = 11;
    private static final int LAST_UNSIGNED = 14;

    static Leaf of(Map<Integer, Object> element) {
        int converted = number(element, 6, -1);
        return new Leaf(
                new String((byte[]) element.get(4), StandardCharsets.UTF_8),
                number(element, 1, -1),
                number(element, 2, 0),
                number(element, 3, 0) == 1,
                converted >= FIRST_UNSIGNED && converted <= LAST_UNSIGNED,
                converted == DECIMAL ? number(element, 7, 0) : -1);
    }

    static int number(Map<Integer, Object> struct, int field, int otherwise) {
        return struct.get(field) instanceof Long value ? Math.toIntExact(value) : otherwise;
    }

    /** Whether fields of this type can be shown as text. */
    boolean isPlain() {
        return type >= 0 && type != 3 && type <= 6 || type == 7 && scale >= 0;
    }

    /** Bytes of a value; 0 where they differ. */
    int width() {
        return switch (type) {
            case 1, 4 -> 4;
            case 2, 5 -> 8;
            case 7 -> length;
            default -> 0;
        };
    }

    String text(long value) {
        if (scale >= 0) return BigDecimal.valueOf(value, scale).toPlainString();
        if (!unsigned) return Long.toString(value);
        return type == 1 ? Integer.toUnsignedString((int) value) : Long.toUnsignedString(value);
    }

    String text(byte[] bytes) {
        return scale >= 0
                ? new BigDecimal(new BigInteger(bytes), scale).toPlainString()
                : new String(bytes, StandardCharsets.UTF_8);
    }
}
