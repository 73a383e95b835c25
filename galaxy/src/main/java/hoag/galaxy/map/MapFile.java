package hoag.galaxy.map;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.data.Csv;
import hoag.galaxy.image.Pdf;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Thumbnails;
import hoag.galaxy.survey.Survey;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * A map for people: the plane filled with pictures, as PNG or PDF, or a table of places and columns, as CSV, by the end of the name.
 *
 * @param grid cells side by side
 * @param cell side of a cell in pixels, 8..512
 * @param fill no gaps: order is kept, distances are not
 */
public record MapFile(int grid, int cell, boolean fill) {
    private static final long MOST_PIXELS = 1L << 28;

    /** @throws ConfigException when a value is out of its range */
    public MapFile {
        if (grid < 1 || grid > 1000) {
            throw new ConfigException("--grid " + grid + " is not allowed; it must be 1..1000 cells");
        }
        if (cell < 8 || cell > 512) {
            throw new ConfigException("--cell " + cell + " is not allowed; it must be 8..512 pixels");
        }
    }

    /** @throws ConfigException when the end of the name is none of .png, .pdf and .csv */
    public static Path check(Path out) {
        kind(out);
        return out;
    }

    private static String kind(Path out) {
        String name = out.getFileName().toString().toLowerCase(Locale.ROOT);
        for (String kind : List.of("png", "pdf", "csv")) {
            if (name.endsWith("." + kind)) {
                return kind;
            }
        }
        throw new ConfigException("--out " + out + ": want a name that ends in .png, .pdf (pictures) or .csv (table)");
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @throws DataException when it cannot be written, or pictures are wanted of a survey that has none
     */
    public void write(Survey survey, SurveyMap map, Path out) {
        switch (kind(out)) {
            case "png" -> Thumbnails.write(sheet(survey, map, out), out);
            case "pdf" -> Pdf.write(sheet(survey, map, out), out);
            default -> table(survey, map, out);
        }
    }

    private Picture sheet(Survey survey, SurveyMap map, Path out) {
        IntPredicate pictured = row -> survey.thumbnail(row).length > 0;
        MapGrid cells = fill ? MapGrid.filled(map.places(), pictured, grid) : MapGrid.of(map.places(), pictured, grid);
        if (cells.count() == 0) {
            throw new DataException(survey + ": has no thumbnails for " + out
                    + "; index the pictures themselves, not their representations");
        }
        if ((long) cells.across() * cell * cells.down() * cell > MOST_PIXELS) {
            throw new ConfigException("--grid " + grid + " of --cell " + cell + " is a picture of "
                    + (long) cells.across() * cell + " x " + (long) cells.down() * cell + " pixels; give smaller ones");
        }
        var sheet = new Picture.Bytes(cells.across() * cell, cells.down() * cell, 3);
        for (int i = 0; i < cells.shown().length; i++) {
            if (cells.shown()[i] >= 0) {
                int row = cells.shown()[i];
                Picture small = Thumbnails.decode(survey.id(row), survey.thumbnail(row));
                place(Thumbnails.of(small, cell), i % cells.across() * cell, i / cells.across() * cell, sheet);
            }
        }
        return sheet;
    }

    private void place(Picture.Bytes p, int left, int top, Picture.Bytes sheet) {
        int x0 = left + (cell - p.width()) / 2;
        int y0 = top + (cell - p.height()) / 2;
        for (int y = 0; y < p.height(); y++) {
            for (int x = 0; x < p.width(); x++) {
                for (int c = 0; c < 3; c++) {
                    sheet.values()[((y0 + y) * sheet.width() + x0 + x) * 3 + c] =
                            (byte) p.at(x, y, p.channels() == 3 ? c : 0);
                }
            }
        }
    }

    private static void table(Survey survey, SurveyMap map, Path out) {
        AtomicFile.write(out, to -> {
            List<String> header = new ArrayList<>(List.of("id", "x", "y"));
            map.columns().forEach(column -> header.add(column.name()));
            to.write(Csv.line(header).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            for (int row = 0; row < map.size(); row++) {
                List<String> fields = new ArrayList<>(List.of(survey.id(row), map.x(row) + "", map.y(row) + ""));
                for (Column column : map.columns()) {
                    fields.add(text(column, row));
                }
                to.write(Csv.line(fields).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        });
    }

    private static String text(Column column, int row) {
        if (column.labels()) {
            return row < column.size() ? column.label(row) + "" : "";
        }
        return Double.isNaN(column.value(row)) ? "" : (float) column.value(row) + "";
    }
}
