package hoag.engine.files;

import java.math.BigInteger;

/** Numbers, texts and bytes of a pickle. */
final class PickleScalars {
    /** Python's own limit for whole numbers as text; here for bytes too. */
    private static final int MOST_DIGITS = 4300;

    private PickleScalars() {}

    static Object read(int opcode, PickleReader in) {
        return switch (opcode) {
            case 'N' -> null;
            case 0x88 -> true;
            case 0x89 -> false;
            case 'I', 'J', 'K', 'M', 'L', 0x8a, 0x8b -> whole(opcode, in);
            case 'F' -> decimal(in, in.line());
            case 'G' -> in.f8();
            case 'S', 'T', 'U', 'V', 'X', 0x8c, 0x8d -> text(opcode, in);
            case 'C' -> in.bytes(in.u1());
            case 'B' -> in.bytes(in.u4());
            case 0x8e, 0x96 -> in.bytes(in.i8());
            default -> throw in.error("opcode 0x%02x is unknown, or asks for more than data".formatted(opcode));
        };
    }

    private static Object whole(int opcode, PickleReader in) {
        return switch (opcode) {
            case 'J' -> (long) in.i4();
            case 'K' -> (long) in.u1();
            case 'M' -> (long) in.u2();
            case 0x8a -> fromBytes(in, in.u1());
            case 0x8b -> fromBytes(in, in.u4());
            default -> truthOrNumber(in, in.line());
        };
    }

    private static Number fromBytes(PickleReader in, long length) {
        if (length > MOST_DIGITS) throw in.error("a whole number of %d bytes".formatted(length));
        byte[] bytes = in.bytes(length);
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swap = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swap;
        }
        return narrow(bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes));
    }

    private static Object truthOrNumber(PickleReader in, String line) {
        return switch (line) {
            case "00" -> false;
            case "01" -> true;
            default -> number(in, line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
        };
    }

    static Number number(PickleReader in, String line) {
        if (line.length() > MOST_DIGITS) throw in.error("a whole number of %d digits".formatted(line.length()));
        try {
            return narrow(new BigInteger(line));
        } catch (NumberFormatException e) {
            throw in.error("want a whole number, found " + shown(line));
        }
    }

    private static Number narrow(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    private static double decimal(PickleReader in, String line) {
        try {
            return switch (line) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                case "nan" -> Double.NaN;
                default -> Double.parseDouble(line);
            };
        } catch (NumberFormatException e) {
            throw in.error("want a number, found " + shown(line));
        }
    }

    private static String text(int opcode, PickleReader in) {
        return switch (opcode) {
            case 'S' -> quoted(in, in.line());
            case 'T' -> in.latin1(in.u4());
            case 'U' -> in.latin1(in.u1());
            case 'V' -> in.line();
            case 'X' -> in.utf8(in.u4());
            case 0x8c -> in.utf8(in.u1());
            default -> in.utf8(in.i8());
        };
    }

    private static String quoted(PickleReader in, String line) {
        int end = line.length() - 1;
        if (end < 1 || line.charAt(0) != line.charAt(end) || "'\"".indexOf(line.charAt(0)) < 0)
            throw in.error("want a text in quotes, found " + shown(line));
        return line.substring(1, end);
    }

    private static String shown(String line) {
        return JsonPrinter.quoted(line.length() > 40 ? line.substring(0, 40) + "..." : line);
    }
}
