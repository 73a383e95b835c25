package hoag.galaxy.data;

import hoag.kernels.DataException;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;
import nom.tam.fits.NullDataHDU;
import nom.tam.util.FitsOutputStream;

/** FITS tables, headers by nom.tam.fits, rows streamed: a catalogue of a hundred million rows needs the memory of one. */
final class FitsTables implements TableFormat {
    private static final int BLOCK = 2880;

    @Override
    public String name() {
        return "a FITS table";
    }

    @Override
    public List<String> endings() {
        return List.of(".fits", ".fit", ".fts");
    }

    @Override
    public boolean starts(byte[] head) {
        return new String(head, 0, Math.min(9, head.length), StandardCharsets.ISO_8859_1).equals("SIMPLE  =");
    }

    @Override
    public TableRows read(Path file) {
        return new FitsRows(file);
    }

    /**
     * One binary table behind an empty first unit; text in ASCII, a missing number as NaN or as the TNULL that the header names.
     *
     * @throws DataException when a text has characters that FITS has none for
     */
    @Override
    public void write(OutputStream out, List<Column> columns, Supplier<TableRows> rows) throws IOException {
        var widths = new int[columns.size()];
        long count = 0;
        try (var all = rows.get()) {
            for (var row = all.next(); row != null; row = all.next(), count++)
                for (int c = 0; c < widths.length; c++)
                    widths[c] = Math.max(
                            widths[c], ascii(columns.get(c), row.get(c)).length());
        }
        for (int c = 0; c < widths.length; c++) widths[c] = width(columns.get(c), widths[c]);
        long size = count * Arrays.stream(widths).sum();
        try (var all = rows.get()) {
            header(out, columns, widths, count);
            var data = new DataOutputStream(out);
            for (var row = all.next(); row != null; row = all.next())
                for (int c = 0; c < widths.length; c++) write(data, columns.get(c), widths[c], row.get(c));
            data.write(new byte[(int) Math.floorMod(-size, (long) BLOCK)]);
            data.flush();
        }
    }

    /** A question mark in its place would make two galaxies one. */
    private static String ascii(Column column, String text) {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text))
            throw new DataException(
                    "%s \"%s\" has characters outside ASCII, which a FITS table cannot hold; write .csv or .parquet"
                            .formatted(column.name(), text));
        return text;
    }

    private static int width(Column column, int longest) {
        return switch (column.type()) {
            case TEXT -> Math.max(1, longest);
            case FLOAT -> 4;
            case WHOLE, DOUBLE -> 8;
        };
    }

    private static String form(Column column, int width) {
        return switch (column.type()) {
            case TEXT -> width + "A";
            case WHOLE -> "K";
            case FLOAT -> "E";
            case DOUBLE -> "D";
        };
    }

    private static void header(OutputStream out, List<Column> columns, int[] widths, long rows) throws IOException {
        try {
            var to = new FitsOutputStream(out);
            new NullDataHDU().write(to);
            var header = new Header();
            header.addValue("XTENSION", "BINTABLE", "binary table");
            header.addValue("BITPIX", 8, "");
            header.addValue("NAXIS", 2, "");
            header.addValue("NAXIS1", Arrays.stream(widths).sum(), "bytes of a row");
            header.addValue("NAXIS2", rows, "rows");
            header.addValue("PCOUNT", 0, "");
            header.addValue("GCOUNT", 1, "");
            header.addValue("TFIELDS", columns.size(), "columns");
            for (int c = 0; c < widths.length; c++) describe(header, c + 1, columns.get(c), widths[c]);
            header.write(to);
            to.flush();
        } catch (FitsException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void describe(Header header, int n, Column column, int width) throws FitsException {
        header.addValue("TTYPE" + n, column.name(), null);
        header.addValue("TFORM" + n, form(column, width), null);
        if (!column.unit().isEmpty()) header.addValue("TUNIT" + n, column.unit(), null);
        if (!column.ucd().isEmpty()) header.addValue("TUCD" + n, column.ucd(), null);
        if (!column.about().isEmpty()) header.addValue("TCOMM" + n, column.about(), null);
        if (column.type() == Column.Type.WHOLE) header.addValue("TNULL" + n, Long.MIN_VALUE, null);
    }

    private static void write(DataOutputStream out, Column column, int width, String field) throws IOException {
        switch (column.type()) {
            case TEXT ->
                out.write(Arrays.copyOf(
                        field.getBytes(StandardCharsets.US_ASCII), width)); // padded with NUL, as the standard allows
            case WHOLE -> out.writeLong(field.isEmpty() ? Long.MIN_VALUE : Long.parseLong(field));
            case FLOAT -> out.writeFloat(field.isEmpty() ? Float.NaN : Float.parseFloat(field));
            case DOUBLE -> out.writeDouble(field.isEmpty() ? Double.NaN : Double.parseDouble(field));
        }
    }
}
