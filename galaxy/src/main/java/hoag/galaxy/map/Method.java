package hoag.galaxy.map;

/** How galaxies get a place in the plane. */
public enum Method {
    /** The first two principal components: in a moment, and distances mean what they do among the representations. */
    PCA;

    /** As the command line says it. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
