package hoag.galaxy.data;

/**
 * A column of a table, with what astronomers' formats can say of it.
 *
 * @param name all that CSV keeps
 * @param type what its fields are
 * @param unit of its numbers, as FITS and VOTable write it; empty for none
 * @param ucd its meaning in IVOA's words, for instance {@code stat.probability}; empty for none
 * @param about one line for people; may be empty
 */
public record Column(String name, Type type, String unit, String ucd, String about) {
    /** What fields are. */
    public enum Type {
        /** Letters of any length. */
        TEXT,
        /** Whole numbers of 64 bits. */
        WHOLE,
        /** Numbers of single precision. */
        FLOAT,
        /** Numbers of double precision. */
        DOUBLE
    }

    /** A column of text of which no more is known. */
    public static Column text(String name) {
        return new Column(name, Type.TEXT, "", "", "");
    }

    /** A column without unit. */
    public static Column of(String name, Type type, String ucd, String about) {
        return new Column(name, type, "", ucd, about);
    }
}
