package hoag.galaxy.data;

import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;
import nom.tam.util.ArrayDataInput;

/**
 * The first table of a FITS file, binary or ASCII, row by row. Numbers are TZERO + TSCAL * stored, whole ones exact (unsigned 64-bit names too),
 * TNULL and NaN are left out; arrays become their values with blanks between. Columns of variable length, of bits and of complex numbers are passed over.
 */
final class FitsRows implements TableRows {
    private static final double TWO_TO_63 = 0x1p63;
    private static final int WIDEST = 1 << 26;

    private final Path file;
    private final Fits fits;
    private ArrayDataInput in;
    private final List<Field> fields = new ArrayList<>();
    private boolean ascii;
    private byte[] bytes;
    private ByteBuffer values;
    private long rows;
    private long row;

    /** A column and where it stands in a row. */
    private record Field(
            String name, int at, int repeat, char type, double scale, double zero, boolean hasNull, String blank) {}

    FitsRows(Path file) {
        this.file = file;
        fits = guarded(() -> new Fits(file.toFile()));
        try {
            guarded(() -> {
                in = fits.getStream();
                columns(table());
                return null;
            });
        } catch (DataException e) {
            close();
            throw e;
        }
    }

    private interface Reading<T> {
        T read() throws FitsException, IOException;
    }

    private <T> T guarded(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            throw new DataException(
                    "%s: cannot be read as a FITS table: %s".formatted(file, String.valueOf(e.getMessage())), e);
        }
    }

    /** Moves to the first unit that holds a table. */
    private Header table() throws FitsException, IOException {
        for (int unit = 0; ; unit++) {
            var header = next(unit);
            if (header == null)
                throw new DataException("%s: FITS file of %d units without a table".formatted(file, unit));
            var kind = header.getStringValue("XTENSION", "").strip();
            if (header.getBooleanValue("ZTABLE"))
                throw new DataException(
                        "%s: unit %d is a compressed FITS table; unpack it first (funpack)".formatted(file, unit));
            ascii = kind.equals("TABLE");
            if (ascii || (kind.equals("BINTABLE") && !header.getBooleanValue("ZIMAGE"))) return header;
            in.skipAllBytes(header.getDataSize());
        }
    }

    /** The header of the next unit; null at the end of the file. */
    private Header next(int unit) throws FitsException, IOException {
        try {
            return Header.readHeader(in);
        } catch (java.io.EOFException e) {
            if (unit == 0) throw e;
            return null;
        }
    }

    private void columns(Header header) {
        int width = header.getIntValue("NAXIS1");
        rows = header.getLongValue("NAXIS2");
        if (width < 0 || width > WIDEST || rows < 0)
            throw new DataException(
                    "%s: a table of %d rows of %d bytes; a row may have %d".formatted(file, rows, width, WIDEST));
        bytes = new byte[width];
        values = ByteBuffer.wrap(bytes);
        int at = 0;
        for (int n = 1; n <= header.getIntValue("TFIELDS"); n++) {
            var form = header.getStringValue("TFORM" + n, "").strip();
            int digits = 0;
            while (!ascii && digits < form.length() && Character.isDigit(form.charAt(digits))) digits++;
            int repeat = ascii
                    ? Integer.parseInt(form.substring(1).replaceFirst("\\..*", ""))
                    : digits == 0 ? 1 : Integer.parseInt(form.substring(0, digits));
            char type = form.charAt(ascii ? 0 : digits);
            if (ascii) at = header.getIntValue("TBCOL" + n) - 1;
            if (ascii || "ALBIJKED".indexOf(type) >= 0) fields.add(field(header, n, at, repeat, type));
            at = Math.addExact(at, size(type, repeat));
        }
        for (var field : fields)
            if (field.at < 0 || field.at + (long) size(ascii ? 'A' : field.type, field.repeat) > width)
                throw new DataException(
                        "%s: column %s ends behind the %d bytes of a row".formatted(file, field.name, width));
    }

    private static Field field(Header header, int n, int at, int repeat, char type) {
        var nulls = "TNULL" + n;
        return new Field(
                header.getStringValue("TTYPE" + n, "column_" + n).strip(),
                at,
                repeat,
                type,
                header.getDoubleValue("TSCAL" + n, 1),
                header.getDoubleValue("TZERO" + n, 0),
                header.containsKey(nulls),
                header.containsKey(nulls) ? header.findCard(nulls).getValue().strip() : "");
    }

    private static int size(char type, int repeat) {
        return switch (type) {
            case 'X' -> (repeat + 7) / 8;
            case 'I' -> Math.multiplyExact(2, repeat);
            case 'J', 'E' -> Math.multiplyExact(4, repeat);
            case 'K', 'D', 'C', 'P' -> Math.multiplyExact(8, repeat);
            case 'M', 'Q' -> Math.multiplyExact(16, repeat);
            default -> repeat;
        };
    }

    @Override
    public List<Column> columns() {
        return fields.stream().map(field -> Column.text(field.name)).toList();
    }

    @Override
    public List<String> next() {
        if (row == rows) return null;
        guarded(() -> {
            in.readFully(bytes);
            return null;
        });
        row++;
        var texts = new ArrayList<String>(fields.size());
        for (var field : fields) texts.add(ascii ? letters(field) : text(field));
        return texts;
    }

    private String text(Field field) {
        if (field.type == 'A') return string(field);
        if (field.repeat == 1) return value(field, field.at);
        var all = new StringJoiner(" ");
        for (int i = 0, step = size(field.type, 1); i < field.repeat; i++) all.add(value(field, field.at + i * step));
        return all.toString();
    }

    private String string(Field field) {
        int end = field.at;
        while (end < field.at + field.repeat && bytes[end] != 0) end++;
        var text = new String(bytes, field.at, end - field.at, StandardCharsets.UTF_8).strip();
        return field.hasNull && text.equals(field.blank) ? "" : text;
    }

    /** A column of an ASCII table: the text is there already; Fortran writes exponents with D. */
    private String letters(Field field) {
        var text = string(field);
        return "EFD".indexOf(field.type) >= 0 ? text.replace('D', 'E') : text;
    }

    private String value(Field field, int at) {
        return switch (field.type) {
            case 'L' -> bytes[at] == 'T' ? "true" : bytes[at] == 'F' ? "false" : "";
            case 'B' -> whole(field, bytes[at] & 255);
            case 'I' -> whole(field, values.getShort(at));
            case 'J' -> whole(field, values.getInt(at));
            case 'K' -> whole(field, values.getLong(at));
            case 'E' ->
                isPlain(field)
                        ? TableRows.text(values.getFloat(at))
                        : TableRows.text(field.zero + field.scale * values.getFloat(at));
            default -> TableRows.text(field.zero + field.scale * values.getDouble(at));
        };
    }

    private static boolean isPlain(Field field) {
        return field.scale == 1 && field.zero == 0;
    }

    private static String whole(Field field, long stored) {
        if (field.hasNull && field.blank.equals(Long.toString(stored))) return "";
        if (field.scale != 1 || field.zero != Math.rint(field.zero))
            return TableRows.text(field.zero + field.scale * stored);
        return field.zero == TWO_TO_63
                ? Long.toUnsignedString(stored ^ Long.MIN_VALUE)
                : Long.toString(stored + (long) field.zero);
    }

    @Override
    public long place() {
        return row;
    }

    @Override
    public void close() {
        guarded(() -> {
            fits.close();
            return null;
        });
    }
}
