package hoag.galaxy.survey;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Row;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a catalogue says of galaxies, found by id: coordinates from the columns ra and dec (in degrees), everything else as text. */
public final class About {
    private static final List<String> RA = List.of("ra", "ra_deg", "raj2000", "right_ascension");
    private static final List<String> DEC = List.of("dec", "dec_deg", "dej2000", "decj2000", "declination");

    private final Map<String, Row> rows = new HashMap<>();
    private final List<String> columns;
    private final String ra;
    private final String dec;

    private About(Catalogue catalogue) {
        catalogue.rows().forEach(row -> rows.put(row.id(), row));
        String id = catalogue.columns().get(catalogue.header().id());
        columns = catalogue.columns().stream().filter(c -> !c.equals(id)).toList();
        ra = column(RA);
        dec = column(DEC);
    }

    private About() {
        columns = List.of();
        ra = null;
        dec = null;
    }

    /** Knows nothing. */
    public static About nothing() {
        return new About();
    }

    /** Knows the catalogue's galaxies. */
    public static About of(Catalogue catalogue) {
        return new About(catalogue);
    }

    private String column(List<String> names) {
        return columns.stream()
                .filter(column -> names.contains(column.toLowerCase(java.util.Locale.ROOT)))
                .findFirst()
                .orElse(null);
    }

    /** Whether the catalogue names it. */
    public boolean has(String id) {
        return rows.containsKey(id);
    }

    /**
     * A galaxy with what is known of it.
     *
     * @param features its representation
     * @param thumbnail a small JPEG, empty for none
     * @throws hoag.kernels.DataException when a coordinate is no number, or a feature is not finite
     */
    public Entry entry(String id, float[] features, byte[] thumbnail) {
        Row row = rows.get(id);
        if (row == null) {
            return new Entry(id, Double.NaN, Double.NaN, Map.of(), features, thumbnail);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String column : columns) {
            if (!column.equals(ra) && !column.equals(dec) && !row.isBlank(column)) {
                fields.put(column, row.text(column));
            }
        }
        return new Entry(id, number(row, ra), number(row, dec), fields, features, thumbnail);
    }

    private static double number(Row row, String column) {
        return column == null || row.isBlank(column) ? Double.NaN : row.number(column);
    }
}
